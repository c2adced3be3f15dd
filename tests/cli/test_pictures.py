"""`heron diagnose` and `heron replay` read pictures and text files that are given as paths."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.screenshots.reader import can_read
from bot.shipped import shipped_folder
from tests.cli.conftest import Heron

needs_reader = pytest.mark.skipif(not can_read(), reason="the extra for reading pictures is not installed")
LINES = ('{"error": {"message": "upstream is dim,', 'wait 5 seconds", "code": 503}}')
#: What the shipped community's service prints.
CREDITS_LINES = (
    'API Error: 402 {"error":{"message":"Insufficient credits.',
    "Add more using https://openrouter.ai/settings/credits",
    '","code":402}}',
)


def drawn(lines: Sequence[str], path: Path) -> Path:
    screen = Image.new("RGB", (900, 40 + 50 * len(lines)), "#1e1e1e")
    font = ImageFont.load_default(size=24)
    for number, line in enumerate(lines):
        ImageDraw.Draw(screen).text((20, 20 + 50 * number), line, font=font, fill="#f0f0f0")
    screen.save(path)
    return path


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(LINES, tmp_path_factory.mktemp("pictures") / "screen.png")


def post(*attachments: object) -> str:
    return json.dumps({"id": 1, "title": "hello", "text": "see picture", "attachments": list(map(str, attachments))})


@needs_reader
def test_diagnose_answers_what_a_picture_shows(heron: Heron, picture: Path) -> None:
    ran = heron("diagnose", "-", "--json", given=post(picture))
    (row,) = ran.rows
    assert row["entities"]["status_codes"] == [503]
    assert row["articles"][0]["id"] == "upstream-dim"
    assert row["action"] == "answer"
    assert "Your screenshot says:" in row["message"]


@needs_reader
@pytest.mark.usefixtures("has_learnt")
def test_the_shipped_knowledge_answers_what_a_picture_shows(
    heron: Heron, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = post(drawn(CREDITS_LINES, tmp_path / "credits.png"))
    ran = heron("diagnose", "-", "--json", given=given, env={"TEMPLATES_DIR": str(shipped_folder("templates"))})
    (row,) = ran.rows
    assert row["entities"]["status_codes"] == [402]
    assert (row["action"], row["articles"][0]["id"]) == ("answer", "credits-insufficient")
    assert "Your screenshot says:" in row["message"]


@needs_reader
def test_replay_reads_the_pictures_of_every_event(heron: Heron, picture: Path) -> None:
    events = [{"type": "message", "text": "my lamp is odd, help"}, {"type": "message", "attachments": [str(picture)]}]
    ran = heron("replay", "-", "--json", given=json.dumps({"id": 1, "title": "my lamp", "events": events}))
    actions = [decision["action"] for decision in ran.rows[0]["decisions"]]
    assert actions[-1] == "answer"


def test_a_picture_that_is_not_there_is_told_and_the_post_judged_without_it(heron: Heron, tmp_path: Path) -> None:
    missing = tmp_path / "missing.png"
    ran = heron("diagnose", "-", "--json", given=post(missing))
    assert ran.status == 0
    assert f"{missing}: no such file; judged without it" in ran.err
    assert len(ran.rows) == 1


@needs_reader
def test_a_file_that_is_no_picture_breaks_nothing(heron: Heron, tmp_path: Path) -> None:
    odd = tmp_path / "odd.png"
    odd.write_bytes(b"not a picture")
    ran = heron("diagnose", "-", "--json", given=post(odd))
    assert (ran.status, len(ran.rows)) == (0, 1)


def test_without_the_reader_one_honest_sentence_is_said(
    heron: Heron, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.screenshots.reader.can_read", lambda: False)
    line = json.dumps({"id": 1, "title": "hello", "text": "what is this", "attachments": [str(picture)]})
    (row,) = heron("diagnose", "-", "--json", given=line).rows
    assert row["action"] == "ask"
    assert row["message"].startswith("I can't read pictures here")
    assert "?" not in row["message"]


def test_diagnose_and_replay_answer_what_a_log_holds(heron: Heron, tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text("\n".join(["starting", "".join(LINES), "done"]))
    (row,) = heron("diagnose", "-", "--json", given=post(log)).rows
    assert row["entities"]["status_codes"] == [503]
    assert (row["action"], row["articles"][0]["id"]) == ("answer", "upstream-dim")
    assert "Your file says:" in row["message"]
    events = [{"type": "message", "text": "my lamp is odd, help"}, {"type": "message", "attachments": [str(log)]}]
    (row,) = heron("replay", "-", "--json", given=json.dumps({"id": 1, "title": "my lamp", "events": events})).rows
    assert row["decisions"][-1]["action"] == "answer"
