"""Work that goes on behind the connection. What crashes is told of and begins anew, never silently gone."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.helpdesk.clock import Clock

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
#: Who ran that long before the crash gets the first pause again.
_SOUND = timedelta(minutes=5)


async def keep_running(name: str, work: Callable[[], Awaitable[None]], *, clock: Clock) -> None:
    """Until the work ends by itself, which it does when it is told to stop."""
    pause_s = FIRST_PAUSE_S
    while True:
        began = clock.now()
        try:
            await work()
        except Exception:
            if clock.now() - began > _SOUND:
                pause_s = FIRST_PAUSE_S
            log.exception("%s crashed and begins anew in %s s", name, pause_s)
        else:
            return
        await clock.wait(asyncio.Event(), until=clock.now() + timedelta(seconds=pause_s))
        pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)
