"""Which threads are looked at again, in which order, and what becomes of those where it fails."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.helpdesk.arrivals import LookAgain
from bot.helpdesk.catch_up import FIRST_PAUSE, MAX_TRIES, WIDTH, CatchUp
from bot.helpdesk.reconcile import Bounds, Seen
from bot.helpdesk.threads import NotDone, Place, Unclear
from bot.posts import ChannelId, GuildId
from tests.helpdesk.fakes import GUILD, HandClock
from tests.helpdesk.test_deliver import until
from tests.helpdesk.test_handle import FakeCases
from tests.shipped_knowledge import NOW


class FakeForums:
    def __init__(self, *threads: int) -> None:
        self.found = [ChannelId(thread) for thread in threads]
        self.refusals: list[NotDone | OSError] = []
        self.since: list[datetime] = []

    async def threads(self, guild_id: GuildId, *, since: datetime, most: int) -> Sequence[ChannelId]:
        assert guild_id == GUILD
        self.since.append(since)
        if self.refusals:
            raise self.refusals.pop(0)
        return self.found[:most]

    async def look(self, place: Place) -> Seen:
        raise AssertionError(f"{place} is looked at by the desk")


class KnownCases(FakeCases):
    def __init__(self, clock: HandClock, *known: int) -> None:
        super().__init__()
        self.clock = clock
        self.known = [ChannelId(thread) for thread in known]

    async def recent(self, guild_id: GuildId, *, since: datetime, limit: int) -> Sequence[ChannelId]:
        assert guild_id == GUILD
        assert since <= self.clock.now() - Bounds().max_age
        return self.known[:limit]


class Room:
    """A desk that looks at once, unless it is `held`; threads in `broken` fail."""

    def __init__(self, *threads: int, known: Sequence[int] = (), bounds: Bounds | None = None) -> None:
        self.clock = HandClock()
        self.forums = FakeForums(*threads)
        self.looked_at: list[int] = []
        self.waiting: list[LookAgain] = []
        self.broken: set[int] = set()
        self.is_held = False
        self.catch_up = CatchUp(
            forums=self.forums,
            cases=KnownCases(self.clock, *known),
            hear=self._hear,
            clock=self.clock,
            bounds=bounds or Bounds(),
        )

    def _hear(self, asked: LookAgain) -> None:
        self.looked_at.append(asked.thread_id)
        if asked.thread_id in self.broken:
            self.catch_up.failed(Place(guild_id=asked.guild_id, channel_id=asked.thread_id))
        if self.is_held:
            self.waiting.append(asked)
        else:
            asked.looked.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.catch_up.run())
        async with asyncio.timeout(5):
            yield
            self.catch_up.stop()
            await task

    async def pass_time(self, pause: timedelta) -> None:
        await self.clock.pass_time(pause.total_seconds())
        self.catch_up.wake()
        await self.catch_up.idle()


async def test_threads_that_nobody_knows_come_first_then_the_newest_and_each_once() -> None:
    room = Room(5, 4, 3, known=[4, 2])
    async with room.running():
        room.catch_up.missed_something(GUILD)
        await room.catch_up.idle()
    assert room.looked_at == [5, 3, 4, 2]
    assert room.forums.since == [NOW - Bounds().max_age]


async def test_no_more_are_looked_at_than_the_bounds_allow() -> None:
    room = Room(*range(1, 50), bounds=Bounds(most_threads=10))
    async with room.running():
        room.catch_up.missed_something(GUILD)
        await room.catch_up.idle()
    assert room.looked_at == list(range(1, 11))


async def test_a_few_are_looked_at_side_by_side_and_no_more() -> None:
    room = Room(*range(1, 20))
    room.is_held = True
    async with room.running():
        room.catch_up.missed_something(GUILD)
        await until(lambda: len(room.waiting) == WIDTH)
        await asyncio.sleep(0)
        assert len(room.looked_at) == WIDTH
        room.waiting[0].looked.set()
        await until(lambda: len(room.looked_at) > WIDTH)
        assert len(room.looked_at) == WIDTH + 1


async def test_a_gap_that_comes_while_one_is_made_up_for_is_made_up_for_as_well() -> None:
    room = Room(1)
    room.is_held = True
    async with room.running():
        room.catch_up.missed_something(GUILD)
        await until(lambda: bool(room.waiting))
        for _ in range(3):
            room.catch_up.missed_something(GUILD)
        room.is_held = False
        room.waiting[0].looked.set()
        await room.catch_up.idle()
    assert room.looked_at == [1, 1]


async def test_a_list_that_cannot_be_had_is_asked_for_again_after_a_pause() -> None:
    room = Room(1)
    room.forums.refusals = [Unclear("503"), OSError("the database is locked")]
    async with room.running():
        room.catch_up.missed_something(GUILD)
        await room.catch_up.idle()
        assert room.looked_at == []
        await room.pass_time(FIRST_PAUSE)
        assert room.looked_at == []
        await room.pass_time(2 * FIRST_PAUSE)
    assert room.looked_at == [1]


async def test_a_thread_whose_work_failed_is_looked_at_after_a_pause_that_grows() -> None:
    room = Room()
    room.broken = {7}
    async with room.running():
        room.catch_up.failed(Place(guild_id=GUILD, channel_id=ChannelId(7)))
        await room.pass_time(FIRST_PAUSE - timedelta(seconds=1))
        assert room.looked_at == []
        await room.pass_time(timedelta(seconds=1))
        assert room.looked_at == [7]
        await room.pass_time(FIRST_PAUSE)
        assert room.looked_at == [7]
        await room.pass_time(FIRST_PAUSE)
        assert room.looked_at == [7, 7]


async def test_a_thread_that_goes_on_failing_is_left_alone_in_the_end() -> None:
    room = Room()
    room.broken = {7}
    async with room.running():
        room.catch_up.failed(Place(guild_id=GUILD, channel_id=ChannelId(7)))
        for _ in range(2 * MAX_TRIES):
            await room.pass_time(timedelta(minutes=10))
    assert len(room.looked_at) == MAX_TRIES


async def test_a_thread_that_works_again_starts_anew() -> None:
    room = Room()
    place = Place(guild_id=GUILD, channel_id=ChannelId(7))
    async with room.running():
        for _ in range(2 * MAX_TRIES):
            room.catch_up.failed(place)
            await room.pass_time(FIRST_PAUSE)
    assert len(room.looked_at) == 2 * MAX_TRIES


async def test_where_too_many_fail_the_server_is_looked_at_as_a_whole() -> None:
    room = Room(bounds=Bounds(most_threads=2))
    async with room.running():
        for thread in range(1, 10):
            room.catch_up.failed(Place(guild_id=GUILD, channel_id=ChannelId(thread)))
        await room.pass_time(timedelta(minutes=10))
    assert room.looked_at == [1, 2]
    assert len(room.forums.since) == 1


async def test_a_stop_waits_for_nothing_that_will_not_come() -> None:
    room = Room(*range(1, 20))
    room.is_held = True
    async with room.running():
        room.catch_up.missed_something(GUILD)
        await until(lambda: len(room.waiting) == WIDTH)
    assert len(room.looked_at) == WIDTH
