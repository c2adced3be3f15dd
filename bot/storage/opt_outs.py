"""People who want no answers in a server."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.posts import ChannelId, GuildId, UserId
from bot.storage.replies import PENDING, TO_ASKER
from bot.storage.statements import insert
from bot.storage.tables import cases, mutes, replies


class SqlOptOuts:
    """`OptOuts`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def among(self, guild_id: GuildId, user_ids: Collection[UserId]) -> frozenset[UserId]:
        statement = select(mutes.c.user_id).where(mutes.c.guild_id == guild_id, mutes.c.user_id.in_(user_ids))
        async with self._engine.connect() as connection:
            return frozenset(map(UserId, await connection.scalars(statement)))

    async def add(self, guild_id: GuildId, user_id: UserId, *, now: datetime) -> Sequence[ChannelId]:
        row = {"guild_id": guild_id, "user_id": user_id, "muted_by": user_id, "muted_at": now}
        async with self._engine.begin() as connection:
            await connection.execute(insert(connection, mutes).values(row).on_conflict_do_nothing())
            of_theirs = cases.c.guild_id == guild_id, cases.c.asker_id == user_id
            waits = replies.c.purpose == TO_ASKER, replies.c.state == PENDING, replies.c.message_id.is_(None)
            waiting = select(replies.c.case_id).join(cases).where(*of_theirs, *waits).distinct()
            return [ChannelId(case_id) for case_id in await connection.scalars(waiting)]

    async def remove(self, guild_id: GuildId, user_id: UserId) -> None:
        theirs = mutes.c.guild_id == guild_id, mutes.c.user_id == user_id
        async with self._engine.begin() as connection:
            await connection.execute(delete(mutes).where(*theirs))
