"""However much is stored, what Heron asks of the database reads only what it is about: no table as a whole, and no more
rows in a server with a long past than in one with a short past. Counted in steps and rows, not in seconds."""

import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from benchmarks.statements import counted
from bot.helpdesk.ports import Timer
from bot.posts import ChannelId, MessageId, UserId
from bot.storage.cases import SqlCases
from bot.storage.desks import SqlDesks
from bot.storage.due import SqlTimers
from bot.storage.engine import create_engine
from bot.storage.escalations import SqlEscalations
from bot.storage.guilds import SqlGuilds
from bot.storage.opt_outs import SqlOptOuts
from bot.storage.people import SqlPeople
from bot.storage.replies import SqlReplies
from bot.storage.sweeps import SqlSweeps
from bot.storage.upkeep import purge
from bot.triage.keys import people_key, reply_key
from tests.databases import PostgresServer, apart
from tests.storage.history import asker, happened, is_over, thread
from tests.storage.plans import scans
from tests.storage.samples import GUILD, NOW, body, known
from tests.storage.test_walls import READS, Server, queries

#: Cases in a server with a short past, and in one with a long one.
SHORT, LONG = 600, 6_000
#: What may come on top by chance: another page, another plan.
SLACK = 1.3, 60

#: What is asked about one case of the last week, or written to it.
Work = Callable[[AsyncEngine, int], Awaitable[object]]


async def _saved(engine: AsyncEngine, number: int) -> None:
    cases = SqlCases(engine, knowledge_hash=str)
    case = await cases.load(thread(number))
    assert case is not None
    await cases.save(case.with_message(known(0)), [], {}, now=NOW, before=case)


async def _shown(engine: AsyncEngine, number: int) -> None:
    escalations = SqlEscalations(engine)
    escalation = await escalations.of_case(thread(number), GUILD)
    assert escalation is not None
    await escalations.show(escalation, ChannelId(9), body("another"), now=NOW)


def _timer(number: int) -> Timer:
    return Timer(guild_id=GUILD, case_id=thread(number), kind="a", due_at=NOW)


def _key(number: int) -> str:
    return reply_key(MessageId(thread(number)))


WEEK, HOUR, STAFF = timedelta(days=7), timedelta(hours=1), UserId(55)
WORK: Mapping[str, Work] = {
    "SqlCases.load": lambda e, n: SqlCases(e, knowledge_hash=str).load(thread(n)),
    "SqlCases.save": _saved,
    "SqlReplies.prolong": lambda e, n: SqlReplies(e).prolong(
        thread(n), UserId(asker(n)), now=NOW, quiet=HOUR, patience=HOUR
    ),
    "SqlReplies.delivered": lambda e, n: SqlReplies(e).delivered(_key(n), revision=1, message_id=MessageId(5)),
    "SqlReplies.failed": lambda e, n: SqlReplies(e).failed(_key(n), retry_at=None, reason="gone"),
    "SqlReplies.standing": lambda e, n: SqlReplies(e).standing(thread(n)),
    "SqlTimers.done": lambda e, n: SqlTimers(e).done(_timer(n), now=NOW),
    "SqlGuilds.end_pauses": lambda e, _: SqlGuilds(e).end_pauses([GUILD], now=NOW),
    "SqlGuilds.pause": lambda e, _: SqlGuilds(e).pause(GUILD, by=STAFF, until=None, now=NOW),
    "SqlGuilds.resume": lambda e, _: SqlGuilds(e).resume(GUILD, by=STAFF, now=NOW),
    "SqlGuilds.lower": lambda e, _: SqlGuilds(e).lower(GUILD, "article-1", "watch", by=STAFF, now=NOW),
    "SqlGuilds.demote": lambda e, _: SqlGuilds(e).demote(GUILD, "refund", "draft", now=NOW),
    "SqlEscalations.show": _shown,
    "SqlEscalations.claim": lambda e, n: SqlEscalations(e).claim(people_key(thread(n)), GUILD, by=STAFF, now=NOW),
    "SqlEscalations.resolve": lambda e, n: SqlEscalations(e).resolve(people_key(thread(n)), GUILD, by=STAFF, now=NOW),
    "SqlEscalations.reopen": lambda e, n: SqlEscalations(e).reopen(people_key(thread(n)), GUILD, by=STAFF, now=NOW),
    "SqlDesks.show": lambda e, _: SqlDesks(e).show(GUILD, ChannelId(9), body("desk"), now=NOW),
    "SqlSweeps.note": lambda e, _: SqlSweeps(e).note(GUILD, by=STAFF, detail={}, now=NOW),
    "SqlOptOuts.add": lambda e, n: SqlOptOuts(e).add(GUILD, UserId(asker(n)), now=NOW),
    "SqlOptOuts.remove": lambda e, n: SqlOptOuts(e).remove(GUILD, UserId(asker(n))),
    "purge": lambda e, _: purge(e, NOW - WEEK),
    "SqlPeople.forget": lambda e, n: SqlPeople(e).forget(GUILD, UserId(asker(n)), now=NOW),
    "SqlPeople.forget, everywhere": lambda e, n: SqlPeople(e).forget(None, UserId(asker(n + 4)), now=NOW),
}
#: What has to read more where more is stored, each with its reason.
GROWS: Mapping[str, str] = {
    "SqlRecords.track": "an article's record in a server is all that people ever showed; asked for by a person",
    "SqlRecords.tracks": "the records of all articles; after somebody showed what they think of an answer",
    "SqlPeople.forget_staff": "once, for somebody of staff who left; an index for it would cost with every card",
    "SqlPeople.naming": "as above: the only question that looks into what stands in Discord",
}
#: What has nothing to do with cases, or reads by the code above.
ELSEWHERE = {"SqlGuilds.fill", "SqlMemory.get", "SqlMemory.put"}


@dataclass(slots=True)
class Measured:
    """By question: its cost with a short and with a long past, and whatever it reads as a whole with the long one."""

    short: dict[str, int] = field(default_factory=dict)
    long: dict[str, int] = field(default_factory=dict)
    scans: dict[str, list[str]] = field(default_factory=dict)


def test_every_question_to_the_database_is_measured_here() -> None:
    measured = {name.partition(",")[0] for name in (*READS, *WORK)} | ELSEWHERE | GROWS.keys()
    assert set(queries()) <= measured
    assert GROWS.keys() <= set(queries())


def test_no_question_reads_a_table_as_a_whole(measured: Measured) -> None:
    assert {name: scans for name, scans in measured.scans.items() if scans and name not in GROWS} == {}


def test_no_question_costs_more_because_of_a_long_past(measured: Measured) -> None:
    factor, more = SLACK
    grown = {n: (measured.short[n], now) for n, now in measured.long.items() if now > factor * measured.short[n] + more}
    assert {name: counts for name, counts in grown.items() if name not in GROWS} == {}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def measured(request: pytest.FixtureRequest) -> Iterator[Measured]:
    if request.param == "sqlite":
        home: Path = request.getfixturevalue("sqlite_home")
        file = Path(mkdtemp(dir=home)) / "heron.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield apart(_measured(f"sqlite+aiosqlite:///{file}"))
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(template=request.getfixturevalue("postgres_template")) as url:
        yield apart(_measured(url.replace("postgresql://", "postgresql+asyncpg://", 1)))


async def _measured(database_url: str) -> Measured:
    engine = create_engine(database_url)
    found = Measured()
    try:
        await happened(engine, range(SHORT))
        found.short, _ = await _costs(engine, 8)
        await is_over(engine)
        await happened(engine, range(SHORT, LONG))
        found.long, found.scans = await _costs(engine, 16)
    finally:
        await engine.dispose()
    return found


async def _costs(engine: AsyncEngine, number: int) -> tuple[dict[str, int], dict[str, list[str]]]:
    costs, found = {}, {}
    server = Server(guild_id=GUILD, thread=thread(number))
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        **{name: lambda read=read: read(engine, GUILD, server) for name, read in READS.items()},  # type: ignore[misc]
        **{name: lambda work=work: work(engine, number) for name, work in WORK.items()},  # type: ignore[misc]
    }
    for name, ask in asked.items():
        with counted(engine) as cost:
            await ask()
        statements = [statement for statement in cost.statements if finds_rows(statement[0])]
        costs[name], found[name] = await _weighed(engine, statements)
    return costs, found


def finds_rows(statement: str) -> bool:
    """What only adds a row finds none, and could not be done a second time."""
    return not statement.startswith("PRAGMA") and ("INSERT" not in statement or "ON CONFLICT" in statement)


async def _weighed(engine: AsyncEngine, statements: list[tuple[str, tuple[object, ...]]]) -> tuple[int, list[str]]:
    """Asked once more, and nothing of it kept."""
    if engine.dialect.name == "sqlite":
        return _weighed_by_sqlite(Path(str(make_url(str(engine.url)).database)), statements)
    async with engine.connect() as connection:
        weighed = [await _weighed_by_postgres(connection, *statement) for statement in statements]
        await connection.rollback()
    return sum(cost for cost, _ in weighed), [scan for _, found in weighed for scan in found]


def _weighed_by_sqlite(file: Path, statements: list[tuple[str, tuple[object, ...]]]) -> tuple[int, list[str]]:
    """In steps of its machine."""
    steps, found = 0, []

    def step() -> None:
        nonlocal steps
        steps += 1

    plain = sqlite3.connect(file)
    try:
        for statement, parameters in statements:
            found += scans(plain, statement, parameters)
        plain.set_progress_handler(step, 1)
        for statement, parameters in statements:
            plain.execute(statement, parameters).fetchall()
    finally:
        plain.rollback()
        plain.close()
    return steps, found


async def _weighed_by_postgres(
    connection: AsyncConnection, statement: str, parameters: tuple[object, ...]
) -> tuple[int, list[str]]:
    """In rows that any step of the plan came across. Tables as small as these are quicker read as a whole, which the
    planner is kept from; what it finds no index for it reads so all the same."""
    async with connection.begin_nested() as point:
        await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explained = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        nodes = list(_nodes(explained.scalar_one()[0]["Plan"]))
        await point.rollback()
    found = [f"{node['Relation Name']}: {statement}" for node in nodes if node["Node Type"] == "Seq Scan"]
    return sum(map(_rows_of, nodes)), found


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _rows_of(node: Mapping[str, Any]) -> int:
    met = (node[name] for name in ("Actual Rows", *(n for n in node if n.startswith("Rows Removed"))))
    return int(sum(met) * node["Actual Loops"])
