"""The loop that makes Discord show what is wanted: it starts what is due, a few at a time, and sleeps until the next.

How one reply is settled stands in `settle`. Within a case one row goes after the other. A row that has to be tried
again does not hold up the others of its case: what is not posted yet is changed, not added to, so a case never has two
posts waiting, and the rest are corrections and removals.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.ports import Replies, WantedReply
from bot.helpdesk.settle import Settler
from bot.posts import ChannelId, GuildId

log = logging.getLogger(__name__)

#: Discord lets a bot make fifty calls a second; more at once than this only wait for each other.
MAX_AT_ONCE = 8
#: How many due rows are looked at to find cases that are free.
LOOKED_AT = 64
#: After a failure of our own (the database is locked, say) before the same is tried again.
REST = timedelta(seconds=5)
#: While replies are under way nobody asks when the next one is due, but looks that often.
GLANCE = timedelta(seconds=1)


class Delivery:
    def __init__(
        self,
        replies: Replies,
        settler: Settler,
        *,
        guild_ids: Callable[[], Sequence[GuildId]],
        clock: Clock,
    ) -> None:
        self._replies = replies
        self._settler = settler
        self._guild_ids = guild_ids
        self._clock = clock
        self._busy: dict[ChannelId, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._is_stopping = False
        #: Something is likely to be due: it is read at once. Else only the next moment is asked for, which costs less.
        self._is_expecting = True

    def wake(self) -> None:
        """Something is wanted, or can go on."""
        self._is_expecting = True
        self._quiet.clear()
        self._woken.set()

    async def quiet(self) -> None:
        """Until nothing is due and nothing under way; what is due later does not count."""
        await self._quiet.wait()

    async def run(self) -> None:
        while not self._is_stopping:
            self._woken.clear()
            try:
                until = await self._turn()
            except Exception:
                log.exception("what is due could not be read")
                until = self._clock.now() + REST
            await self._clock.wait(self._woken, until=until)

    async def stop(self, *, patience_s: float = 10.0) -> None:
        """What is on its way arrives; the rest stays wanted."""
        self._is_stopping = True
        self.wake()
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=patience_s)
            for task in late:
                task.cancel()

    async def _turn(self) -> datetime | None:
        now, guild_ids = self._clock.now(), self._guild_ids()
        if self._is_expecting or self._busy:
            self._is_expecting = False
            await self._start_due(guild_ids, now)
        if self._busy:
            return now + GLANCE  # and whoever gets free wakes us
        next_at = await self._replies.next_due_at(guild_ids)
        if next_at is not None and next_at <= now:
            self.wake()
        elif not self._woken.is_set() and not self._busy:
            self._quiet.set()
        return next_at

    async def _start_due(self, guild_ids: Sequence[GuildId], now: datetime) -> None:
        # What these settle while the database answers still looks due in its answer.
        was_busy = frozenset(self._busy)
        due = await self._replies.due(guild_ids, now=now, limit=LOOKED_AT) if len(self._busy) < MAX_AT_ONCE else ()
        for row in due:
            is_free = row.channel_id not in was_busy and row.channel_id not in self._busy
            if is_free and len(self._busy) < MAX_AT_ONCE and not self._is_stopping:
                self._busy[row.channel_id] = asyncio.create_task(self._settle(row))

    async def _settle(self, row: WantedReply) -> None:
        try:
            await self._settler.settle(row)
        except Exception:
            log.exception("reply %s could not be settled", row.key)
            await self._clock.wait(asyncio.Event(), until=self._clock.now() + REST)
        finally:
            del self._busy[row.channel_id]
            self._woken.set()
