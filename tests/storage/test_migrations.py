"""Migrations make exactly the tables that the code knows, take nothing away on the way up, and can be undone."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from bot.storage.cases import SqlCases
from bot.storage.engine import DatabaseError, create_engine
from bot.storage.migrate import configuration, upgrade
from bot.storage.tables import METADATA
from tests.databases import apart, execute, rows_of
from tests.storage.samples import NOW, bodies, decision, full_case

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
    await SqlCases(engine, knowledge_hash="fake-hash").save(
        case, [decision(case.replies)], bodies(*case.replies), now=NOW
    )
    await engine.dispose()


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
    apart(save_a_case(empty_database_url))
    command.downgrade(config, "base")
    assert apart(inspected(empty_database_url))[1] == {"alembic_version"}
    command.upgrade(config, "head")
    apart(save_a_case(empty_database_url))
    assert apart(inspected(empty_database_url))[0] == []


def test_every_step_keeps_the_data_of_the_step_before(empty_database_url: str) -> None:
    """Down by one and up again with a case inside, for every revision but the one that makes the tables."""
    config = configuration(empty_database_url)
    upgrade(empty_database_url)
    apart(save_a_case(empty_database_url))
    for revision in list(ScriptDirectory.from_config(config).walk_revisions())[:-1]:
        command.downgrade(config, str(revision.down_revision))
        command.upgrade(config, revision.revision)
    messages = apart(rows_of(empty_database_url, "SELECT text FROM messages"))
    assert len(messages) == 4


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
