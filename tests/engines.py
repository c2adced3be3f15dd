"""Engines that one test after another gets: what SQLAlchemy has compiled for a statement stays with its engine.

Connections do not go from test to test: whoever gives an engine back has closed them all.
"""

from collections import defaultdict

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import create_engine

_idle: dict[str, list[AsyncEngine]] = defaultdict(list)


def take_engine(database_url: str) -> AsyncEngine:
    """One that nobody else has."""
    idle = _idle[database_url]
    return idle.pop() if idle else create_engine(database_url)


async def give_back(engine: AsyncEngine, database_url: str) -> None:
    await engine.dispose()
    _idle[database_url].append(engine)
