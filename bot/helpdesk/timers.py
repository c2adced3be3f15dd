"""The loop that looks at cases again when their time has come. What that means for a case, `step` decides.

A timer is done when the unit of work that it caused is saved. Until then it is brought again, so neither a crash nor a
failed unit loses one; a unit that is caused twice finds nothing left to do.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.helpdesk.arrivals import TimePassed
from bot.helpdesk.clock import Clock
from bot.helpdesk.ports import Timer, Timers
from bot.posts import ChannelId, Elapsed, Event, GuildId

log = logging.getLogger(__name__)

#: How many are looked at in one go.
LOOKED_AT = 64
#: After a failure of our own (the database is away, say) before the table is read again.
REST = timedelta(seconds=5)
#: How long the effect of a timer is waited for before it is brought again.
FIRST_PATIENCE, LONGEST_PATIENCE = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brought:
    at: datetime
    patience: timedelta

    def is_under_way(self, now: datetime) -> bool:
        """A clock that was set back must not make anybody wait longer."""
        return self.at <= now < self.at + self.patience


class Timekeeper:
    def __init__(
        self,
        timers: Timers,
        *,
        hear: Callable[[TimePassed], None],
        guild_ids: Callable[[], Sequence[GuildId]],
        clock: Clock,
    ) -> None:
        self._timers = timers
        self._hear = hear
        self._guild_ids = guild_ids
        self._clock = clock
        self._brought: dict[Timer, _Brought] = {}
        self._passed: list[Timer] = []
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._is_stopping = False
        self._until: datetime | None = None  # not known while the table is read

    def wake(self) -> None:
        """Something was scheduled, or a server is there."""
        self._quiet.clear()
        self._woken.set()

    def expect(self, at: datetime) -> None:
        """A timer was set. Nothing is read for one behind the moment that is waited for already."""
        if self._until is None or at < self._until:
            self.wake()

    async def quiet(self) -> None:
        """Until nothing is due and nothing under way; what is due later does not count."""
        await self._quiet.wait()

    def after(self, case_id: ChannelId, events: Sequence[Event]) -> None:
        """Called when a unit of work is saved that these events were in."""
        kinds = {event.kind for event in events if isinstance(event, Elapsed)}
        passed = [timer for timer in self._brought if timer.case_id == case_id and timer.kind in kinds]
        if passed:
            self._passed.extend(passed)
            self.wake()

    def stop(self) -> None:
        """`run` ends by itself: a query that is cut off may never give its connection back."""
        self._is_stopping = True
        self.wake()
        self._quiet.set()

    async def run(self) -> None:
        while not self._is_stopping:
            self._woken.clear()
            self._until = None
            try:
                until = await self._turn()
            except Exception:
                log.exception("timers could not be read or written")
                until = self._clock.now() + REST
            if not self._brought and not self._woken.is_set():
                self._quiet.set()
            self._until = until
            await self._clock.wait(self._woken, until=until)

    async def _turn(self) -> datetime | None:
        await self._write_down_passed()
        now, guild_ids = self._clock.now(), self._guild_ids()
        due = await self._timers.due(guild_ids, now=now, limit=LOOKED_AT + len(self._brought))
        # What is no longer due was cancelled or moved.
        self._brought = {timer: brought for timer, brought in self._brought.items() if timer in due}
        for timer in due:
            self._bring(timer, now)
        again_at = [brought.at + brought.patience for brought in self._brought.values()]
        next_at = await self._timers.next_due_at(guild_ids, after=now)
        return min([*again_at, *([next_at] if next_at is not None else [])], default=None)

    def _bring(self, timer: Timer, now: datetime) -> None:
        before = self._brought.get(timer)
        if before is not None and before.is_under_way(now):
            return
        patience = FIRST_PATIENCE if before is None else min(LONGEST_PATIENCE, 2 * before.patience)
        self._brought[timer] = _Brought(at=now, patience=patience)
        if before is not None:
            log.warning("timer %s of case %s is brought again: its unit did not end", timer.kind, timer.case_id)
        self._hear(TimePassed(guild_id=timer.guild_id, thread_id=timer.case_id, kind=timer.kind))

    async def _write_down_passed(self) -> None:
        while self._passed:
            timer = self._passed[0]
            await self._timers.done(timer, now=self._clock.now())
            self._brought.pop(timer, None)
            self._passed.pop(0)
