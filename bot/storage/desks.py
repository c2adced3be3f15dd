"""What the desk shows, counted in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.moderation.ports import DeskFigures, Waiting
from bot.posts import ChannelId, GuildId, UserId
from bot.replies.message import Message
from bot.storage.replies import want_card
from bot.storage.tables import cases, escalations, findings, guild_settings, messages
from bot.triage.case import FindingState
from bot.triage.keys import desk_key
from bot.triage.plans import Topic


class SqlDesks:
    """`Desks`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def figures(self, guild_id: GuildId, *, since: datetime, named: int) -> DeskFigures:
        pause = select(guild_settings.c.paused_at, guild_settings.c.paused_until)
        async with self._engine.connect() as connection:
            paused = (await connection.execute(pause.where(guild_settings.c.guild_id == guild_id))).first()
            return DeskFigures(
                is_paused=paused is not None and paused.paused_at is not None,
                paused_until=paused.paused_until if paused is not None else None,
                oldest=await _oldest(connection, guild_id, named),
                waiting=await _count(connection, *_handed_over(guild_id)),
                unconfirmed=await _count(connection, *_unconfirmed(guild_id, since)),
                not_for_heron=await _not_for_heron(connection, guild_id, since),
            )

    async def show(self, guild_id: GuildId, channel_id: ChannelId, body: Message, *, now: datetime) -> None:
        async with self._engine.begin() as connection:
            await want_card(
                connection,
                key=desk_key(guild_id),
                guild_id=guild_id,
                case_id=None,
                channel_id=channel_id,
                body=body,
                now=now,
            )


def _handed_over(guild_id: GuildId) -> tuple[Any, ...]:
    is_open = findings.c.case_id == cases.c.thread_id, cases.c.closed_at.is_(None)
    return findings.c.guild_id == guild_id, findings.c.state == FindingState.HANDED_OVER.value, *is_open


def _unconfirmed(guild_id: GuildId, since: datetime) -> tuple[Any, ...]:
    is_recent = findings.c.case_id == cases.c.thread_id, cases.c.opened_at >= since
    return findings.c.guild_id == guild_id, findings.c.state == FindingState.ANSWERED.value, *is_recent


async def _oldest(connection: AsyncConnection, guild_id: GuildId, named: int) -> list[Waiting]:
    """One line a case. A finding waits since the message that it is about, or since the thread began."""
    card = and_(escalations.c.case_id == findings.c.case_id, escalations.c.topic == Topic.PEOPLE.value)
    asked = messages.c.message_id == findings.c.question_id
    since = func.coalesce(messages.c.sent_at, cases.c.opened_at)
    statement = (
        select(findings.c.case_id, findings.c.article_id, since.label("since"), escalations.c.claimed_by)
        .join(cases, cases.c.thread_id == findings.c.case_id)
        .outerjoin(messages, asked)
        .outerjoin(escalations, card)
        .where(*_handed_over(guild_id))
        .order_by(since, findings.c.case_id, findings.c.position)
        .limit(named)
    )
    return [
        Waiting(
            case_id=ChannelId(row.case_id),
            article_id=row.article_id,
            since=row.since,
            claimed_by=None if row.claimed_by is None else UserId(row.claimed_by),
        )
        for row in await connection.execute(statement)
    ]


async def _count(connection: AsyncConnection, *where: Any) -> int:
    return await connection.scalar(select(func.count()).select_from(findings, cases).where(*where)) or 0


async def _not_for_heron(connection: AsyncConnection, guild_id: GuildId, since: datetime) -> int:
    nothing_found = ~exists().where(findings.c.case_id == cases.c.thread_id)
    where = cases.c.guild_id == guild_id, cases.c.opened_at >= since, nothing_found
    return await connection.scalar(select(func.count()).select_from(cases).where(*where)) or 0
