"""Pictures of a post → what they say. Each is fetched and read once, however often somebody asks for it."""

import asyncio
import importlib.util
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.posts import Attachment
from bot.screenshots.process import NotRead

log = logging.getLogger(__name__)

#: Larger files are no screenshots; Discord tells the size beforehand.
MAX_BYTES = 8 * 1024 * 1024
#: Readings that are remembered: a link preview brings a message again minutes later.
REMEMBERED = 500
#: Pictures that wait for their turn; beyond that they are left unread.
MAX_WAITING = 40

Fetch = Callable[[str], Awaitable[bytes]]


class Recogniser(Protocol):
    async def read(self, picture: bytes) -> Sequence[str]: ...


def can_read() -> bool:
    """Whether the recogniser is installed; it is an extra. Nothing is imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


class Screenshots:
    """`mend` makes one text of the lines. `fetch` raises what it likes: an unread picture breaks nothing."""

    def __init__(self, *, fetch: Fetch, recogniser: Recogniser, mend: Callable[[Sequence[str]], str]) -> None:
        self._fetch = fetch
        self._recogniser = recogniser
        self._mend = mend
        self._readings: OrderedDict[str, asyncio.Task[str | None]] = OrderedDict()

    async def read(self, picture: Attachment) -> str | None:
        """What the picture says; None when nobody can tell."""
        if picture.size_bytes is not None and picture.size_bytes > MAX_BYTES:
            return None
        name = picture.location.partition("?")[0]  # the rest is a signature that changes
        reading = self._readings.get(name)
        if reading is None:
            if sum(not one.done() for one in self._readings.values()) >= MAX_WAITING:
                return None
            reading = self._readings[name] = asyncio.create_task(self._read(picture.location))
        self._readings.move_to_end(name)
        while len(self._readings) > REMEMBERED:
            self._readings.popitem(last=False)
        # Whoever stops waiting must not stop the reading, which others may wait for.
        text = await asyncio.shield(reading)
        if text is None:
            self._readings.pop(name, None)  # later it may go
        return text

    async def _read(self, location: str) -> str | None:
        try:
            return self._mend(await self._recogniser.read(await self._fetch(location)))
        except NotRead as error:
            log.warning("a picture was not read: %s", error)
        except Exception as error:  # noqa: BLE001 - its text may hold the address, which is signed
            log.warning("a picture was not fetched: %s", type(error).__name__)
        return None

    async def stop(self) -> None:
        under_way = [reading for reading in self._readings.values() if not reading.done()]
        for reading in under_way:
            reading.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
