"""Addresses of databases, and how connections are set up."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import DatabaseError, create_engine, parse_url
from bot.storage.tables import due
from tests.storage.samples import GUILD, NOW


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///var/heron.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////var/heron.db", "sqlite+aiosqlite"),
        ("postgresql://heron@localhost/heron", "postgresql+asyncpg"),
        ("postgres://heron@localhost/heron", "postgresql+asyncpg"),
    ],
)
def test_an_address_gets_the_driver_that_heron_uses(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


@pytest.mark.parametrize("given", ["", "heron.db", "mysql://localhost/heron", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_work_is_refused_by_the_name_of_its_setting(given: str) -> None:
    with pytest.raises(DatabaseError, match="DATABASE_URL"):
        parse_url(given)


async def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'var' / 'deep' / 'heron.db'}")
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar() == 1
    await engine.dispose()
    assert (tmp_path / "var" / "deep" / "heron.db").exists()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 5000), ("foreign_keys", 1), ("secure_delete", 1)],
)
async def test_every_connection_to_sqlite_is_set_up(tmp_path: Path, pragma: str, value: object) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'heron.db'}")
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar() == value
    await engine.dispose()


async def test_a_row_without_its_case_is_refused(engine: AsyncEngine) -> None:
    row = {"case_id": 1, "kind": "check-in", "guild_id": GUILD, "due_at": NOW}
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.execute(insert(due).values(row))


def test_processes_that_open_a_new_file_at_once_do_not_lock_each_other_out(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.storage.opening_at_once", str(tmp_path)]
    done = subprocess.run(program, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused:", "0"]
