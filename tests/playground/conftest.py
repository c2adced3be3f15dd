"""A playground whose every word is held against Discord's description, and real clients that connect to it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.playground import Playground, PlaygroundConfig
from tests.playground.client import Client
from tests.playground.contract import Contract, description_path


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **by: float) -> None:
        self.now += timedelta(**by)


OpenPlayground = Callable[..., Awaitable[Playground]]
Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def contract() -> Iterator[Contract | None]:
    """None without Discord's description; test_contract.py says so."""
    if not description_path().exists():
        yield None
        return
    contract = Contract()
    yield contract
    contract.assert_kept()


@pytest.fixture
async def open_playground(contract: Contract | None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenPlayground]:
    async with AsyncExitStack() as stack:

        async def open_(config: PlaygroundConfig | None = None, **options: Any) -> Playground:
            playground = Playground(config=config, observer=contract, **options)
            await stack.enter_async_context(playground)
            monkeypatch.setattr(Route, "BASE", playground.api_url)
            monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(playground.gateway_url))
            return playground

        yield open_


@pytest.fixture
async def playground(open_playground: OpenPlayground) -> Playground:
    return await open_playground()


@pytest.fixture
async def connect(open_playground: OpenPlayground) -> AsyncIterator[Connect]:  # noqa: ARG001 - closed before it
    clients: list[Client] = []

    async def connect_(playground: Playground, intents: discord.Intents | None = None, **options: Any) -> Client:
        client = Client(playground, intents, **options)
        clients.append(client)
        await client.run_beside()
        return client

    yield connect_
    for client in clients:
        await client.stop()


@pytest.fixture
async def client(playground: Playground, connect: Connect) -> Client:
    return await connect(playground)
