"""How fast Discord is called, and who goes first. Time is the loop's own, run by a test."""

import asyncio
from collections.abc import Callable

import pytest

from bot.helpdesk.pace import AT_ONCE, Pace, Urgency


class HandLoop:
    """The part of a loop that a pace uses: a clock, and timers that ring when a test passes time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay_s: float, call: Callable[[], None]) -> object:
        self.timers.append((self.now + delay_s, call))
        return self.timers[-1]

    def create_future(self) -> "asyncio.Future[None]":
        return asyncio.Future()


class Track:
    """Runners who want a turn, and the order and time in which they got it."""

    def __init__(self, loop: HandLoop, *, rate: float = 45.0) -> None:
        self.loop = loop
        self.rate = rate
        self.pace = Pace(lambda: self.rate)
        self.went: list[tuple[str, float]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def wants(self, name: str, urgency: Urgency = Urgency.SAY) -> "asyncio.Task[None]":
        self.tasks.append(asyncio.create_task(self._run(name, urgency)))
        return self.tasks[-1]

    async def _run(self, name: str, urgency: Urgency) -> None:
        await self.pace.turn(urgency)
        self.went.append((name, self.loop.now))

    async def pass_time(self, seconds: float) -> None:
        ends_at = self.loop.now + seconds
        await settle()
        while due := min(
            (timer for timer in self.loop.timers if timer[0] <= ends_at), default=None, key=lambda t: t[0]
        ):
            self.loop.timers.remove(due)
            self.loop.now = max(self.loop.now, due[0])
            due[1]()
            await settle()
        self.loop.now = ends_at

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.went]


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def track(monkeypatch: pytest.MonkeyPatch) -> Track:
    loop = HandLoop()
    monkeypatch.setattr("bot.helpdesk.pace.asyncio.get_running_loop", lambda: loop)
    return Track(loop)


async def test_after_a_rest_a_few_go_at_once_and_the_others_at_the_rate(track: Track) -> None:
    for number in range(200):
        track.wants(f"{number}")
    await track.pass_time(0)
    assert len(track.went) == AT_ONCE
    await track.pass_time(1)
    assert len(track.went) == AT_ONCE + 45
    await track.pass_time(10)
    assert track.names == [f"{number}" for number in range(200)]


async def test_no_second_sees_more_than_discord_allows(track: Track) -> None:
    for number in range(300):
        track.wants(f"{number}")
    await track.pass_time(10)
    times = [at for _, at in track.went]
    assert max(sum(start <= at < start + 1 for at in times) for start in times) <= 50


async def test_what_is_to_be_said_goes_before_looks(track: Track) -> None:
    for number in range(AT_ONCE):
        track.wants(f"first {number}")
    await track.pass_time(0)
    for name, urgency in (
        ("look", Urgency.LOOK),
        ("say", Urgency.SAY),
        ("say too", Urgency.SAY),
    ):
        track.wants(name, urgency)
    await track.pass_time(1)
    assert track.names[AT_ONCE:] == ["say", "say too", "look"]


async def test_whoever_gives_up_waiting_takes_no_turn_from_others(track: Track) -> None:
    tasks = [track.wants(f"{number}") for number in range(AT_ONCE + 2)]
    await track.pass_time(0)
    tasks[-2].cancel()
    await track.pass_time(1 / 45 + 0.001)
    assert track.names[-1] == f"{AT_ONCE + 1}"


async def test_a_process_with_half_of_the_shards_has_half_of_the_calls(track: Track) -> None:
    track.rate = 22.5
    for number in range(100):
        track.wants(f"{number}")
    await track.pass_time(2)
    assert len(track.went) == AT_ONCE + 45
