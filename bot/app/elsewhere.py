"""What a command at a terminal changed in the database of a running Heron: noticed within seconds, and made true."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.helpdesk.clock import Clock
from bot.moderation.ports import Memory

#: Between two looks.
LOOK = timedelta(seconds=5)
_NAME = "changed elsewhere"


async def changed_elsewhere(memory: Memory, now: datetime) -> None:
    """Says that something is to be taken down or shown otherwise."""
    await memory.put(_NAME, now.isoformat())


async def watch_elsewhere(memory: Memory, *, stop: asyncio.Event, clock: Clock, on_changed: Callable[[], None]) -> None:
    """Ends when it is told to stop."""
    known = await memory.get(_NAME)
    while not stop.is_set():
        await clock.wait(stop, until=clock.now() + LOOK)
        found = await memory.get(_NAME)
        if found != known:
            known = found
            on_changed()
