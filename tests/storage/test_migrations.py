"""Migrations make exactly the tables that the code knows, take nothing away on the way up, and can be undone."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Connection, Float, Integer, String, TypeDecorator, insert, inspect, select
from sqlalchemy.types import TypeEngine

from bot.storage import engine as engine_module
from bot.storage.cases import SqlCases
from bot.storage.columns import FreeText, UtcDateTime
from bot.storage.engine import DatabaseAway, DatabaseError, create_engine
from bot.storage.migrate import configuration, upgrade
from bot.storage.tables import METADATA
from tests.databases import apart, execute, rows_of
from tests.storage.samples import NOW, THREAD, bodies, decision, full_case

ROOT = Path(__file__).parents[2]


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))


async def inspected(database_url: str) -> tuple[list[object], set[str]]:
    """How the tables differ from the code, and their names."""
    engine = create_engine(database_url, is_pooled=False)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
        names = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    await engine.dispose()
    return found, names


async def save_a_case(database_url: str) -> None:
    engine = create_engine(database_url)
    case = full_case()
    await SqlCases(engine, knowledge_hash=lambda: "fake-hash").save(
        case, [decision(case.replies)], bodies(*case.replies), now=NOW
    )
    await engine.dispose()


async def fill_every_table(database_url: str) -> None:
    """A case, and a row of anything in the tables that it leaves empty."""
    await save_a_case(database_url)
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            if (await connection.execute(select(table).limit(1))).first() is None:
                await connection.execute(insert(table).values({c.name: anything(c) for c in table.columns}))
    await engine.dispose()


def anything(column: Column[Any]) -> object:
    if column.foreign_keys:
        return THREAD
    kinds: tuple[tuple[type[TypeEngine[Any] | TypeDecorator[Any]], object], ...] = (
        (JSON, {"some": ["thing"]}),
        (Boolean, True),
        (Float, 0.5),
        (Integer, 7),
        (String, "words"),
        (FreeText, "words"),
        (UtcDateTime, NOW),
    )
    return next(value for kind, value in kinds if isinstance(column.type, kind))


async def contents(database_url: str) -> dict[str, list[dict[str, object]]]:
    return {
        table.name: await rows_of(database_url, f"SELECT * FROM {table.name} ORDER BY {table.primary_key.columns[0]}")
        for table in METADATA.sorted_tables
    }


def test_an_empty_database_gets_all_tables_as_the_code_knows_them(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    found, names = apart(inspected(empty_database_url))
    assert found == []
    assert names == {*METADATA.tables, "alembic_version"}


def test_a_missing_index_would_be_noticed(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    apart(execute(empty_database_url, "DROP INDEX ix_messages_case_id_message_id"))
    found, _ = apart(inspected(empty_database_url))
    assert len(found) == 1


def test_migrations_go_up_down_and_up_again_and_data_can_be_saved_each_time(empty_database_url: str) -> None:
    config = configuration(empty_database_url)
    upgrade(empty_database_url)
    apart(fill_every_table(empty_database_url))
    assert all(apart(contents(empty_database_url)).values())
    command.downgrade(config, "base")
    assert apart(inspected(empty_database_url))[1] == {"alembic_version"}
    command.upgrade(config, "head")
    apart(fill_every_table(empty_database_url))
    assert apart(inspected(empty_database_url))[0] == []


def test_every_step_keeps_the_data_of_the_step_before(empty_database_url: str) -> None:
    """Down by one and up again with rows everywhere, for every revision but the one that makes the tables."""
    config = configuration(empty_database_url)
    upgrade(empty_database_url)
    apart(fill_every_table(empty_database_url))
    before = apart(contents(empty_database_url))
    for revision in list(ScriptDirectory.from_config(config).walk_revisions())[:-1]:
        command.downgrade(config, str(revision.down_revision))
        command.upgrade(config, revision.revision)
    assert apart(contents(empty_database_url)) == before


def test_a_second_upgrade_changes_nothing(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    apart(save_a_case(empty_database_url))
    upgrade(empty_database_url)
    assert len(apart(rows_of(empty_database_url, "SELECT * FROM cases"))) == 1


def test_two_processes_that_start_on_an_empty_database_do_not_trip_over_each_other(empty_database_url: str) -> None:
    program = "import sys; from bot.storage.migrate import upgrade; upgrade(sys.argv[1])"
    starting = [subprocess.Popen([sys.executable, "-c", program, empty_database_url], cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in starting] == [0, 0]
    assert apart(inspected(empty_database_url))[0] == []


def test_a_database_of_a_newer_heron_is_refused_with_the_cure(database_url: str) -> None:
    apart(execute(database_url, "UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer Heron"):
        upgrade(database_url)


def test_a_database_that_somebody_else_has_locked_may_be_upgraded_later(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_SQLITE_PRAGMAS", ("busy_timeout=20",))
    with closing(sqlite3.connect(sqlite_template, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseAway, match="locked"):
            upgrade(f"sqlite:///{sqlite_template}")


def test_a_server_that_does_not_answer_may_be_upgraded_later(unused_tcp_port: int) -> None:
    with pytest.raises(DatabaseAway, match="cannot be reached"):
        upgrade(f"postgresql://heron@127.0.0.1:{unused_tcp_port}/heron")


def test_a_file_that_is_no_database_stays_one(tmp_path: Path) -> None:
    (tmp_path / "heron.db").write_text("no database at all, only text that is long enough to look like a page" * 100)
    with pytest.raises(DatabaseError, match="not a database") as caught:
        upgrade(f"sqlite:///{tmp_path / 'heron.db'}")
    assert not isinstance(caught.value, DatabaseAway)
