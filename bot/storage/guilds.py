"""The settings of each server, in the database, and where Heron keeps still for the time being."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.helpdesk.ports import GuildSettings
from bot.posts import ChannelId, GuildId, UserId
from bot.storage.audit import note
from bot.storage.columns import Row
from bot.storage.statements import insert, upsert
from bot.storage.tables import audit, autonomy, guild_settings

#: Not paused.
_GOING: Row = {"paused_at": None, "paused_until": None}


class SqlGuilds:
    """`Guilds`, and `Brakes`."""

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

    async def paused(self, guild_ids: Sequence[GuildId]) -> frozenset[GuildId]:
        asked = guild_settings.c.guild_id.in_(guild_ids), guild_settings.c.paused_at.is_not(None)
        async with self._engine.connect() as connection:
            found = await connection.scalars(select(guild_settings.c.guild_id).where(*asked))
            return frozenset(map(GuildId, found))

    async def end_pauses(self, guild_ids: Sequence[GuildId], *, now: datetime) -> None:
        is_over = guild_settings.c.guild_id.in_(guild_ids), guild_settings.c.paused_until <= now
        async with self._engine.begin() as connection:
            await connection.execute(update(guild_settings).where(*is_over).values(_GOING))

    async def pause(self, guild_id: GuildId, *, by: UserId, until: datetime | None, now: datetime) -> None:
        await self._change(guild_id, "pause", by, now, {"paused_at": now, "paused_until": until})

    async def resume(self, guild_id: GuildId, *, by: UserId, now: datetime) -> None:
        await self._change(guild_id, "resume", by, now, _GOING)

    async def lower(self, guild_id: GuildId, article_id: str, level: str, *, by: UserId, now: datetime) -> None:
        await self._set_level(guild_id, article_id, level, by=by, now=now)

    async def demote(self, guild_id: GuildId, article_id: str, level: str, *, now: datetime) -> None:
        await self._set_level(guild_id, article_id, level, by=None, now=now)

    async def _set_level(
        self, guild_id: GuildId, article_id: str, level: str, *, by: UserId | None, now: datetime
    ) -> None:
        row = {"guild_id": guild_id, "article_id": article_id, "level": level, "set_by": by, "set_at": now}
        async with self._engine.begin() as connection:
            await upsert(connection, autonomy, [row])
            detail = {"article": article_id, "level": level}
            action = "set article" if by is not None else "measured"
            await note(connection, guild_id, action, by=by, at=now, detail=detail)

    async def _change(self, guild_id: GuildId, action: str, by: UserId, now: datetime, values: Row) -> None:
        async with self._engine.begin() as connection:
            it = guild_settings.c.guild_id == guild_id
            await connection.execute(update(guild_settings).where(it).values(values))
            await note(connection, guild_id, action, by=by, at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseOutcome:
    known: int  # servers that were meant
    changed: int


async def set_paused(guild_id: GuildId | None, engine: AsyncEngine, *, is_paused: bool, now: datetime) -> PauseOutcome:
    """In that server or in all. The audit holds each change, ordered by nobody: it came from the command line."""
    meant = guild_settings.c.guild_id == guild_id if guild_id is not None else true()
    was_paused = guild_settings.c.paused_at.is_not(None)
    changing = update(guild_settings).where(meant, ~was_paused if is_paused else was_paused)
    changing = changing.values(paused_at=now if is_paused else None, paused_until=None)
    async with engine.begin() as connection:
        changed = (await connection.scalars(changing.returning(guild_settings.c.guild_id))).all()
        action = "pause" if is_paused else "resume"
        entries = [{"guild_id": one, "at": now, "action": action, "detail": {}} for one in changed]
        if entries:
            await connection.execute(insert_into(audit), entries)
        known = await connection.scalar(select(func.count()).select_from(guild_settings).where(meant))
    return PauseOutcome(known=known or 0, changed=len(entries))


async def _read(connection: AsyncConnection, guild_id: GuildId) -> GuildSettings | None:
    statement = select(guild_settings).where(guild_settings.c.guild_id == guild_id)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        return None
    channel = row["moderator_channel_id"]
    levels = select(autonomy.c.article_id, autonomy.c.level).where(autonomy.c.guild_id == guild_id)
    lowered = {level.article_id: level.level for level in await connection.execute(levels)}
    return GuildSettings(
        guild_id=GuildId(row["guild_id"]),
        forum_ids=tuple(ChannelId(i) for i in row["forum_ids"]),
        moderator_role_ids=tuple(row["moderator_role_ids"]),
        helper_role_ids=tuple(row["helper_role_ids"]),
        moderator_channel_id=None if channel is None else ChannelId(channel),
        lowered=lowered,
    )
