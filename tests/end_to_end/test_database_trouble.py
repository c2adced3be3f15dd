"""The database is locked, full, or gone for a while: Heron stays up, says so once, loses no post, and goes on."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.playground import Playground, PlaygroundConfig, Thread
from bot.storage import engine
from tests.databases import PostgresServer, execute, migrated, own_cluster
from tests.end_to_end.house import DIM, House
from tests.end_to_end.processes import ERROR, START_S, herons

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

#: More than fits into what is free on the pages of a new database.
LONG = "My lamp fails me, please help" + " and it fails" * 1_000


@pytest.fixture(autouse=True)
def _nobody_waits_five_seconds_for_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    pragmas = tuple(p for p in engine._SQLITE_PRAGMAS if not p.startswith("busy_timeout"))
    monkeypatch.setattr(engine, "_SQLITE_PRAGMAS", ("busy_timeout=20", *pragmas))


@contextmanager
def another_writer(database_url: str) -> Iterator[None]:
    with closing(sqlite3.connect(str(make_url(database_url).database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def no_connections(server: PostgresServer, database_url: str) -> Iterator[None]:
    """As if it were restarted: what is open is cut, and nothing gets in until it is over."""
    name = database_url.rpartition("/")[2]
    server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    yield
    server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


class Failures(logging.Handler):
    """What the desk could not do, and why."""

    def __init__(self) -> None:
        super().__init__()
        self.reasons: list[str] = []
        self.happened = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.reasons.append(str(record.exc_info[1] if record.exc_info else record.msg))
        self.happened.set()


@pytest.fixture
def failures() -> Iterator[Failures]:
    failures = Failures()
    failures.setLevel(logging.ERROR)
    logging.getLogger("bot.helpdesk.lanes").addHandler(failures)
    yield failures
    logging.getLogger("bot.helpdesk.lanes").removeHandler(failures)


async def failing(house: House, failures: Failures, text: str = DIM) -> Thread:
    """A post of which nothing can be kept."""
    thread = house.control.create_post("The lamp", text)
    await asyncio.wait_for(failures.happened.wait(), 5)
    assert house.answers(thread) == []
    return thread


async def goes_on(house: House, missed: Thread, *, answers: int = 1) -> None:
    """What was missed is caught up with, and a new post is answered as ever."""
    for _ in range(3):
        await house.after(30)
    assert len(house.answers(missed)) == answers
    assert len(house.answers(await house.asks())) == 1
    assert not house.is_down


@only_sqlite
async def test_a_database_that_another_program_keeps_locked(
    house: House, database_url: str, failures: Failures
) -> None:
    with another_writer(database_url):
        missed = await failing(house, failures)
    await goes_on(house, missed)


@only_sqlite
async def test_an_answer_that_is_sent_while_the_database_is_locked_stands_once(house: House, database_url: str) -> None:
    held = house.control.fault("POST", "/channels/{channel_id}/messages", hold=True)
    thread = house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    with another_writer(database_url):
        held.release()
        await house.control.wait_for(lambda: house.answers(thread))
    await goes_on(house, thread)


@only_sqlite
async def test_a_disk_that_is_full(house: House, failures: Failures) -> None:
    async with house.engine.connect() as connection:  # the only one of its pool
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    missed = await failing(house, failures, f"{LONG} {DIM}")
    assert "database or disk is full" in failures.reasons[0]
    async with house.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    await goes_on(house, missed)


@only_postgresql
async def test_connections_that_the_server_ends_are_replaced_before_anybody_notices(
    house: House, database_url: str
) -> None:
    first = await house.asks()
    await execute(
        database_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    second = await house.asks()
    assert [len(house.answers(thread)) for thread in (first, second)] == [1, 1]


@only_postgresql
async def test_a_server_that_lets_nobody_in_for_a_while(
    house: House, postgres_server: PostgresServer, database_url: str, failures: Failures
) -> None:
    with no_connections(postgres_server, database_url):
        missed = await failing(house, failures)
    await goes_on(house, missed)


@asynccontextmanager
async def two_servers() -> AsyncIterator[Playground]:
    async with Playground(config=PlaygroundConfig(guilds=2, bot_name="Heron")) as playground:
        yield playground


async def test_a_process_outlives_a_restart_of_its_server_and_serves_nobody_meanwhile(learnt: Path) -> None:
    with own_cluster() as cluster:
        cluster.server.run("CREATE DATABASE heron")
        url = cluster.server.url("heron")
        migrated(url)
        address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
        async with two_servers() as playground, herons(playground, address, learnt) as one:
            process = await one.run()
            await one.serve(0)
            assert await one.answer() == [1, 1]
            cluster.stop()
            await process.told("no longer ours")
            await one.serve()
            guilds = playground.world.guilds.values()
            missed = [playground.control.create_post("Rate limited", ERROR, forum=guild.forum) for guild in guilds]
            cluster.start()
            await one.serve(0)
            assert await one.answer() == [1, 1]
            await playground.control.wait_for(lambda: all(map(playground.control.answers, missed)), START_S)
            assert not process.has_ended
            process.stop()
            assert await process.ended() == 0


async def test_a_process_that_starts_before_its_server_waits_for_it(learnt: Path) -> None:
    with own_cluster() as cluster:
        cluster.server.run("CREATE DATABASE heron")
        url = cluster.server.url("heron")
        migrated(url)
        address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
        async with two_servers() as playground, herons(playground, address, learnt) as one:
            cluster.stop()
            process = await one.run()
            await process.told("cannot be reached")
            cluster.start()
            await one.serve(0)
            assert await one.answer() == [1, 1]
