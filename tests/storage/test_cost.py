"""What a post costs the database: statements and commits that do not grow with the thread, and no table scan."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.statements import counted
from bot.posts import ChannelId
from bot.storage.cases import SqlCases
from bot.storage.guilds import SqlGuilds
from bot.storage.replies import SqlReplies
from bot.storage.upkeep import purge
from bot.triage.case import Case
from tests.storage.plans import scans
from tests.storage.samples import GUILD, NOW, THREAD, bodies, card, decision, full_case, known, new_case, plan, reply


async def one_post(cases: SqlCases, replies: SqlReplies, number: int) -> None:
    """Load, a message with an answer and a card, save, delivered."""
    before = await cases.load(THREAD)
    case: Case = before or new_case()
    answer = reply(number, plan=plan())
    case = case.with_message(known(number)).with_reply(answer)
    await cases.save(case, [decision([answer], cards=[card()])], bodies(answer), now=NOW, before=before)
    await replies.delivered(answer.key, revision=1, message_id=answer.question_id)


@pytest.mark.parametrize("length", [1, 10, 150])
async def test_a_post_costs_the_same_however_long_its_thread_is(
    cases: SqlCases, replies: SqlReplies, engine: AsyncEngine, length: int
) -> None:
    case = full_case()
    case = replace(case, messages=tuple(known(n) for n in range(length)))
    await cases.save(case, [decision(case.replies)], bodies(*case.replies), now=NOW)
    with counted(engine) as cost:
        await one_post(cases, replies, length)
    assert len(cost.statements) <= 9
    assert cost.commits <= 3


async def test_the_first_post_of_a_thread_costs_less(cases: SqlCases, replies: SqlReplies, engine: AsyncEngine) -> None:
    with counted(engine) as cost:
        await one_post(cases, replies, 0)
    assert len(cost.statements) <= 7
    assert cost.commits <= 3


async def everything(engine: AsyncEngine) -> None:
    """Every statement that storage knows, the rare ones too."""
    cases, replies = SqlCases(engine, knowledge_hash=lambda: "fake-hash"), SqlReplies(engine)
    await one_post(cases, replies, 0)
    await one_post(cases, replies, 1)
    await replies.pending([GUILD, GUILD], now=NOW, limit=5)
    await replies.failed("key", retry_at=None, reason="none")
    case = await cases.load(THREAD)
    assert case is not None
    case = replace(case, messages=(), findings=())  # deletes
    old = reply(0, plan=plan(), revision=2)
    await cases.save(case.with_reply(old), [decision([old])], bodies(old), now=NOW)
    other = replace(full_case(), thread_id=ChannelId(THREAD + 1000), replies=())
    await cases.save(other, [], {}, now=NOW)
    await cases.save(replace(other, version=1, findings=()), [], {}, now=NOW)
    await SqlGuilds(engine).settings(GUILD)
    await purge(engine, NOW + timedelta(days=31))


async def test_every_statement_finds_its_rows_by_an_index(sqlite_engine: AsyncEngine) -> None:
    with counted(sqlite_engine) as cost:
        await everything(sqlite_engine)
    file = make_url(str(sqlite_engine.url)).database
    plain = sqlite3.connect(str(file))
    found = [scans(plain, *statement) for statement in cost.statements if not statement[0].startswith("PRAGMA")]
    plain.close()
    assert list(filter(None, found)) == []
    assert len({statement for statement, _ in cost.statements}) >= 15


async def test_a_query_without_an_index_would_be_noticed(sqlite_engine: AsyncEngine) -> None:
    async with sqlite_engine.connect() as connection:
        statement = "SELECT * FROM cases WHERE language = 'en'"
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        assert plan.scalars("detail").all() == ["SCAN cases"]
    plain = sqlite3.connect(str(make_url(str(sqlite_engine.url)).database))
    assert scans(plain, statement, ()) == [f"SCAN cases: {statement}"]
    plain.close()
