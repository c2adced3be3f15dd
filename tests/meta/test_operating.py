"""docs/operating.md: the unit starts what exists, the statuses are the program's, and the first post is answered."""

import json
import re
from configparser import RawConfigParser
from pathlib import Path

from bot.app.run import HELD
from bot.app.supervise import REFUSED, STOPPED, UNUSABLE
from bot.lines import PostLine
from bot.replay import diagnose
from bot.triage.plans import Action
from tests.meta.test_docs import heron
from tests.shipped_knowledge import shipped

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")


def unit() -> RawConfigParser:
    block = re.search(r"^ {4}\[Unit\]\n(?:(?: {4}.*)?\n)+", PAGE, re.MULTILINE)
    assert block is not None
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys have capitals
    parser.read_string(re.sub(r"^ {4}", "", block[0], flags=re.MULTILINE))
    return parser


def test_the_unit_starts_a_command_that_is_there_in_the_folder_that_it_names() -> None:
    service = unit()["Service"]
    program, *arguments = service["ExecStart"].split()
    assert program == f"{service['WorkingDirectory']}/.venv/bin/heron"
    assert heron(*arguments, "--help").returncode == 0


def test_the_unit_may_write_where_heron_writes_and_the_page_makes_that_folder() -> None:
    service = unit()["Service"]
    assert service["ReadWritePaths"] == f"{service['WorkingDirectory']}/var"
    assert service["ProtectSystem"] == "strict"
    made = rf"install -d -o {service['User']} .*{re.escape(service['ReadWritePaths'])}$"
    assert re.search(made, PAGE, re.MULTILINE)  # systemd starts nothing whose writable folder is missing


def test_the_statuses_of_page_and_unit_are_the_programs() -> None:
    rows = {int(status) for status in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    assert rows == {STOPPED, UNUSABLE, HELD, REFUSED}
    never_again = {int(status) for status in unit()["Service"]["RestartPreventExitStatus"].split()}
    assert never_again == rows - {STOPPED}


def test_the_post_that_a_newcomer_is_told_to_write_is_answered() -> None:
    step = PAGE.partition("**Try it.**")[2].partition("\n## ")[0]
    text = re.search(r"says `([^`]+)`", step)
    assert text is not None
    played = diagnose(PostLine(id=1, title="help", text=text[1]), shipped().view, shipped().templates)
    assert played.decision.actions == (Action.ANSWER,), json.dumps(played.decision.reason)
