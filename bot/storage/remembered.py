"""What Heron remembers of its own doings, by name."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.statements import upsert
from bot.storage.tables import remembered


class SqlMemory:
    """`Memory`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, name: str) -> str | None:
        async with self._engine.connect() as connection:
            value: str | None = await connection.scalar(select(remembered.c.value).where(remembered.c.name == name))
            return value

    async def put(self, name: str, value: str) -> None:
        async with self._engine.begin() as connection:
            await upsert(connection, remembered, [{"name": name, "value": value}])
