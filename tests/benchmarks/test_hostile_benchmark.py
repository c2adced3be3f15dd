"""The hostile texts of the benchmark are as long as asked, and growth is measured below the cap and across it."""

import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from types import MappingProxyType

import pytest

from benchmarks import __main__ as command
from benchmarks.hostile import ACROSS_BYTES, HALF, MOST, TEXTS, WHOLE, characters, faults, growth, milliseconds
from bot.extraction import CAP_BYTES


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("size", [10, HALF, WHOLE, 1_000_000])
def test_a_hostile_text_has_the_length_that_was_asked_for(name: str, size: int) -> None:
    assert len(TEXTS[name](size)) == size


def test_the_longer_text_is_twice_the_shorter_one_and_below_the_cap() -> None:
    assert WHOLE == 2 * HALF
    assert WHOLE < CAP_BYTES


@pytest.mark.parametrize("name", TEXTS)
def test_across_the_cap_the_shorter_text_is_read_whole_and_the_longer_one_is_cut(name: str) -> None:
    size = characters(TEXTS[name], ACROSS_BYTES)
    once, twice = (len(TEXTS[name](length).encode("utf-8", "surrogatepass")) for length in (size, 2 * size))
    assert once < CAP_BYTES < twice


@pytest.mark.parametrize(("power", "is_slow"), [(1, False), (2, True)])
def test_growth_with_the_square_is_told_of(power: int, is_slow: bool) -> None:
    assert (growth(lambda text: len(text) ** power, TEXTS["letters"], 100) > MOST) is is_slow


def test_a_machine_that_was_busy_once_makes_no_text_slow() -> None:
    spent = iter([9.0, 1.0, 2.0, 1.0])
    assert growth(lambda _: next(spent), TEXTS["letters"], 100) == 2.0


def measured(texts: Sequence[str] = (), patterns: Mapping[str, object] = MappingProxyType({})) -> dict[str, object]:
    return {"slower_than_linear": list(texts), "patterns": {"slower_than_linear": dict(patterns)}}


def test_slow_texts_and_patterns_are_faults() -> None:
    assert faults(measured()) == []
    assert ["braces" in fault for fault in faults(measured(["braces"]))] == [True]
    assert ["a._B" in fault and "'x'" in fault for fault in faults(measured(patterns={"a._B": {"x": 4.0}}))] == [True]


@pytest.mark.parametrize("slow", [[], ["braces"]])
def test_the_command_fails_at_a_fault_and_prints_its_figures_all_the_same(
    slow: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(command.BENCHMARKS, "hostile", lambda _: measured(slow))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "hostile"])
    with pytest.raises(SystemExit) if slow else nullcontext():
        command.main()
    assert json.loads(capsys.readouterr().out)["hostile"]["slower_than_linear"] == slow


def test_the_fastest_run_counts() -> None:
    turns = itertools.count()

    def work() -> None:
        if next(turns) != 1:
            sum(range(200_000))

    slow = milliseconds(lambda: sum(range(200_000)))
    assert milliseconds(work) < slow
