"""The settings of each server, in the database."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.helpdesk.ports import GuildSettings
from bot.posts import ChannelId, GuildId
from bot.storage.statements import insert
from bot.storage.tables import guild_settings


class SqlGuilds:
    """`Guilds`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def settings(self, guild_id: GuildId) -> GuildSettings | None:
        async with self._engine.connect() as connection:
            return await _read(connection, guild_id)

    async def fill(self, settings: GuildSettings) -> GuildSettings:
        row = {
            "guild_id": settings.guild_id,
            "forum_ids": list(settings.forum_ids),
            "moderator_role_ids": list(settings.moderator_role_ids),
            "helper_role_ids": list(settings.helper_role_ids),
            "moderator_channel_id": settings.moderator_channel_id,
        }
        async with self._engine.begin() as connection:
            await connection.execute(insert(connection, guild_settings).values(row).on_conflict_do_nothing())
            return await _read(connection, settings.guild_id) or settings


async def _read(connection: AsyncConnection, guild_id: GuildId) -> GuildSettings | None:
    statement = select(guild_settings).where(guild_settings.c.guild_id == guild_id)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        return None
    channel = row["moderator_channel_id"]
    return GuildSettings(
        guild_id=GuildId(row["guild_id"]),
        forum_ids=tuple(ChannelId(i) for i in row["forum_ids"]),
        moderator_role_ids=tuple(row["moderator_role_ids"]),
        helper_role_ids=tuple(row["helper_role_ids"]),
        moderator_channel_id=None if channel is None else ChannelId(channel),
    )
