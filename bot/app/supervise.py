"""Keeps one Heron serving: a connection that cannot be made or is lost for good gets a new one, after a pause."""

import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.app.heron import Heron, World
from bot.cogs.client import CannotConnect, ConnectionLost, TokenRefused

log = structlog.stdlib.get_logger("heron")

#: Exit statuses: stopped when asked; settings or templates that cannot be used; a token that Discord refuses. The last
#: is one of its own, so that a supervisor need not start Heron again and again until Discord locks the machine out.
STOPPED, UNUSABLE, REFUSED = 0, 2, 78

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


async def supervise(
    build: Callable[[], Heron], token: str, *, stop: asyncio.Event, lost: asyncio.Event, world: World
) -> int | None:
    """The exit status; None when the shards are no longer ours, which ends everything at once."""
    lost_in_a_row = 0
    while not stop.is_set():
        heron, began = build(), world.clock.now()
        serving = asyncio.create_task(heron.serve(token))
        await _first_of(serving, stop, lost)
        if lost.is_set() or stop.is_set():
            await _end(heron, serving, at_once=lost.is_set())
            return None if lost.is_set() else STOPPED
        try:
            serving.result()
            reason = "the client ended without an error"
        except CannotConnect as error:
            sys.stderr.write(f"{error}\n")
            return REFUSED if isinstance(error, TokenRefused) else UNUSABLE
        except ConnectionLost as error:
            reason = str(error)
        except Exception as error:
            log.exception("serving failed")
            reason = type(error).__name__
        lost_in_a_row = 1 if world.clock.now() - began > timedelta(minutes=5) else lost_in_a_row + 1
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (lost_in_a_row - 1)) * (0.5 + world.random() / 2)
        log.warning("connection lost", reason=reason, next_try_in_s=round(pause_s, 1))
        pausing = asyncio.create_task(world.clock.wait(stop, until=world.clock.now() + timedelta(seconds=pause_s)))
        await _first_of(pausing, stop, lost)
        pausing.cancel()
        if lost.is_set():
            return None
    return STOPPED


async def _first_of(task: "asyncio.Task[None]", *events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait({task, *waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()


async def _end(heron: Heron, serving: "asyncio.Task[None]", *, at_once: bool) -> None:
    if at_once:
        await heron.stop(patience_s=0.0)
    else:
        await heron.stop()
    # A client that never got a connection goes on trying for one even when it is closed.
    _, late = await asyncio.wait({serving}, timeout=2.0)
    for task in late:
        task.cancel()
        await asyncio.wait({task}, timeout=2.0)
