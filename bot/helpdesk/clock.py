"""The time as the use cases see it, and the one of this machine."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...

    async def wait(self, woken: asyncio.Event, *, until: datetime | None) -> None:
        """Until the event is set or that moment has come; None: for the event alone."""
        ...


#: The clock may be set while somebody sleeps, and a machine may be put to sleep itself: nobody dozes longer than this.
LONGEST_DOZE_S = 15.0


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, woken: asyncio.Event, *, until: datetime | None) -> None:
        while until is None or self.now() < until:
            seconds = None if until is None else min(LONGEST_DOZE_S, (until - self.now()).total_seconds())
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await woken.wait()
                    return
