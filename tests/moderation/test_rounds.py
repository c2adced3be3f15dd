"""The rounds: a card at once, a desk at most once in a while, and both again after a failure."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import WantedReply
from bot.moderation.cards import Cards
from bot.moderation.desk import Desk
from bot.moderation.rounds import Rounds
from bot.posts import GuildId
from bot.storage.cases import SqlCases
from bot.storage.desks import SqlDesks
from bot.storage.escalations import SqlEscalations
from bot.storage.replies import SqlReplies
from tests.helpdesk.fakes import STAFF_ROOM, HandClock
from tests.moderation.test_cards import hand_over
from tests.storage.samples import GUILD, NOW

REST = timedelta(seconds=10)


@dataclass(slots=True)
class Going:
    """Rounds that run, and the clock that they go by."""

    rounds: Rounds
    clock: HandClock
    engine: AsyncEngine
    wanted: asyncio.Event

    async def rows(self) -> dict[str, WantedReply]:
        found = await SqlReplies(self.engine).pending([GUILD], now=NOW + timedelta(days=1_000), limit=100)
        return {row.key: row for row in found.due}

    async def desk(self) -> WantedReply | None:
        return next((row for key, row in (await self.rows()).items() if key.endswith("-d")), None)

    async def desk_content(self) -> str:
        row = await self.desk()
        assert row is not None
        assert row.body is not None
        return row.body.content


async def nothing_measured(_: GuildId) -> None: ...


@pytest_asyncio.fixture
async def going(engine: AsyncEngine, cases: SqlCases, escalations: SqlEscalations, mind: Mind) -> AsyncIterator[Going]:
    clock, wanted = HandClock(), asyncio.Event()

    rounds = Rounds(
        cards=Cards(escalations=escalations, cases=cases, mind=mind, clock=clock, moderators_of=lambda _: STAFF_ROOM),
        desk=Desk(desks=SqlDesks(engine), mind=mind, clock=clock, moderators_of=lambda _: STAFF_ROOM),
        measure=nothing_measured,
        guild_ids=lambda: [GUILD],
        on_wanted=wanted.set,
        clock=clock,
        desk_rest=REST,
    )
    running = asyncio.create_task(rounds.run())
    yield Going(rounds=rounds, clock=clock, engine=engine, wanted=wanted)
    rounds.stop()
    await running


async def test_a_card_and_the_desk_follow_a_change(going: Going, cases: SqlCases) -> None:
    await hand_over(cases)
    going.rounds.changed(GUILD)
    await going.rounds.idle()
    assert len(await going.rows()) == 2
    assert "Waiting for people: 1" in await going.desk_content()


async def test_a_card_does_not_wait_while_the_desk_rests(going: Going, cases: SqlCases) -> None:
    going.rounds.changed(GUILD)
    await going.rounds.idle()
    await hand_over(cases)
    going.rounds.changed(GUILD)
    await going.rounds.idle()
    desk = await going.desk()
    assert len(await going.rows()) == 2
    assert desk is not None
    assert desk.want_revision == 1
    going.wanted.clear()
    await going.clock.pass_time(REST.total_seconds())
    await going.wanted.wait()
    desk = await going.desk()
    assert desk is not None
    assert desk.want_revision == 2


async def test_a_quiet_desk_is_looked_at_when_a_day_begins(going: Going, mind: Mind) -> None:
    going.rounds.changed(GUILD)
    await going.rounds.idle()
    assert "out of date" not in await going.desk_content()
    last_day: date = min(day for day in mind.view.knowledge.true_until.values())
    midnight = datetime.combine(last_day + timedelta(days=1), time(), NOW.tzinfo)
    going.wanted.clear()
    await going.clock.pass_time((midnight - REST - NOW).total_seconds())
    await going.wanted.wait()  # the first day that began meanwhile
    assert "out of date" not in await going.desk_content()
    going.wanted.clear()
    await going.clock.pass_time(REST.total_seconds())
    await going.wanted.wait()
    assert "out of date" in await going.desk_content()
