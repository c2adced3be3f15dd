"""Waiting for a moment of the clock on the wall, which may be set while one waits."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.helpdesk import clock as clock_module
from bot.helpdesk.clock import SystemClock

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class SetClock(SystemClock):
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.time = NOON
        self.looks = 0
        self.was_looked_at = asyncio.Event()  # again and again

    def now(self) -> datetime:
        self.looks += 1
        if self.looks == 4:
            self.was_looked_at.set()
        return self.time


@pytest.fixture(autouse=True)
def _dozes_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "LONGEST_DOZE_S", 0.001)


async def test_a_clock_that_is_put_forward_ends_the_wait() -> None:
    clock = SetClock()
    waiting = asyncio.create_task(clock.wait(asyncio.Event(), until=NOON + timedelta(hours=1)))
    await asyncio.wait_for(clock.was_looked_at.wait(), 1)
    assert not waiting.done()
    clock.time += timedelta(hours=2)
    await asyncio.wait_for(waiting, 1)


async def test_a_clock_that_is_put_back_makes_the_wait_longer_and_not_endless() -> None:
    clock = SetClock()
    until = NOON + timedelta(seconds=1)
    clock.time -= timedelta(hours=1)
    waiting = asyncio.create_task(clock.wait(asyncio.Event(), until=until))
    await asyncio.wait_for(clock.was_looked_at.wait(), 1)
    assert not waiting.done()
    clock.time = until
    await asyncio.wait_for(waiting, 1)


async def test_an_event_ends_the_wait_at_once() -> None:
    woken = asyncio.Event()
    waiting = asyncio.create_task(SetClock().wait(woken, until=NOON + timedelta(days=1)))
    woken.set()
    await asyncio.wait_for(waiting, 1)


async def test_a_moment_that_is_over_is_not_waited_for() -> None:
    await asyncio.wait_for(SetClock().wait(asyncio.Event(), until=NOON), 1)
