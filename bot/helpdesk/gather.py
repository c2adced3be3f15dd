"""What is fetched for a post before it is judged: readers that add to it, all together within one budget of time."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.helpdesk.arrivals import Arrival, Rewrote, Wrote
from bot.posts import Post

BUDGET_S = 2.0

log = logging.getLogger(__name__)


class Reader(Protocol):
    async def read(self, post: Post) -> Post:
        """The post with what this reader could find out about it."""
        ...


class Gather:
    def __init__(self, readers: Sequence[Reader] = (), *, budget_s: float = BUDGET_S) -> None:
        self._readers = readers
        self._budget_s = budget_s

    async def all(self, arrivals: Sequence[Arrival]) -> tuple[Arrival, ...]:
        """The same arrivals, with all that could be read in time."""
        found = list(arrivals)
        try:
            async with asyncio.timeout(self._budget_s):
                for index, arrival in enumerate(found):
                    if isinstance(arrival, Wrote | Rewrote):
                        for reader in self._readers:
                            found[index] = arrival = replace(arrival, post=await self._read(reader, arrival.post))
        except TimeoutError:
            log.warning("thread %s: not everything could be read in %s s", arrivals[0].thread_id, self._budget_s)
        return tuple(found)

    async def _read(self, reader: Reader, post: Post) -> Post:
        try:
            return await reader.read(post)
        except Exception:
            # What cannot be read must not keep the rest of the post from being judged.
            log.exception("message %s: %s failed", post.message_id, type(reader).__name__)
            return post
