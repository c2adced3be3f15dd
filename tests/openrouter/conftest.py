"""A service on loopback, and the client of the process."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from bot.attachments.client import open_client
from tests.openrouter.service import Service, served


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with served() as running:
        yield running


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as one:
        yield one
