"""Pictures of posts are fetched and read once, and what cannot be read breaks nothing."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from bot.posts import Attachment
from bot.screenshots.process import NotRead
from bot.screenshots.reader import MAX_BYTES, MAX_WAITING, Screenshots

LINK = "https://cdn.example.com/attachments/1/2/screen.png"


class Recogniser:
    def __init__(self) -> None:
        self.read_so_far: list[bytes] = []
        self.may = asyncio.Event()
        self.may.set()
        self.refuses = False

    async def read(self, picture: bytes) -> Sequence[str]:
        await self.may.wait()
        self.read_so_far.append(picture)
        if self.refuses:
            raise NotRead("no picture")
        return ("Error 429", picture.decode())


class World:
    def __init__(self) -> None:
        self.recogniser = Recogniser()
        self.fetched: list[str] = []
        self.is_away = False
        self.is_fetching = asyncio.Event()
        self.screenshots = Screenshots(fetch=self._fetch, recogniser=self.recogniser, mend="\n".join)

    async def _fetch(self, address: str) -> bytes:
        self.fetched.append(address)
        self.is_fetching.set()
        if self.is_away:
            raise OSError(f"{address} is away")
        return b"bytes"

    async def read(self, location: str = f"{LINK}?hm=1", *, size_bytes: int | None = 10) -> str | None:
        picture = Attachment(filename="screen.png", location=location, size_bytes=size_bytes)
        return await self.screenshots.read(picture)


async def test_a_picture_is_fetched_read_and_mended() -> None:
    assert await World().read() == "Error 429\nbytes"


async def test_the_same_picture_is_read_once_whatever_its_signature() -> None:
    world = World()
    assert await world.read(f"{LINK}?hm=1") == await world.read(f"{LINK}?hm=2")
    assert world.fetched == [f"{LINK}?hm=1"]


async def test_whoever_stops_waiting_does_not_stop_the_reading() -> None:
    world = World()
    world.recogniser.may.clear()
    impatient = asyncio.create_task(world.read())
    await world.is_fetching.wait()
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    world.recogniser.may.set()
    assert await world.read() == "Error 429\nbytes"
    assert len(world.fetched) == 1


async def test_a_picture_that_cannot_be_read_is_none_and_may_be_tried_again() -> None:
    world = World()
    world.recogniser.refuses = True
    assert await world.read() is None
    world.recogniser.refuses = False
    assert await world.read() == "Error 429\nbytes"


async def test_a_picture_that_cannot_be_fetched_is_none_and_its_link_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, logger="bot.screenshots")
    world = World()
    world.is_away = True
    assert await world.read() is None
    assert "was not fetched: OSError" in caplog.text
    assert "hm=" not in caplog.text


async def test_a_huge_file_is_not_fetched() -> None:
    world = World()
    assert await world.read(size_bytes=MAX_BYTES + 1) is None
    assert world.fetched == []


async def test_so_many_wait_and_no_more() -> None:
    world = World()
    world.recogniser.may.clear()
    waiting = [asyncio.create_task(world.read(f"{LINK}/{n}")) for n in range(MAX_WAITING)]
    await asyncio.sleep(0)
    assert await world.read(f"{LINK}/one too many") is None
    world.recogniser.may.set()
    assert None not in await asyncio.gather(*waiting)


async def test_a_stop_ends_what_is_under_way() -> None:
    world = World()
    world.recogniser.may.clear()
    reading = asyncio.create_task(world.read())
    await world.is_fetching.wait()
    await world.screenshots.stop()
    with pytest.raises(asyncio.CancelledError):
        await reading
