"""Timers bring their cases back in time, once as far as anybody can see, whatever fails in between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.helpdesk.arrivals import TimePassed
from bot.helpdesk.ports import Timer
from bot.helpdesk.timers import Timekeeper
from bot.posts import Elapsed, GuildId
from tests.helpdesk.fakes import CASE, GUILD, HandClock
from tests.shipped_knowledge import NOW

SOON = Timer(guild_id=GUILD, case_id=CASE, kind="check-in", due_at=NOW + timedelta(minutes=5))


@dataclass
class FakeTimers:
    """The table in memory."""

    waiting: list[Timer] = field(default_factory=list)
    finished: list[Timer] = field(default_factory=list)
    broken: int = 0

    def saved(self, timer: Timer) -> None:
        """A case was saved that is to be looked at then."""
        self.waiting = [one for one in self.waiting if (one.case_id, one.kind) != (timer.case_id, timer.kind)]
        self.waiting.append(timer)

    async def due(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Sequence[Timer]:
        if self.broken:
            self.broken -= 1
            raise OSError("the database is locked")
        return [timer for timer in self.waiting if timer.due_at <= now and timer.guild_id in guild_ids][:limit]

    async def next_due_at(self, guild_ids: Sequence[GuildId], *, after: datetime) -> datetime | None:
        coming = (t.due_at for t in self.waiting if t.due_at > after and t.guild_id in guild_ids)
        return min(coming, default=None)

    async def done(self, timer: Timer, *, now: datetime) -> None:  # noqa: ARG002  # the port's
        if timer in self.waiting:
            self.waiting.remove(timer)
            self.finished.append(timer)


@dataclass
class Room:
    """A timekeeper at work, and what it brings; a test decides what becomes of it."""

    timers: FakeTimers = field(default_factory=FakeTimers)
    clock: HandClock = field(default_factory=HandClock)
    guild_ids: tuple[GuildId, ...] = (GUILD,)
    heard: list[TimePassed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keeper = Timekeeper(
            self.timers, hear=self.heard.append, guild_ids=lambda: self.guild_ids, clock=self.clock
        )

    async def after(self, **time: float) -> None:
        await self.clock.pass_time(timedelta(**time).total_seconds())
        await self.turns()

    async def turns(self) -> None:
        for _ in range(30):
            await asyncio.sleep(0)

    async def handles(self, arrival: TimePassed) -> None:
        self.keeper.after(arrival.thread_id, [Elapsed(kind=arrival.kind)])
        await self.turns()


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    running = asyncio.create_task(room.keeper.run())
    yield room
    room.keeper.stop()
    await asyncio.wait_for(running, 1)


async def test_a_timer_brings_its_case_when_it_is_due_and_not_before(room: Room) -> None:
    room.timers.saved(SOON)
    room.keeper.wake()
    await room.after(minutes=4)
    assert room.heard == []
    await room.after(minutes=1)
    assert room.heard == [TimePassed(guild_id=GUILD, thread_id=CASE, kind="check-in")]


async def test_a_timer_is_done_when_its_unit_is_saved_and_does_not_come_again(room: Room) -> None:
    room.timers.saved(SOON)
    room.keeper.wake()
    await room.after(minutes=5)
    assert room.timers.finished == []
    await room.handles(room.heard[0])
    assert room.timers.finished == [SOON]
    await room.after(hours=5)
    assert len(room.heard) == 1


async def test_a_timer_whose_unit_failed_comes_again_ever_more_rarely(room: Room) -> None:
    room.timers.saved(SOON)
    room.keeper.wake()
    await room.after(minutes=5)
    for expected, minutes in ((2, 1), (3, 2), (4, 4)):
        await room.after(minutes=minutes)
        assert len(room.heard) == expected
    await room.after(minutes=7)
    assert len(room.heard) == 4


async def test_what_was_due_while_nobody_ran_is_brought_at_the_start() -> None:
    room = Room(timers=FakeTimers(waiting=[replace(SOON, due_at=NOW - timedelta(days=3))]))
    running = asyncio.create_task(room.keeper.run())
    await room.turns()
    assert len(room.heard) == 1
    room.keeper.stop()
    await running


async def test_a_timer_that_was_moved_while_it_was_under_way_fires_again_at_its_new_time(room: Room) -> None:
    room.timers.saved(SOON)
    room.keeper.wake()
    await room.after(minutes=5)
    later = replace(SOON, due_at=NOW + timedelta(hours=1))
    room.timers.saved(later)
    await room.handles(room.heard[0])
    assert room.timers.waiting == [later]
    await room.after(hours=1)
    assert len(room.heard) == 2


async def test_timers_of_other_servers_are_somebody_elses(room: Room) -> None:
    room.timers.saved(replace(SOON, guild_id=GuildId(99)))
    room.keeper.wake()
    await room.after(hours=1)
    assert room.heard == []
    room.guild_ids = (GUILD, GuildId(99))
    room.keeper.wake()
    await room.turns()
    assert len(room.heard) == 1


async def test_a_clock_that_was_ahead_and_is_put_back_makes_no_timer_wait_for_the_wrong_time(room: Room) -> None:
    room.timers.saved(SOON)
    room.keeper.wake()
    await room.after(days=365)  # the clock jumps; the unit fails
    assert len(room.heard) == 1
    await room.after(days=-365 + 1)
    room.keeper.wake()
    await room.turns()
    assert len(room.heard) == 2


async def test_a_table_that_cannot_be_read_for_a_while_loses_no_timer(room: Room) -> None:
    room.timers.broken = 2
    room.timers.saved(SOON)
    room.keeper.wake()
    await room.turns()
    await room.after(minutes=5)
    assert room.heard == []
    await room.after(seconds=5)
    assert len(room.heard) == 1
