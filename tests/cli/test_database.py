"""`heron db`, `heron pause` and `heron resume`, as an operator types them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.helpdesk.ports import GuildSettings
from bot.posts import ChannelId, GuildId
from bot.storage.engine import create_engine
from bot.storage.guilds import SqlGuilds
from tests.cli.conftest import Heron, Ran
from tests.databases import apart, execute, rows_of

OnDatabase = Callable[..., Ran]

FIRST, SECOND = GuildId(1), GuildId(2)


@pytest.fixture
def on_database(heron: Heron, database_url: str) -> OnDatabase:
    """Runs a command on a migrated database with two servers in it."""

    async def fill() -> None:
        engine = create_engine(database_url)
        for guild_id in (FIRST, SECOND):
            await SqlGuilds(engine).fill(
                GuildSettings(
                    guild_id=guild_id,
                    forum_ids=(ChannelId(20),),
                    moderator_role_ids=(),
                    helper_role_ids=(),
                    moderator_channel_id=None,
                )
            )
        await engine.dispose()

    apart(fill())
    return partial(heron, env={"DATABASE_URL": database_url})


def paused(database_url: str) -> set[object]:
    rows = apart(rows_of(database_url, "SELECT guild_id FROM guild_settings WHERE paused_at IS NOT NULL"))
    return {row["guild_id"] for row in rows}


def test_a_pause_of_all_servers_and_its_end(on_database: OnDatabase, database_url: str) -> None:
    ran = on_database("pause")
    assert (ran.status, ran.out) == (0, "2 servers are paused, 2 changed\n")
    assert paused(database_url) == {FIRST, SECOND}
    ran = on_database("resume")
    assert (ran.status, ran.out) == (0, "2 servers are served, 2 changed\n")
    assert paused(database_url) == set()


def test_a_pause_of_one_server(on_database: OnDatabase, database_url: str) -> None:
    assert on_database("pause", "--guild", "2").out == "1 server is paused, 1 changed\n"
    assert paused(database_url) == {SECOND}
    assert on_database("pause", "--guild", "2").out == "1 server is paused, 0 changed\n"


def test_a_server_that_is_not_there_cannot_be_paused(on_database: OnDatabase) -> None:
    ran = on_database("pause", "--guild", "3")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("server 3 is not set up here")


def test_a_purge_forgets_what_is_older_than_the_settings_or_the_command_say(
    on_database: OnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_database("db", "purge").out == "0 messages emptied\n"
    assert on_database("db", "purge", "1").out == "0 messages emptied\n"
    monkeypatch.setenv("RETENTION_DAYS", "0")
    ran = on_database("db", "purge")
    assert ran.status == 2
    assert "heron db purge 90" in ran.err


def test_tables_that_are_missing_are_named_with_the_cure(on_database: OnDatabase, database_url: str) -> None:
    apart(execute(database_url, "DROP TABLE guild_settings"))
    ran = on_database("pause")
    assert ran.status == 2
    assert "guild_settings" in ran.err
    assert "heron db upgrade" in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_is_not_there_is_not_made(heron: Heron, tmp_path: Path) -> None:
    for command in (("db", "purge"), ("pause",), ("db", "backup", str(tmp_path / "copy.db"))):
        ran = heron(*command, env={"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'heron.db'}"})
        assert ran.status == 2
        assert "does not exist" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_backup_opens_and_holds_what_was_there(heron: Heron, tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'heron.db'}"}
    assert heron("db", "upgrade", env=env).status == 0
    assert heron("db", "backup", str(tmp_path / "copy.db"), env=env).status == 0
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_a_server_that_does_not_answer_is_named(heron: Heron, unused_tcp_port: int) -> None:
    ran = heron("pause", env={"DATABASE_URL": f"postgresql+asyncpg://heron@127.0.0.1:{unused_tcp_port}/heron"})
    assert ran.status == 2
    assert "cannot be reached" in ran.err
