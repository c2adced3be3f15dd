"""Who gets to see the token and what is made of it: no process that does not need it, no command line, no database."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.app import reload
from bot.app.mind import salt_of
from bot.cli import app
from bot.extraction.masking import mask
from bot.settings import VARIABLES
from bot.triage.reading import digest
from tests.shipped_knowledge import shipped

KEY = "sk-or-v1-FAKE" + "ab12" * 15
TELLS = "import json, os, sys; print(json.dumps({'hash': ' '.join(sorted(os.environ))}))"


@pytest.fixture
def everything_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "PGPASSWORD", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "FAKE")


@pytest.mark.usefixtures("everything_set")
async def test_templates_are_tried_without_token_database_or_any_other_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real call, with a program in Python's place that says what it sees."""
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{TELLS}"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    answer = await reload._examined(tmp_path, tmp_path, date(2026, 11, 24))
    seen = set(answer.hash.split())
    assert "PYTHONPATH" in seen
    assert seen & {*VARIABLES, "PGPASSWORD", "AWS_SECRET_ACCESS_KEY"} == set()


def test_fingerprints_and_digests_are_worth_nothing_without_the_token() -> None:
    """Whoever has the database and a list of guesses has to have the token as well."""
    vocabulary, (ours, theirs) = shipped().view.knowledge.vocabulary, map(salt_of, ("FAKE-token-a", "FAKE-token-b"))
    prints = [mask(KEY, vocabulary, salt=salt).secrets[0].fingerprint for salt in (ours, theirs, b"")]
    digests = [digest("a short text", salt) for salt in (ours, theirs, b"")]
    assert len(set(prints)) == len(set(digests)) == 3
    assert ours == salt_of("FAKE-token-a")
    assert b"FAKE-token-a" not in ours


def parameters(command: Any) -> Iterator[str]:
    """Of a command and of all below it; Typer brings a Click of its own, whose classes are not public."""
    for parameter in command.params:
        yield from (parameter.name or "", *parameter.opts)
    for below in getattr(command, "commands", {}).values():
        yield from parameters(below)


def test_no_command_takes_a_token_or_a_password_on_its_line() -> None:
    """What stands on a command line is seen by everybody who lists processes."""
    taken = {name.lower() for name in parameters(typer.main.get_command(app))}
    assert "--shards" in taken
    assert [name for name in taken if any(secret in name for secret in ("token", "password", "secret"))] == []
