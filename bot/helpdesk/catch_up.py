"""Which threads are looked at again, and when: after a gap all recent ones, after a failure the one that failed."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.helpdesk.arrivals import Arrival, LookAgain
from bot.helpdesk.clock import Clock
from bot.helpdesk.ports import Cases
from bot.helpdesk.reconcile import Bounds, Seen
from bot.helpdesk.threads import NotDone, Place
from bot.posts import ChannelId, GuildId

log = logging.getLogger(__name__)

#: Threads that are looked at side by side; fewer than lanes, so that whoever writes meanwhile is not kept waiting.
WIDTH = 6
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
#: After so many failures in a row a thread is left to the next gap or start.
MAX_TRIES = 10


class Forums(Protocol):
    """Both raise `NotDone`."""

    async def threads(self, guild_id: GuildId, *, since: datetime, most: int) -> Sequence[ChannelId]:
        """Threads of the help forums: active ones, then those that were archived since; the newest of each first."""
        ...

    async def look(self, place: Place) -> Seen: ...


class CatchUp:
    def __init__(
        self,
        *,
        forums: Forums,
        cases: Cases,
        hear: Callable[[LookAgain], None],
        clock: Clock,
        bounds: Bounds,
    ) -> None:
        self._forums = forums
        self._cases = cases
        self._hear = hear
        self._clock = clock
        self._bounds = bounds
        self._servers: dict[GuildId, datetime] = {}  # due when
        self._threads: dict[Place, datetime] = {}
        #: Threads that were looked at since a server's newest gap, as long as others were not.
        self._looked: dict[GuildId, set[ChannelId]] = {}
        self._failures: dict[Place | GuildId, int] = {}
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._asked: set[asyncio.Event] = set()
        self._is_stopping = False
        self.begun = asyncio.Event()  # the first server is there

    def gap(self, guild_id: GuildId) -> None:
        """From here on Discord tells what happens there; what it did not tell before is to be found."""
        self._looked[guild_id] = set()

    def ahead_of(self, arrival: Arrival) -> None:
        """What is heard live in a thread has to wait for what was missed there before it."""
        looked = self._looked.get(arrival.guild_id)
        if looked is not None and arrival.thread_id not in looked:
            looked.add(arrival.thread_id)
            self._hear(LookAgain(guild_id=arrival.guild_id, thread_id=arrival.thread_id))

    def missed_something(self, guild_id: GuildId) -> None:
        """A server is there, for the first time or after a gap. May be said again at any time."""
        self._servers[guild_id] = self._clock.now()
        self._looked.setdefault(guild_id, set())
        self.begun.set()
        self.wake()

    def failed(self, place: Place) -> None:
        """Work on this thread did not come to its end."""
        if len(self._threads) >= self._bounds.most_threads and place not in self._threads:
            self._servers.setdefault(place.guild_id, self._clock.now() + LONGEST_PAUSE)
        elif pause := self._pause(place):
            self._threads[place] = self._clock.now() + pause
        self.wake()

    async def idle(self) -> None:
        """Until nothing is due; what is to be tried later does not count."""
        await self._idle.wait()

    def stop(self) -> None:
        """Whatever is left is found again at the next start."""
        self._is_stopping = True
        for looked in self._asked:  # nobody will
            looked.set()
        self.wake()

    async def run(self) -> None:
        while not self._is_stopping:
            self._woken.clear()
            await self._do_due()
            if not self._woken.is_set():
                self._idle.set()
            due = (*self._servers.values(), *self._threads.values())
            await self._clock.wait(self._woken, until=min(due, default=None))

    def wake(self) -> None:
        self._idle.clear()
        self._woken.set()

    async def _do_due(self) -> None:
        now = self._clock.now()
        for guild_id in [guild_id for guild_id, due in self._servers.items() if due <= now]:
            del self._servers[guild_id]
            await self._server(guild_id)
        places = [place for place, due in self._threads.items() if due <= now]
        for place in places:
            del self._threads[place]
        await self._look_at(places, set())

    async def _server(self, guild_id: GuildId) -> None:
        looked = self._looked.setdefault(guild_id, set())
        try:
            places = await self._recent(guild_id)
        except Exception as error:
            log.warning(
                "server %s: its threads could not be listed: %s",
                guild_id,
                error,
                exc_info=not isinstance(error, NotDone),
            )
            if pause := self._pause(guild_id):
                self._servers.setdefault(guild_id, self._clock.now() + pause)
            return
        self._failures.pop(guild_id, None)
        if len(places) > self._bounds.most_threads:
            log.warning("server %s: more threads than %s were touched lately", guild_id, self._bounds.most_threads)
        await self._look_at(places[: self._bounds.most_threads], looked)
        if self._looked.get(guild_id) is looked:  # else there was another gap meanwhile
            del self._looked[guild_id]

    async def _recent(self, guild_id: GuildId) -> Sequence[Place]:
        """Threads that nobody knows come first: somebody may be waiting there for a first answer."""
        since, most = self._clock.now() - self._bounds.max_age, self._bounds.most_threads
        threads = await self._forums.threads(guild_id, since=since, most=most)
        cases = await self._cases.recent(guild_id, since=since, limit=most)
        known = set(cases)
        ordered = dict.fromkeys((*(t for t in threads if t not in known), *threads, *cases))
        return [Place(guild_id=guild_id, channel_id=thread_id) for thread_id in ordered]

    async def _look_at(self, places: Sequence[Place], looked: set[ChannelId]) -> None:
        slots = asyncio.Semaphore(WIDTH)
        async with asyncio.TaskGroup() as group:
            for place in places:
                await slots.acquire()
                if self._is_stopping:
                    break
                if place.channel_id in looked:
                    slots.release()
                    continue
                looked.add(place.channel_id)
                group.create_task(self._look(place, slots))

    async def _look(self, place: Place, slots: asyncio.Semaphore) -> None:
        asked = LookAgain(guild_id=place.guild_id, thread_id=place.channel_id)
        self._asked.add(asked.looked)
        self._hear(asked)
        await asked.looked.wait()
        self._asked.discard(asked.looked)
        slots.release()
        if place not in self._threads:
            self._failures.pop(place, None)

    def _pause(self, what: Place | GuildId) -> timedelta | None:
        """Before the next try; None when there have been enough."""
        failures = self._failures[what] = self._failures.get(what, 0) + 1
        if failures > MAX_TRIES:
            log.error("%s failed %s times; it is left to the next start or gap", what, MAX_TRIES)
            del self._failures[what]
            return None
        pause: timedelta = FIRST_PAUSE * 2 ** (failures - 1)
        return min(LONGEST_PAUSE, pause)
