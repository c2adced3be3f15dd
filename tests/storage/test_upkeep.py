"""A backup that was made while Heron ran can be started from."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.posts import ChannelId
from bot.storage.cases import SqlCases
from bot.storage.engine import DatabaseError, create_engine
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
    await save(SqlCases(engine, knowledge_hash="fake-hash"), THREAD)
    async with engine.begin() as unfinished:
        await unfinished.exec_driver_sql("UPDATE cases SET version = 99")
        await backup(f"sqlite:///{file}", copy)
    await engine.dispose()
    assert sorted(p.name for p in copy.parent.iterdir()) == ["heron.db"]
    restored = create_engine(f"sqlite:///{copy}")
    case = await SqlCases(restored, knowledge_hash="fake-hash").load(THREAD)
    assert case is not None
    assert case.version == 1
    await restored.dispose()


def test_heron_runs_on_a_restored_backup(sqlite_template: Path, tmp_path: Path) -> None:
    file, copy = sqlite_file(sqlite_template, tmp_path), tmp_path / "copy.db"
    apart(backup(f"sqlite:///{file}", copy))
    upgrade(f"sqlite:///{copy}")

    async def go_on() -> None:
        engine = create_engine(f"sqlite:///{copy}")
        cases = SqlCases(engine, knowledge_hash="fake-hash")
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
