"""A fresh database of each kind for one storm, and what is left in it afterwards."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.helpdesk.ports import GuildSettings
from bot.playground.model import Guild
from bot.posts import ChannelId, GuildId
from bot.storage.engine import create_engine
from bot.storage.guilds import SqlGuilds
from bot.storage.migrate import upgrade
from tests.databases import PostgresServer, own_cluster, postgres_binaries, rows_of

KINDS = ("sqlite", "postgresql")


class NoDatabase(Exception):
    """Its text says what to install."""


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Its address, for as long as the block runs; it has its tables."""
    if kind == "sqlite":
        url = f"sqlite+aiosqlite:///{folder / 'heron.db'}"
        upgrade(url)
        yield url
        return
    with _server() as server, server.database() as url:
        upgrade(url)
        yield url.replace("postgresql://", "postgresql+asyncpg://", 1)


@contextlib.contextmanager
def _server() -> Iterator[PostgresServer]:
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield PostgresServer(superuser_url=given.removesuffix("/").removesuffix("/postgres"))
        return
    if postgres_binaries() is None:
        raise NoDatabase("no PostgreSQL: install it (Debian: apt-get install postgresql) or set TEST_POSTGRES_URL")
    with own_cluster() as cluster:
        yield cluster.server


async def fill_in_servers(database_url: str, guilds: Sequence[Guild]) -> None:
    """Each server's settings: the environment has room for one server's only."""
    engine = create_engine(database_url, is_pooled=False)
    try:
        for guild in guilds:
            await SqlGuilds(engine).fill(
                GuildSettings(
                    guild_id=GuildId(guild.id),
                    forum_ids=(ChannelId(guild.forum.id),),
                    moderator_role_ids=(guild.role("Moderator").id,),
                    helper_role_ids=(guild.role("Helper").id,),
                    moderator_channel_id=ChannelId(guild.moderators.id),
                )
            )
    finally:
        await engine.dispose()


async def unsettled(database_url: str) -> list[str]:
    """Replies that are still to be sent, or that were given up."""
    rows = await rows_of(database_url, "SELECT key, channel_id, state, last_error FROM replies WHERE state <> 'done'")
    return [f"channel {row['channel_id']}: reply {row['key']} is {row['state']}: {row['last_error']}" for row in rows]
