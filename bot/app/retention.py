"""Old words are forgotten every night, and once at the start, for the nights that went by without Heron."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.helpdesk.clock import Clock

log = structlog.stdlib.get_logger("heron")

#: At this hour of UTC: night or early morning where most forums have their people.
HOUR = 3


async def purge_nightly(
    purge: Callable[[datetime], Awaitable[int]], *, days: int, stop: asyncio.Event, clock: Clock
) -> None:
    """`purge` empties what is older than a moment, and says how many messages that were. Ends when told to stop."""
    while not stop.is_set():
        emptied = await purge(clock.now() - timedelta(days=days))
        log.info("purged", older_than_days=days, messages=emptied)
        await clock.wait(stop, until=next_night(clock.now()))


def next_night(now: datetime) -> datetime:
    night = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)
