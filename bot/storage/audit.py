"""Who did what, kept for moderators. Nothing here quotes anybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.posts import ChannelId, GuildId, UserId
from bot.storage.tables import audit
from bot.triage.case import Case
from bot.triage.decision import Decision


async def note(
    connection: AsyncConnection,
    guild_id: GuildId,
    action: str,
    *,
    by: UserId | None,  # None: the command line
    at: datetime,
    case_id: ChannelId | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    entry = {
        "guild_id": guild_id,
        "at": at,
        "actor_id": by,
        "action": action,
        "case_id": case_id,
        "detail": dict(detail or {}),
    }
    await connection.execute(insert(audit), [entry])


async def note_orders(connection: AsyncConnection, case: Case, decided: Sequence[Decision], *, now: datetime) -> None:
    for decision in decided:
        if (ordered := decision.ordered) is not None:
            detail = {"article": ordered.article_id} if ordered.article_id else {}
            action = ordered.order.value
            await note(connection, case.guild_id, action, by=ordered.by, at=now, case_id=case.thread_id, detail=detail)
