"""`heron db forget`, as an operator types it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.storage.migrate import upgrade
from tests.tiny_knowledge import write_tiny_templates

SOMEBODY = 700_000_000_000_000_009


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which somebody opened one thread."""
    file = tmp_path / "heron.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    monkeypatch.setenv("TEMPLATES_DIR", str(write_tiny_templates(tmp_path)))
    upgrade(f"sqlite+aiosqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO cases"
            " (thread_id, guild_id, asker_id, opened_at, language, is_muted, wants_person, warned, known, version)"
            " VALUES (1, 2, ?, '2026-11-24 12:00:00', 'en', 0, 0, '[]', '{}', 1)",
            [SOMEBODY],
        )
    return file


def askers(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT asker_id FROM cases")]


def test_it_says_what_was_deleted_and_that_backups_keep_it(database: Path) -> None:
    done = CliRunner().invoke(app, ["db", "forget", str(SOMEBODY)])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("deleted: threads 1, messages 0; a backup keeps them")
    assert askers(database) == [0]


def test_a_running_heron_is_told(database: Path) -> None:
    CliRunner().invoke(app, ["db", "forget", str(SOMEBODY)])
    with closing(sqlite3.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM remembered")]
    assert names == ["changed elsewhere"]


@pytest.mark.parametrize("given", ["somebody", "0", "-5"])
def test_what_is_no_id_deletes_nothing(database: Path, given: str) -> None:
    assert CliRunner().invoke(app, ["db", "forget", "--", given]).exit_code == 2
    assert askers(database) == [SOMEBODY]
