"""A Heron that runs against a playground whose every word is held against Discord's description."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.playground import Exchange, Playground, PlaygroundConfig
from bot.playground.model import Payload
from tests.end_to_end.house import NEVER_AGAIN, HandClock, House
from tests.playground.contract import Contract, description_path
from tests.shipped_knowledge import Ready
from tests.tiny_knowledge import tiny

OpenHouse = Callable[..., Awaitable[House]]


class Watcher:
    """Remembers every call, and checks each when Discord's description is there."""

    def __init__(self) -> None:
        self.calls: list[Exchange] = []
        self._contract = Contract(also_refused=True) if description_path().exists() else None

    def exchanged(self, exchange: Exchange) -> None:
        self.calls.append(exchange)
        if self._contract is not None:
            self._contract.exchanged(exchange)

    def dispatched(self, event: str, data: Payload) -> None:
        if self._contract is not None:
            self._contract.dispatched(event, data)

    def of(self, method: str, route: str) -> list[Exchange]:
        return [call for call in self.calls if (call.method, call.route) == (method, route)]

    def assert_kept(self) -> None:
        if self._contract is not None:
            self._contract.assert_kept()


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher()
    yield watcher
    watcher.assert_kept()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(autouse=True)
def _the_library_points_where_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heron points discord.py to the playground itself; this only brings it back afterwards."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.fixture
async def playground(watcher: Watcher, clock: HandClock) -> AsyncIterator[Playground]:
    async with Playground(clock=clock.now, config=PlaygroundConfig(bot_name="Heron"), observer=watcher) as playground:
        yield playground


@pytest.fixture
async def open_house(
    playground: Playground, clock: HandClock, watcher: Watcher, database_url: str
) -> AsyncIterator[OpenHouse]:
    async with AsyncExitStack() as stack:

        async def open_(
            *,
            quiet_s: float = 0.0,
            desk_rest: timedelta = NEVER_AGAIN,
            most_an_hour: int | None = None,
            ready: Ready | None = None,
        ) -> House:
            house = House(
                playground,
                ready or tiny(),
                database_url,
                clock,
                quiet_s=quiet_s,
                desk_rest=desk_rest,
                most_an_hour=most_an_hour,
            )
            stack.push_async_callback(house.close)
            await house.start()
            watcher.calls.clear()
            return house

        yield open_


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """Answers at once; `open_house(quiet_s=…)` waits for quiet askers as in real life."""
    return await open_house()
