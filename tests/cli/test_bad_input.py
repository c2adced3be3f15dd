"""Unusable input: exit status 2, an error that names place, key and cure, and nothing half-written."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Heron, lines
from tests.tiny_knowledge import write_tiny_templates

GOOD = '{"id": 1, "text": "503 upstream is dim"}'
MESSAGE = {"type": "message", "text": "x"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", ["not JSON", "one object a line"]),
        ('{"id": 1, "text": "cut', ["not JSON", "one object a line"]),
        ("[1, 2]", ["object", "braces"]),
        ('"text"', ["object", "braces"]),
        ("null", ["object", "braces"]),
        ('{"text": "x"}', ["id: ", "add it"]),
        ('{"id": null, "text": "x"}', ["id: ", "in quotes"]),
        ('{"id": {"a": 1}, "text": "x"}', ["id: ", "in quotes"]),
        ('{"id": 1, "text": 7}', ["text: ", "in quotes"]),
        ('{"id": 1, "title": ["x"]}', ["title: ", "in quotes"]),
        ('{"id": 1, "attachments": "a.png"}', ["attachments: ", "square brackets"]),
        ('{"id": 1, "attachments": [1]}', ["attachments.0: ", "in quotes"]),
        ('{"id": ' + "[" * 100_000, ["nested too deeply"]),
        ('{"id": ' + "9" * 5000 + "}", ["too long", "in quotes"]),
    ],
)
def test_a_bad_post_is_named_by_line_key_and_cure(heron: Heron, line: str, said: list[str]) -> None:
    ran = heron("diagnose", "-", "--json", given=f"{GOOD}\n\n{line}\n{GOOD}\n")
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("standard input:3: ")
    for words in said:
        assert words in ran.err
    assert len(ran.err) < 400
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("thread", "said"),
    [
        ({"id": 1}, ["events: ", "add it"]),
        ({"id": 1, "events": 7}, ["events: ", "square brackets"]),
        ({"id": 1, "events": [7]}, ["events.0: ", "braces"]),
        ({"id": 1, "events": [{"text": "x"}]}, ["events.0.type: ", "add it"]),
        (
            {"id": 1, "events": [{"type": "fly"}]},
            ["events.0.type: ", "'message', 'edit', 'delete', 'button' or 'wait'"],
        ),
        ({"id": 1, "events": [{**MESSAGE, "by": "bot"}]}, ["events.0.by: ", "'asker', 'staff' or 'other'"]),
        ({"id": 1, "events": [{"type": "wait", "seconds": "soon"}]}, ["events.0.seconds: ", "write a number"]),
        ({"id": 1, "events": [{"type": "wait", "seconds": -1}]}, ["events.0.seconds: ", "0 or more"]),
        ({"id": 1, "events": [{"type": "wait", "seconds": 1e300}]}, ["events.0.seconds: ", "a year"]),
        ({"id": 1, "events": [MESSAGE, {"type": "edit", "text": "y"}]}, ["events.1: ", "needs `target`"]),
        ({"id": 1, "events": [MESSAGE, {"type": "edit", "target": "0"}]}, ["events.1: ", "needs `target`"]),
        ({"id": 1, "events": [MESSAGE, {"type": "delete", "target": 1}]}, ["event 1: ", "no earlier message"]),
        ({"id": 1, "events": [MESSAGE, {"type": "delete", "target": -1}]}, ["event 1: ", "no earlier message"]),
        ({"id": 1, "events": [{"type": "wait"}, {"type": "delete", "target": 0}]}, ["event 1: ", "no earlier message"]),
        ({"id": 1, "events": [{"type": "button"}]}, ["events.0: ", "not_solved"]),
        ({"id": 1, "events": [{"type": "button", "target": 7}]}, ["events.0: ", "not_solved"]),
        ({"id": 1, "events": [{"type": "button", "target": "explode"}]}, ["events.0: ", "choose:<article"]),
        ({"id": 1, "events": [{"type": "button", "target": "choose:"}]}, ["events.0: ", "choose:<article"]),
        ({"id": 1, "events": [{"type": "button", "target": "solved:x"}]}, ["events.0: ", "choose:<article"]),
    ],
)
def test_a_bad_thread_is_named_by_line_key_and_cure(heron: Heron, thread: object, said: list[str]) -> None:
    ran = heron("replay", "-", "--json", given=lines({"id": 0, "events": []}, thread))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("standard input:2: ")
    for words in said:
        assert words in ran.err


def test_the_file_is_named_as_it_was_given(heron: Heron, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(f"{GOOD}\nbroken\n", "utf-8")
    ran = heron("diagnose", str(path))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"{path}:2: ")


@pytest.mark.parametrize("command", ["diagnose", "replay"])
def test_a_file_that_is_not_there_is_named_with_the_cure(heron: Heron, command: str, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.jsonl", tmp_path):
        ran = heron(command, str(path), "--json")
        assert (ran.status, ran.out) == (2, "")
        assert str(path) in ran.err
        assert "name a file of JSON lines" in ran.err


@pytest.mark.parametrize("command", ["diagnose", "replay"])
@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "12:00", ""])
def test_a_time_that_is_none_is_named_with_the_cure(heron: Heron, command: str, at: str) -> None:
    ran = heron(command, "-", "--json", "--at", at, given="")
    assert (ran.status, ran.out) == (2, "")
    assert "--at" in ran.err
    assert "2026-11-24T12:00:00Z" in ran.err


def test_an_unknown_option_is_refused(heron: Heron) -> None:
    ran = heron("diagnose", "--yaml")
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("articles/upstream-dim.md", "title: the", "titel: the", ["articles/upstream-dim.md:", "titel"]),
        ("articles/upstream-dim.md", "All lamps", "# All lamps", ["articles/upstream-dim.md:", "heading"]),
        ("facts.yaml", "oil_per_day: {value", "oil_per_day: {valeu", ["facts.yaml:", "oil_per_day"]),
        ("community.yaml", "service: {name", "service: {nam", ["community.yaml:", "service"]),
        (
            "articles/lost-lamp.md",
            "Choose another",
            "Choose {{ another",
            ["articles/lost-lamp.md:15", "broken template"],
        ),
        ("articles/lost-lamp.md", "Choose another", "Choose {{ facts.x }}", ["articles/lost-lamp.md:15", "facts.x"]),
        ("messages/answers/footer.md", "-# ", "-# {{ oops }} ", ["messages/answers/footer.md:1", "oops"]),
    ],
)
def test_broken_templates_are_named_by_file_and_line_before_anything_is_answered(
    heron: Heron, tmp_path: Path, file: str, old: str, new: str, said: list[str]
) -> None:
    templates = write_tiny_templates(tmp_path)
    text = (templates / file).read_text("utf-8")
    assert old in text
    (templates / file).write_text(text.replace(old, new, 1), "utf-8")
    ran = heron("diagnose", "-", "--json", given=GOOD, env={"TEMPLATES_DIR": str(templates)})
    assert (ran.status, ran.out) == (2, "")
    for words in said:
        assert words in ran.err
    assert "(" in ran.err, "no cure"


def test_a_templates_folder_that_is_not_there_is_named(heron: Heron, tmp_path: Path) -> None:
    ran = heron("diagnose", "-", given=GOOD, env={"TEMPLATES_DIR": str(tmp_path / "nowhere")})
    assert (ran.status, ran.out) == (2, "")
    assert "TEMPLATES_DIR" in ran.err


def test_templates_without_a_file_that_is_needed_are_named(heron: Heron, tmp_path: Path) -> None:
    templates = write_tiny_templates(tmp_path)
    (templates / "community.yaml").unlink()
    shutil.rmtree(templates / "vocabulary")
    ran = heron("diagnose", "-", given=GOOD, env={"TEMPLATES_DIR": str(templates)})
    assert (ran.status, ran.out) == (2, "")
    assert "community.yaml" in ran.err
