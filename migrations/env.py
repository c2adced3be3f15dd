"""Where alembic starts: opens the database that the configuration names and hands the connection on."""

import asyncio

from alembic import context

from bot.storage.engine import create_engine
from bot.storage.migrate import run_migrations


async def main() -> None:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", is_pooled=False)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run_migrations)
    finally:
        await engine.dispose()


asyncio.run(main())
