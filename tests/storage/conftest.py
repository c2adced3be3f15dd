"""What the tests of storage share: an engine on each database."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.cases import SqlCases
from bot.storage.engine import create_engine
from bot.storage.replies import SqlReplies


@pytest_asyncio.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def cases(engine: AsyncEngine) -> SqlCases:
    return SqlCases(engine, knowledge_hash=lambda: "fake-hash")


@pytest_asyncio.fixture
async def replies(engine: AsyncEngine) -> SqlReplies:
    return SqlReplies(engine)


@pytest_asyncio.fixture
async def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'one.db')}")
    yield engine
    await engine.dispose()
