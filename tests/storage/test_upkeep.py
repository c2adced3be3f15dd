"""A backup that was made while Heron ran can be started from."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest

from bot.posts import ChannelId
from bot.storage.cases import SqlCases
from bot.storage.engine import DatabaseError, create_engine, set_up_sqlite
from bot.storage.migrate import upgrade
from bot.storage.upkeep import backup
from tests.databases import apart
from tests.storage.samples import NOW, THREAD, bodies, decision, full_case


async def save(cases: SqlCases, thread_id: ChannelId) -> None:
    case = replace(full_case(), thread_id=thread_id, messages=(), replies=())
    await cases.save(case, [decision()], bodies(), now=NOW)


def sqlite_file(template: Path, folder: Path) -> Path:
    return Path(shutil.copy(template, folder / "heron.db"))


async def test_a_backup_of_a_running_database_holds_what_was_committed_and_no_more(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file, copy = sqlite_file(sqlite_template, tmp_path), tmp_path / "backups" / "heron.db"
    engine = create_engine(f"sqlite:///{file}")
    await save(SqlCases(engine, knowledge_hash=lambda: "fake-hash"), THREAD)
    async with engine.begin() as unfinished:
        await unfinished.exec_driver_sql("UPDATE cases SET version = 99")
        await backup(f"sqlite:///{file}", copy)
    await engine.dispose()
    assert sorted(p.name for p in copy.parent.iterdir()) == ["heron.db"]
    restored = create_engine(f"sqlite:///{copy}")
    case = await SqlCases(restored, knowledge_hash=lambda: "fake-hash").load(THREAD)
    assert case is not None
    assert case.version == 1
    await restored.dispose()


def write_on(file: Path, written: "Queue[int]", enough: Event) -> None:
    """Commits one message after the other, as a bot at work does, and says which."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        set_up_sqlite(connection)
        number = 0
        while not enough.is_set():
            number += 1
            connection.execute("UPDATE cases SET asker_id = ?", (number,))
            written.put(number)


async def test_a_backup_that_is_taken_while_somebody_writes_is_whole_and_lacks_nothing_that_was_committed_before(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file = sqlite_file(sqlite_template, tmp_path)
    engine = create_engine(f"sqlite:///{file}")
    await save(SqlCases(engine, knowledge_hash=lambda: "fake-hash"), THREAD)
    await engine.dispose()
    written: Queue[int] = Queue()
    enough = Event()
    writer = Thread(target=write_on, args=(file, written, enough))
    writer.start()
    try:
        for number in range(5):
            before = await asyncio.to_thread(written.get)
            while not written.empty():
                before = written.get()
            copy = tmp_path / f"copy-{number}.db"
            await backup(f"sqlite:///{file}", copy)
            with closing(sqlite3.connect(copy)) as restored:
                assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert restored.execute("SELECT asker_id FROM cases").fetchone()[0] >= before
    finally:
        enough.set()
        await asyncio.to_thread(writer.join)


def test_heron_runs_on_a_restored_backup(sqlite_template: Path, tmp_path: Path) -> None:
    file, copy = sqlite_file(sqlite_template, tmp_path), tmp_path / "copy.db"
    apart(backup(f"sqlite:///{file}", copy))
    upgrade(f"sqlite:///{copy}")

    async def go_on() -> None:
        engine = create_engine(f"sqlite:///{copy}")
        cases = SqlCases(engine, knowledge_hash=lambda: "fake-hash")
        await save(cases, THREAD)
        assert await cases.load(THREAD) is not None
        await engine.dispose()

    apart(go_on())


async def test_a_backup_never_replaces_a_file(sqlite_template: Path, tmp_path: Path) -> None:
    file = sqlite_file(sqlite_template, tmp_path)
    before = file.read_bytes()
    with pytest.raises(DatabaseError, match="there already"):
        await backup(f"sqlite:///{file}", file)
    assert file.read_bytes() == before


async def test_a_backup_of_nothing_names_the_file_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"missing\.db does not exist"):
        await backup(f"sqlite:///{tmp_path / 'missing.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


async def test_a_damaged_database_makes_no_backup(tmp_path: Path) -> None:
    (tmp_path / "heron.db").write_text("no database at all, only text that is long enough to look like a page" * 100)
    with pytest.raises(DatabaseError, match="cannot be copied"):
        await backup(f"sqlite:///{tmp_path / 'heron.db'}", tmp_path / "copy.db")
    assert [p.name for p in tmp_path.iterdir()] == ["heron.db"]


async def test_postgresql_is_backed_up_by_its_own_tool(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="pg_dump"):
        await backup("postgresql://localhost/heron", tmp_path / "copy.db")
