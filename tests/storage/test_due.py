"""Timers as rows: due in order, done once, moved."""

from dataclasses import replace
from datetime import timedelta

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.ports import Timer
from bot.posts import ChannelId, GuildId
from bot.storage.cases import SqlCases
from bot.storage.due import SqlTimers
from tests.storage.samples import GUILD, NOW, THREAD, new_case, schedule

SOON = Timer(guild_id=GUILD, case_id=THREAD, kind="check-in", due_at=NOW + timedelta(hours=1))
LATE = replace(SOON, kind="unanswered", due_at=NOW + timedelta(hours=24))
ALWAYS = NOW + timedelta(days=365)


@pytest_asyncio.fixture
async def timers(engine: AsyncEngine, cases: SqlCases) -> SqlTimers:
    for number in range(2):
        await cases.save(replace(new_case(), thread_id=ChannelId(THREAD + number)), [], {}, now=NOW)
    return SqlTimers(engine)


async def due(timers: SqlTimers, *, after: timedelta = timedelta(days=365)) -> list[Timer]:
    return list(await timers.due([GUILD], now=NOW + after, limit=10))


async def test_timers_are_due_at_their_moment_the_oldest_first(timers: SqlTimers, engine: AsyncEngine) -> None:
    await schedule(engine, LATE)
    await schedule(engine, SOON)
    assert await due(timers, after=timedelta(minutes=59)) == []
    assert await due(timers, after=timedelta(hours=1)) == [SOON]
    assert await due(timers) == [SOON, LATE]
    assert await timers.due([GUILD], now=ALWAYS, limit=1) == [SOON]


async def test_the_next_moment_is_the_one_after_now(timers: SqlTimers, engine: AsyncEngine) -> None:
    assert await timers.next_due_at([GUILD], after=NOW) is None
    await schedule(engine, SOON)
    await schedule(engine, LATE)
    assert await timers.next_due_at([GUILD], after=NOW) == SOON.due_at
    assert await timers.next_due_at([GUILD], after=SOON.due_at) == LATE.due_at


async def test_a_timer_of_the_same_kind_is_moved_and_another_case_has_its_own(
    timers: SqlTimers, engine: AsyncEngine
) -> None:
    other = replace(SOON, case_id=ChannelId(THREAD + 1))
    for timer in (SOON, replace(SOON, due_at=LATE.due_at), other):
        await schedule(engine, timer)
    assert await due(timers) == [other, replace(SOON, due_at=LATE.due_at)]


async def test_what_is_done_is_due_again_only_for_another_moment(timers: SqlTimers, engine: AsyncEngine) -> None:
    await schedule(engine, SOON)
    await timers.done(SOON, now=NOW)
    await timers.done(SOON, now=NOW)
    assert (await due(timers), await timers.next_due_at([GUILD], after=NOW)) == ([], None)
    await schedule(engine, SOON)
    assert await due(timers) == []
    again = replace(SOON, due_at=LATE.due_at)
    await schedule(engine, again)
    assert await due(timers) == [again]


async def test_a_timer_that_was_moved_meanwhile_is_not_done(timers: SqlTimers, engine: AsyncEngine) -> None:
    moved = replace(SOON, due_at=LATE.due_at)
    await schedule(engine, moved)
    await timers.done(SOON, now=NOW)
    assert await due(timers) == [moved]


async def test_timers_of_other_servers_are_not_seen(timers: SqlTimers, engine: AsyncEngine) -> None:
    await schedule(engine, SOON)
    others = [GuildId(GUILD + 1)]
    assert await timers.due(others, now=ALWAYS, limit=10) == []
    assert await timers.next_due_at(others, after=NOW) is None
