"""One owner per server: processes that share the shards, refuse to double each other, and take over from the dead."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.playground import Playground, PlaygroundConfig
from tests.databases import execute
from tests.end_to_end.processes import Herons, herons

TAKE_OVER_S = 5.0

#: Ends the server's side of the connection that a process keeps for its locks.
CUT = "pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'heron {pid}@%'"


@pytest.fixture
async def two(database_url: str, learnt: Path) -> AsyncIterator[Herons]:
    async with started(database_url, learnt, shards=2) as running:
        yield running


@pytest.fixture
async def one(database_url: str, learnt: Path) -> AsyncIterator[Herons]:
    """Discord advises one shard: between two of one process the library leaves Discord five seconds."""
    async with started(database_url, learnt, shards=1) as running:
        yield running


@asynccontextmanager
async def started(database_url: str, folder: Path, *, shards: int) -> AsyncIterator[Herons]:
    config = PlaygroundConfig(guilds=2, shards=shards, bot_name="Heron")
    async with Playground(config=config) as playground, herons(playground, database_url, folder) as running:
        yield running


async def test_a_second_process_says_who_serves_and_ends_with_a_status_of_its_own(two: Herons) -> None:
    first = await two.run()
    await two.serve(0, 1)
    for arguments in ((), ("--shards", "0/2")):  # splitting the servers in another way is no way around
        second = await two.run(*arguments)
        assert await second.ended() == 75
        assert f"shard 0 of 1 is served by process {first.pid}@" in second.log
        assert "--standby" in second.log
    await two.serve(0, 1)
    assert await two.answer() == [1, 1]


async def test_two_processes_share_the_servers_and_a_standby_takes_over_from_the_one_that_is_killed(
    two: Herons,
) -> None:
    first, second = await two.run("--shards", "0/2"), await two.run("--shards", "1/2")
    await two.serve(0, 1)
    standby = await two.run("--standby", "--shards", "0-1/2")
    assert str(second.pid) in await standby.told("standing by")
    assert await two.answer() == [1, 1]
    await second.kill()
    await two.serve(0)
    await two.serve(0, 1, timeout_s=TAKE_OVER_S)
    assert "shards=1/2" in await standby.told("event=serving")
    assert await two.answer() == [1, 1]
    assert not first.has_ended


async def test_whoever_stops_frees_its_shards(one: Herons) -> None:
    first = await one.run()
    await one.serve(0)
    standby = await one.run("--standby")
    await standby.told("standing by")
    first.stop()
    assert await first.ended() == 0
    await standby.told("event=serving")
    await one.serve(0)
    assert await one.answer() == [1, 1]


async def test_a_standby_that_never_served_stops_when_it_is_told_to(one: Herons) -> None:
    await one.run()
    await one.serve(0)
    standby = await one.run("--standby")
    await standby.told("standing by")
    standby.stop()
    assert await standby.ended() == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_whoever_loses_the_connection_that_holds_its_lock_stops_serving_at_once(
    one: Herons, database_url: str
) -> None:
    first = await one.run("--standby")
    await one.serve(0)
    standby = await one.run("--standby")
    await standby.told("standing by")
    await execute(database_url, f"SELECT {CUT.format(pid=first.pid)}")
    await first.told("no longer ours")
    await one.serve(0)  # one of them serves, and never both
    assert await one.answer() == [1, 1]
