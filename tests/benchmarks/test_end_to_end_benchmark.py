"""The arithmetic of the long benchmarks, the floor against a real playground, and the command that runs them."""

import sys
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from benchmarks.__main__ import BENCHMARKS, ONLY_BY_NAME, main
from benchmarks.end_to_end import RATES, Stopwatch, above_the_floor, percentiles
from benchmarks.floor import TEXT, floor
from benchmarks.picture import draw
from bot.playground import Playground

README = Path(__file__).parents[2] / "benchmarks" / "README.md"


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([n / 1000 for n in range(101)]) == {"p50_ms": 50.0, "p95_ms": 95.0, "p99_ms": 99.0}


def rows(p95_ms: float) -> dict[str, object]:
    return {f"{rate}_a_second": {"p95_ms": p95_ms} for rate, _ in RATES}


def test_a_subject_is_held_against_the_floor_of_the_same_rate() -> None:
    found = above_the_floor({"floor": rows(10.0), "sqlite": rows(35.0), "postgresql": {"skipped": "none here"}})
    assert found["sqlite_20_a_second"] == {"p95_more_ms": 25.0, "p95_ratio": 3.5}
    assert not [name for name in found if name.startswith("postgresql")]


async def test_the_floor_answers_each_new_post_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with Playground() as playground, floor(playground):
        watch = Stopwatch(playground)
        thread = playground.control.create_post("The lamp", "It is dim.")
        watch.asked(thread.id, 0.0)
        assert len(await watch.all_answered()) == 1
        assert [message.content for message in playground.control.answers(thread)] == [TEXT]


def test_a_picture_is_drawn_of_whatever_was_measured(tmp_path: Path) -> None:
    quality = {"right": 0.9, "answer_precision": 0.9, "coverage": None, "answers_out_of_scope": 0.1}
    report = {
        "end_to_end": {"floor": rows(8.0), "postgresql": {"skipped": "none here"}, "above_the_floor": {}},
        "recognition": {"posts": 160, "heron": quality, "mini_lm_linear": {"skipped": "none here"}},
    }
    for number, given in enumerate([report, {}]):
        draw(given, tmp_path / f"{number}.png")
        assert (tmp_path / f"{number}.png").read_bytes().startswith(b"\x89PNG")


def test_a_benchmark_that_nobody_knows_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "bursts"])
    with pytest.raises(SystemExit):
        main()
    assert "no such benchmark: bursts" in capsys.readouterr().err


def test_the_readme_explains_every_benchmark() -> None:
    text = README.read_text("utf-8")
    assert [name for name in BENCHMARKS if f"| `{name}` |" not in text] == []
    assert BENCHMARKS.keys() >= ONLY_BY_NAME
