"""One process holds a shard, on both databases; who is in the way says who it is; the dead hold nothing."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app.ownership import locks_for
from bot.storage import server_locks
from bot.storage.engine import DatabaseAway, DatabaseError
from bot.storage.file_locks import FileLocks
from bot.storage.locks import Locks, ShardsHeld
from bot.storage.server_locks import ServerLocks
from tests.databases import PostgresServer, execute

ROOT = Path(__file__).parents[2]
OpenLocks = Callable[[], Locks]


@pytest.fixture
async def open_locks(database_url: str) -> AsyncIterator[OpenLocks]:
    """As another process would: `flock` and PostgreSQL tell holders apart by descriptor and by session."""
    opened: list[Locks] = []

    def open_() -> Locks:
        opened.append(locks_for(database_url))
        return opened[-1]

    yield open_
    for locks in opened:
        await locks.release()


async def take(locks: Locks, *ids: int, count: int = 4, who: str = "1@here", some: bool = False) -> tuple[int, ...]:
    return await locks.take(ids, count=count, all_of_them=not some, who=who)


async def refused(locks: Locks, *ids: int, count: int = 4, some: bool = False) -> list[str]:
    with pytest.raises(ShardsHeld) as caught:
        await take(locks, *ids, count=count, some=some)
    return [str(holder) for holder in caught.value.holders]


async def test_a_shard_is_held_once_and_the_other_hears_by_whom(open_locks: OpenLocks) -> None:
    first, second = open_locks(), open_locks()
    assert await take(first, 0, 1, who="4711@example since noon") == (0, 1)
    assert await refused(second, 1, 2) == ["shard 1 of 4 is served by process 4711@example since noon"]
    assert await take(second, 2) == (2,)


async def test_whoever_wants_all_of_its_shards_gets_all_or_none(open_locks: OpenLocks) -> None:
    first, second, third = open_locks(), open_locks(), open_locks()
    await take(first, 1)
    await refused(second, 0, 1)
    assert await take(third, 0) == (0,)


async def test_a_standby_gets_those_that_are_free(open_locks: OpenLocks) -> None:
    first, standby = open_locks(), open_locks()
    await take(first, 0, 1)
    assert len(await refused(standby, 0, 1, some=True)) == 2
    assert await take(standby, 0, 1, 2, 3, some=True) == (2, 3)


async def test_what_is_released_is_free(open_locks: OpenLocks) -> None:
    first, second = open_locks(), open_locks()
    await take(first, 0)
    await refused(second, 0)
    await first.release()
    assert await take(second, 0) == (0,)
    assert await refused(first, 0) == ["shard 0 of 4 is served by process 1@here"]


@pytest.mark.parametrize(("count", "other"), [(1, 4), (4, 1), (4, 2)])
async def test_servers_are_split_in_one_way_at_a_time(open_locks: OpenLocks, count: int, other: int) -> None:
    first, second = open_locks(), open_locks()
    await take(first, 0, count=count)
    for some in (False, True):
        assert await refused(second, other - 1, count=other, some=some) == [
            f"shard 0 of {count} is served by process 1@here"
        ]


async def test_of_many_that_come_at_once_one_gets_it(open_locks: OpenLocks) -> None:
    rivals = [open_locks() for _ in range(8)]
    outcomes = await asyncio.gather(*(take(locks, 0, some=True) for locks in rivals), return_exceptions=True)
    assert sorted(isinstance(outcome, ShardsHeld) for outcome in outcomes) == [False] + [True] * 7


HOLD = """
import asyncio, sys
from bot.app.ownership import locks_for

async def main():
    await locks_for(sys.argv[1]).take((0,), count=1, all_of_them=True, who="4711@here")
    print("held", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_process_that_is_killed_holds_nothing(open_locks: OpenLocks, database_url: str) -> None:
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, database_url, cwd=ROOT, stdout=PIPE)
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    locks = open_locks()
    assert await refused(locks, 0, count=1) == ["shard 0 of 1 is served by process 4711@here"]
    holder.kill()
    await holder.wait()
    async with asyncio.timeout(5):
        await taken(locks)


async def taken(locks: Locks) -> None:
    """The kernel has noticed already that a process is gone; PostgreSQL may need a moment."""
    while True:
        with suppress(ShardsHeld):
            assert await take(locks, 0, count=1) == (0,)
            return


async def test_two_names_of_a_file_are_one_database(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    first, second = FileLocks(tmp_path / "real" / "heron.db"), FileLocks(tmp_path / "link" / ".." / "link" / "heron.db")
    await take(first, 0)
    await refused(second, 0)
    await first.release()


async def test_locks_whose_files_were_deleted_are_lost(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path / "heron.db")
    await take(locks, 0)
    await locks.check()
    assert not locks.lost.is_set()
    for file in tmp_path.iterdir():
        file.unlink()
    await locks.check()
    assert locks.lost.is_set()
    await locks.release()


async def test_a_connection_that_the_server_ends_is_known_to_be_lost_at_once(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        locks = ServerLocks(url)
        await take(locks, 0, who="4711@here")
        await locks.check()
        assert not locks.lost.is_set()
        await execute(
            url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'heron 4711@here'"
        )
        await asyncio.wait_for(locks.lost.wait(), 5)
        await locks.release()
        assert await take(locks, 0) == (0,)
        await locks.release()


async def test_a_server_that_does_not_answer_may_answer_later(unused_tcp_port: int) -> None:
    with pytest.raises(DatabaseAway, match="cannot be reached"):
        await take(ServerLocks(f"postgresql://heron@127.0.0.1:{unused_tcp_port}/heron"), 0)


async def test_a_database_that_does_not_exist_will_not_appear_by_itself(postgres_server: PostgresServer) -> None:
    with pytest.raises(DatabaseError, match="heron_nowhere") as caught:
        await take(ServerLocks(postgres_server.url("heron_nowhere")), 0)
    assert not isinstance(caught.value, DatabaseAway)


async def test_a_folder_in_which_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DatabaseError, match=r"heron\.db cannot be locked"):
        await take(FileLocks(tmp_path / "file" / "heron.db"), 0)


async def test_a_silent_connection_is_asked_and_counts_as_lost_when_it_does_not_answer(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_server.database() as url:
        locks = ServerLocks(url)
        await take(locks, 0)
        monkeypatch.setattr(server_locks, "_ASK", text("SELECT pg_sleep(60)"))
        monkeypatch.setattr(server_locks, "_REPLY_S", 0.05)
        await locks.check()
        assert locks.lost.is_set()
        await locks.release()
        assert await take(locks, 0) == (0,)
        await locks.release()
