"""The loop that makes Discord show what is wanted: it starts what is due, a few at a time, and sleeps until the next.

How one reply is settled stands in `settle`. What is due is read when somebody rings and when the moment comes that the
table named; nothing else makes anything due. Within a case one row goes after the other. A row that has to be tried
again does not hold up the others of its case: what is not posted yet is changed, not added to, so a case never has two
posts waiting, and the rest are corrections and removals.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
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
        #: The table is likely to say something else than when it was read last.
        self._is_expecting = True
        self._next_at: datetime | None = None  # as it said then
        self._has_left_over = False  # of what was due then, it begins when somebody gets free
        self._rung = 0  # so often

    def wake(self) -> None:
        """Something is wanted, or can go on."""
        self._rung += 1
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
                self._is_expecting = True
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
        now = self._clock.now()
        is_time = self._next_at is not None and self._next_at <= now
        is_full = len(self._busy) >= MAX_AT_ONCE
        if (self._is_expecting or is_time) and not is_full:
            await self._start_due(now)
        if not (self._busy or self._is_expecting or self._woken.is_set()):
            self._quiet.set()
        return None if is_full else self._next_at  # whoever gets free wakes us

    async def _start_due(self, now: datetime) -> None:
        self._quiet.clear()
        self._is_expecting = self._has_left_over = False
        # What these settle while the database answers still looks due in its answer.
        was_busy, rung = frozenset(self._busy), self._rung
        pending = await self._replies.pending(self._guild_ids(), now=now, limit=LOOKED_AT)
        self._next_at = pending.next_at
        for channel_id, rows in _by_channel(pending.due).items():
            is_free = channel_id not in was_busy and channel_id not in self._busy
            if is_free and len(self._busy) < MAX_AT_ONCE and not self._is_stopping:
                self._busy[channel_id] = asyncio.create_task(self._settle(channel_id, rows, rung))
            else:
                self._has_left_over = True
        self._has_left_over |= len(pending.due) == LOOKED_AT
        has_somebody_got_free = not was_busy <= self._busy.keys()
        self._is_expecting |= self._has_left_over and has_somebody_got_free

    async def _settle(self, channel_id: ChannelId, rows: Sequence[WantedReply], rung: int) -> None:
        is_over = False
        try:
            is_over = await self._settle_all(rows, rung)
        except Exception:
            log.exception("replies in %s could not be settled", channel_id)
            await self._clock.wait(asyncio.Event(), until=self._clock.now() + REST)
        finally:
            del self._busy[channel_id]
            self._is_expecting |= self._has_left_over or not is_over
            self._woken.set()

    async def _settle_all(self, rows: Sequence[WantedReply], rung: int) -> bool:
        """Whether nothing of it has to be read again."""
        is_over = True
        for row in rows:
            # Whatever was wished since they were read may be about those that come now.
            if row is not rows[0] and (self._rung != rung or self._is_stopping):
                return False
            is_over &= await self._settler.settle(row)
        return is_over


def _by_channel(rows: Sequence[WantedReply]) -> Mapping[ChannelId, Sequence[WantedReply]]:
    found: dict[ChannelId, list[WantedReply]] = {}
    for row in rows:
        found.setdefault(row.channel_id, []).append(row)
    return found
