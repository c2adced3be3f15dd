"""Serving is for the owner only: shards are taken before anything is connected, and watched as long as it is served."""

import asyncio
import os
import socket
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import structlog

from bot.app.background import keep_running
from bot.app.shards import Shards
from bot.helpdesk.clock import Clock
from bot.storage.engine import DatabaseAway, parse_url
from bot.storage.file_locks import FileLocks
from bot.storage.locks import Locks, ShardsHeld
from bot.storage.server_locks import ServerLocks

T = TypeVar("T")

log = structlog.stdlib.get_logger("heron")

#: How often a free lock is looked for, and whether ours still holds.
LOOK_S, WATCH_S = 0.5, 2.0
#: How long a database that is away is left alone between two tries.
AWAY_S = 2.0


def locks_for(database_url: str) -> Locks:
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        return FileLocks(Path(str(url.database)))
    return ServerLocks(database_url)


class Ownership:
    """Of these shards, all at once; in `standby` of those that are free, as soon as one is."""

    def __init__(self, locks: Locks, shards: Shards, *, is_standby: bool, clock: Clock) -> None:
        self._locks = locks
        self._shards = shards
        self._is_standby = is_standby
        self._clock = clock
        self._name = f"{os.getpid()}@{socket.gethostname()[:24]}"

    @property
    def lost(self) -> asyncio.Event:
        return self._locks.lost

    async def take(self, stop: asyncio.Event) -> Shards | None:
        """None when it was stopped before; raises `ShardsHeld` or `DatabaseError`."""
        said = ""
        while not stop.is_set():
            try:
                return await self._take()
            except ShardsHeld as held:
                if not self._may_wait_for(held):
                    raise
                said, pause_s = self._say("standing by", str(held), said), LOOK_S
            except DatabaseAway as away:
                said, pause_s = self._say("waiting", str(away), said), AWAY_S
            await self._clock.wait(stop, until=self._clock.now() + timedelta(seconds=pause_s))
        return None

    async def during(self, work: Coroutine[None, None, T]) -> T:
        """What the work returns. `lost` tells it when it has to end."""
        watching = asyncio.create_task(keep_running("the watch over the locks", self._watch, clock=self._clock))
        try:
            return await work
        finally:
            watching.cancel()
            await asyncio.wait({watching})

    async def release(self) -> None:
        await self._locks.release()

    async def _watch(self) -> None:
        """A connection that breaks says so itself; one that is only silent is asked."""
        while not self.lost.is_set():
            await self._clock.wait(self.lost, until=self._clock.now() + timedelta(seconds=WATCH_S))
            await self._locks.check()

    async def _take(self) -> Shards:
        ids = await self._locks.take(
            self._shards.ids,
            count=self._shards.count,
            all_of_them=not self._is_standby,
            who=f"{self._name} since {_readable(self._clock.now())}",
        )
        return Shards(ids=ids, count=self._shards.count)

    def _may_wait_for(self, held: ShardsHeld) -> bool:
        # After a connection was cut the server may need a moment to see that the one who holds the lock is us.
        return self._is_standby or all(holder.who.startswith(f"{self._name} ") for holder in held.holders)

    def _say(self, event: str, reason: str, said: str) -> str:
        if reason != said:
            log.warning(event, reason=reason)
        return reason


def _readable(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
