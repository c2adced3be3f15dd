"""Work in lanes: what belongs to one key is done in order by one task, different keys side by side; all bounded."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class Lanes(Generic[T]):
    """`work` gets a key and its lane, and takes from the left what it does at once; at least one item."""

    def __init__(self, work: Callable[[int, deque[T]], Awaitable[None]], *, width: int = 8, most: int = 10_000) -> None:
        self._work = work
        self._width = asyncio.Semaphore(width)
        self._most = most
        self._lanes: dict[int, deque[T]] = {}
        self._waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopped = False
        self._empty = asyncio.Event()
        self._empty.set()

    def put(self, key: int, item: T) -> bool:
        """False when there is no room or no more work is taken."""
        if self._is_stopped or self._waiting >= self._most:
            return False
        self._waiting += 1
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(item)
            return True
        self._lanes[key] = lane = deque([item])
        self._empty.clear()
        task = asyncio.create_task(self._run(key, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def idle(self) -> None:
        await self._empty.wait()

    async def stop(self, *, patience_s: float) -> None:
        """Takes nothing new, lets what is begun come to its end, and drops the rest."""
        self._is_stopped = True
        for lane in self._lanes.values():
            lane.clear()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience_s)
            for task in late:
                task.cancel()

    async def _run(self, key: int, lane: deque[T]) -> None:
        try:
            while lane:
                async with self._width:
                    if lane:
                        await self._unit(key, lane)
                self._waiting = sum(map(len, self._lanes.values()))
        finally:
            del self._lanes[key]
            if not self._lanes:
                self._empty.set()

    async def _unit(self, key: int, lane: deque[T]) -> None:
        first = lane[0]
        try:
            await self._work(key, lane)
        except Exception:
            # One broken unit must not take the lane with it; what it left untouched would break the next one, too.
            log.exception("a unit of work of lane %s failed", key)
            if lane and lane[0] is first:
                lane.popleft()
