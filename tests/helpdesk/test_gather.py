"""Readers add to a post before it is judged: within their time, and without breaking it."""

import asyncio
from dataclasses import replace

import pytest

from bot.helpdesk.arrivals import Rewrote, Wrote
from bot.helpdesk.gather import Gather
from bot.posts import Post
from tests.helpdesk.arrivals import erased, rewrote, wrote


class Adds:
    def __init__(self, words: str) -> None:
        self._words = words

    async def read(self, post: Post) -> Post:
        return replace(post, text=f"{post.text} {self._words}")


class Breaks:
    async def read(self, _: Post) -> Post:
        raise RuntimeError("unreadable")


class NeverEnds:
    async def read(self, post: Post) -> Post:
        await asyncio.Event().wait()
        return post


async def test_every_reader_adds_to_every_post() -> None:
    gathered = await Gather([Adds("one"), Adds("two")]).all((wrote(0, "a"), rewrote(1, "b"), erased(2)))
    texts = [arrival.post.text for arrival in gathered if isinstance(arrival, Wrote | Rewrote)]
    assert texts == ["a one two", "b one two"]
    assert gathered[2] == erased(2)


async def test_a_reader_that_breaks_takes_nothing_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    (arrival,) = await Gather([Breaks(), Adds("more")]).all((wrote(0, "a"),))
    assert isinstance(arrival, Wrote)
    assert arrival.post.text == "a more"
    assert "Breaks failed" in caplog.text


async def test_what_is_not_read_in_time_is_done_without() -> None:
    gathered = await Gather([Adds("more"), NeverEnds()], budget_s=0).all((wrote(0, "a"), wrote(1, "b")))
    assert [a.post.message_id for a in gathered if isinstance(a, Wrote)] == [5_000, 5_001]
