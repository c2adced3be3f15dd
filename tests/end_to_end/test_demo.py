"""`heron demo`: what it plays through Discord's protocol is what `heron replay` says, and a newcomer can follow it."""

import json
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo import play
from bot.demo.explain import explanation_of
from bot.lines import ThreadLine, read_threads, thread_json
from bot.playground.page import Mark
from bot.replay import replay
from bot.screenshots.reader import can_read
from bot.settings import Settings
from bot.shipped import shipped_folder
from tests.end_to_end.house import CHATTER, DIM, WICK
from tests.tiny_knowledge import tiny, write_tiny_templates

ROOT = Path(__file__).parents[2]
SEED = shipped_folder("templates") / "demo" / "seed.jsonl"


def says(text: str, by: str = "asker", **more: object) -> dict[str, object]:
    return {"type": "message", "by": by, "text": text, **more}


def presses(target: str, by: str = "asker") -> dict[str, object]:
    return {"type": "button", "by": by, "target": target}


CONVERSATIONS: dict[str, list[dict[str, object]]] = {
    "solved": [says(DIM), says("it works now, thanks")],
    "stuck": [says(DIM), says("that did not help"), says("still did not help")],
    "a question and its answer": [
        says("my lamp gives a 503, please help"),
        {"type": "wait", "seconds": 3600},
        says(DIM),
    ],
    "edited until nothing is left": [
        says("hello"),
        says(DIM),
        {"type": "edit", "target": 1, "text": WICK},
        {"type": "edit", "target": 1, "text": CHATTER},
    ],
    "deleted": [says(CHATTER), says(DIM), {"type": "delete", "target": 1}, says(WICK)],
    "the opener is deleted": [says(DIM), {"type": "delete", "target": 0}, says(WICK)],
    "muted": [says(CHATTER), says("!mute"), says(DIM), says("!unmute"), says(WICK)],
    "staff comes": [says("my lamp gives a 503"), says("I take this", "staff"), says(DIM)],
    "somebody helps": [says("my lamp gives a 503"), says("did you try another lamp there?", "other"), says(DIM)],
    "a leaked key": [says("my key is lk-0123456789abcdef0123456789, and " + DIM)],
    "for people": [
        says("status 410, my lamp is gone"),
        says("please refund the oil that I bought, can I get my money back"),
    ],
    "pictures": [
        says("it does not work", attachments=["screen.png"]),
        says("", attachments=["other.png", "third.png"]),
    ],
    "a draft, sent by the demo's moderator": [says("please refund the oil that I bought"), says("did not help")],
    "Chinese": [says("灯一直不亮，报错 " + DIM)],
    "pressed: solved": [says(DIM), presses("solved")],
    "pressed: stuck until people have it": [says(DIM), presses("not_solved"), presses("not_solved")],
    "pressed: a person, by staff": [says(DIM), presses("moderator", "staff")],
    "pressed: not my problem": [says(DIM), presses("dismiss"), says(WICK)],
    "pressed: quiet": [says(DIM), presses("mute"), says(WICK)],
    "pressed: a choice": [says("my lamp gives a 503, please help"), presses("choose:wick-limit")],
    "pressed where nothing is": [says(CHATTER), presses("solved"), presses("dismiss")],
    "pressed twice": [says(DIM), presses("solved"), presses("solved")],
    "stuck, says somebody else": [says(DIM), presses("not_solved", "other")],
    "a day without a word": [says(DIM), {"type": "wait", "seconds": 90000}, {"type": "wait", "seconds": 90000}],
    "pressed by somebody else": [says(DIM), presses("solved", "other"), presses("solved")],
}


def thread(events: list[dict[str, object]], **more: object) -> ThreadLine:
    return ThreadLine.model_validate({"id": "t", "title": "The lamp", "events": events, **more})


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)  # the demo keeps what it learnt under var/
    return Settings(TEMPLATES_DIR=write_tiny_templates(tmp_path))


def test_every_conversation_is_decided_as_in_replay_and_posted_in_the_same_words(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    threads = [thread(events, id=name) for name, events in CONVERSATIONS.items()]
    assert play(threads, settings, exit_after=True, as_json=True, port=0) == 0
    played = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ready = tiny()
    view = replace(ready.view, reads_pictures=can_read())
    for line, through_discord in zip(threads, played, strict=True):
        decided = [(p.decision, p.state, p.message, p.cards) for p in replay(line, view, ready.templates)]
        assert through_discord == thread_json(line, decided), line.id


def test_drafts_are_sent_even_when_the_moderators_channel_has_no_room_for_more_cards(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    threads = [thread([says("please refund the oil that I bought")], id=number) for number in range(9)]
    assert play(threads, settings, exit_after=True, as_json=True, port=0) == 0
    played = [json.loads(line)["decisions"][0] for line in capsys.readouterr().out.splitlines()]
    assert [(one["message"] or "")[:23] for one in played] == ["**Lantern support decid"] * 9
    assert {one["state"] for one in played} == {"waiting_for_asker"}


def test_the_two_commands_print_the_same_for_the_seed_thread() -> None:
    def heron(*arguments: str) -> str:
        command = (sys.executable, "-m", "bot", *arguments)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    played = heron("demo", "--thread", str(SEED), "--exit", "--json")
    assert played == heron("replay", "--json", str(SEED))
    assert len(json.loads(played)["decisions"]) == 3


def test_a_newcomer_sees_who_says_what_why_and_how_to_go_on(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [says(DIM), says(WICK, attachments=["screen.png"]), {"type": "delete", "target": 1}, says("!mute")]
    assert play([thread(events)], settings, exit_after=True, as_json=False, port=0) == 0
    shown = capsys.readouterr().out
    for piece in (
        "# help › The lamp",
        "Asker\n  {",
        "→ answer: sure of upstream-dim on exact evidence",
        "Heron  APP \n  The provider refused the request. Your error says:",
        "oil (https://lantern.example.com/oil)",
        "[ Solved ] [ Still stuck ] [ Ask a person ]",
        "tag of the thread: 💬 Answered",
        "📎 screen.png",
        "the buttons of an earlier message are gone",
        "Heron  APP  loses a message: Lantern refused: your wick",
        "Heron  APP  reacts with 🔇",
        "4 events played; Heron posted 2 messages, took back 1.",
        "heron demo --thread FILE.jsonl",
    ):
        assert piece in shown, piece
    assert "**" not in shown


def test_a_newcomer_sees_presses_and_what_is_said_in_private(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play([thread([says(DIM), presses("mute")])], settings, exit_after=True, as_json=False, port=0) == 0
    shown = capsys.readouterr().out
    pieces = (
        "Asker presses [ Still stuck ]",
        "Heron  APP  to Asker alone\n  What is it?",
        "Asker presses [ Stop replying here ]",
        "→ silent: muted by button",
        "Heron  APP  to Asker alone\n  Quiet in this thread from now on.",
    )
    places = [shown.find(piece) for piece in pieces]
    assert places == sorted(places)
    assert places[0] > 0


@pytest.mark.parametrize(
    ("events", "complaint"),
    [
        ([], "event 0: a thread on Discord opens with a message of its asker"),
        ([says(DIM, "staff")], "event 0: a thread on Discord opens"),
        ([{"type": "wait", "seconds": 1}, says(DIM)], "event 0: a thread on Discord opens"),
        (
            [says(DIM), {"type": "delete", "target": 0}, {"type": "edit", "target": 0, "text": "x"}],
            "event 2: target 0 was deleted before",
        ),
    ],
)
def test_what_cannot_happen_is_refused_before_anything_is_played(
    settings: Settings, capsys: pytest.CaptureFixture[str], events: list[dict[str, object]], complaint: str
) -> None:
    assert play([thread([says(DIM)]), thread(events)], settings, exit_after=True, as_json=True, port=0) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert complaint in errors


def test_a_port_that_is_taken_is_named(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert play([thread([says(DIM)])], settings, exit_after=True, as_json=False, port=port) == 2
    assert "already in use; choose another port, or 0" in capsys.readouterr().err


def test_samples_that_cannot_be_read_are_named_by_line(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    file = settings.templates_dir / "demo" / "samples.jsonl"
    file.parent.mkdir()
    file.write_text('{"title": "a", "text": "b"}\n{"title": "a"}\n', "utf-8")
    assert play([thread([says(DIM)])], settings, exit_after=True, as_json=False, port=0) == 2
    assert f"{file}:2: not a sample" in capsys.readouterr().err


def test_the_page_learns_what_was_read_and_why(settings: Settings) -> None:  # noqa: ARG001
    ready = tiny()
    (line,) = read_threads(json.dumps({"id": 1, "title": "t", "events": [says("glow/lamp-1 says " + DIM)]}), "test")
    (played,) = replay(line, ready.view, ready.templates)
    why = explanation_of(played.decision)
    assert (why.actions, why.ranking[0].name) == ("answer", "upstream-dim")
    assert "upstream is dim" in why.ranking[0].note
    at = why.text.index("glow/lamp-1")
    assert Mark(start=at, end=at + len("glow/lamp-1"), label="model") in why.marks
