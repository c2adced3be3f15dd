"""Answers of an article that stand in a server's threads, for a sweep."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.moderation.ports import StandingAnswer
from bot.posts import ChannelId, GuildId, UserId
from bot.storage.audit import note
from bot.storage.replies import TO_ASKER
from bot.storage.serialise import message_of
from bot.storage.tables import replies


class SqlSweeps:
    """`Sweeps`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def standing(self, guild_id: GuildId, article_id: str, *, since: datetime) -> Sequence[StandingAnswer]:
        columns = (replies.c.case_id, replies.c.key, replies.c.body, replies.c.plan)
        stands = (
            replies.c.guild_id == guild_id,
            replies.c.purpose == TO_ASKER,
            replies.c.wanted,
            replies.c.message_id.is_not(None),
            replies.c.created_at >= since,
            # Only spares the reading of the others: what a plan says is looked at below.
            cast(replies.c.plan, Text).contains(article_id, autoescape=True),
        )
        newest = replies.c.created_at.desc(), replies.c.key
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(*columns).where(*stands).order_by(*newest))).mappings()
            return [_answer(row) for row in rows if any(p.get("answer") == article_id for p in row["plan"]["parts"])]

    async def note(self, guild_id: GuildId, *, by: UserId, detail: Mapping[str, object], now: datetime) -> None:
        async with self._engine.begin() as connection:
            await note(connection, guild_id, "sweep", by=by, at=now, detail=detail)


def _answer(row: RowMapping) -> StandingAnswer:
    body = row["body"]
    return StandingAnswer(
        case_id=ChannelId(row["case_id"]), key=row["key"], body=None if body is None else message_of(body)
    )
