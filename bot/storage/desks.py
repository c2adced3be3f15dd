"""What the desk shows, counted in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.moderation.ports import DeskFigures, Track, Waiting
from bot.posts import ChannelId, GuildId, UserId
from bot.replies.message import Message
from bot.storage.outcomes import tracks_of
from bot.storage.replies import want_card
from bot.storage.tables import autonomy, cases, escalations, findings, guild_settings, messages, outcomes
from bot.triage.case import FindingState
from bot.triage.keys import desk_key
from bot.triage.plans import Topic


class SqlDesks:
    """`Desks`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def figures(
        self, guild_id: GuildId, *, since: datetime, named: int, elsewhere: Collection[str] = ()
    ) -> DeskFigures:
        waits = _waits(guild_id, since, elsewhere)
        pause = select(guild_settings.c.paused_at, guild_settings.c.paused_until)
        async with self._engine.connect() as connection:
            paused = (await connection.execute(pause.where(guild_settings.c.guild_id == guild_id))).first()
            return DeskFigures(
                is_paused=paused is not None and paused.paused_at is not None,
                paused_until=paused.paused_until if paused is not None else None,
                oldest=await _oldest(connection, waits, named),
                waiting=await _count(connection, *waits),
                unconfirmed=await _count(connection, *_unconfirmed(guild_id, since, elsewhere)),
                drafts=await _count(connection, *_drafted(guild_id)),
                not_for_heron=await _not_for_heron(connection, guild_id, since),
                demoted=await _demoted(connection, guild_id),
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


def _waits(guild_id: GuildId, since: datetime, elsewhere: Collection[str]) -> tuple[Any, ...]:
    """Findings that people have to see to: handed over, or told lately that somebody else decides."""
    is_told = and_(findings.c.state == FindingState.ANSWERED.value, cases.c.opened_at >= since)
    waits = or_(
        findings.c.state == FindingState.HANDED_OVER.value,
        and_(is_told, findings.c.article_id.in_(elsewhere)),
    )
    is_open = findings.c.case_id == cases.c.thread_id, cases.c.closed_at.is_(None)
    return findings.c.guild_id == guild_id, waits, *is_open


def _drafted(guild_id: GuildId) -> tuple[Any, ...]:
    of_case = findings.c.case_id == cases.c.thread_id
    return findings.c.guild_id == guild_id, findings.c.state == FindingState.DRAFTED.value, of_case


def _unconfirmed(guild_id: GuildId, since: datetime, elsewhere: Collection[str]) -> tuple[Any, ...]:
    is_recent = findings.c.case_id == cases.c.thread_id, cases.c.opened_at >= since
    is_here = func.coalesce(findings.c.article_id, "").not_in(elsewhere)
    return findings.c.guild_id == guild_id, findings.c.state == FindingState.ANSWERED.value, is_here, *is_recent


async def _oldest(connection: AsyncConnection, waits: tuple[Any, ...], named: int) -> list[Waiting]:
    """One line a case. A finding waits since the message that it is about, or since the thread began."""
    card = and_(escalations.c.case_id == findings.c.case_id, escalations.c.topic == Topic.PEOPLE.value)
    asked = messages.c.message_id == findings.c.question_id
    since = func.coalesce(messages.c.sent_at, cases.c.opened_at)
    statement = (
        select(findings.c.case_id, findings.c.article_id, since.label("since"), escalations.c.claimed_by)
        .join(cases, cases.c.thread_id == findings.c.case_id)
        .outerjoin(messages, asked)
        .outerjoin(escalations, card)
        .where(*waits)
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
    where = cases.c.guild_id == guild_id, cases.c.opened_at >= since, cases.c.closed_at.is_(None), nothing_found
    return await connection.scalar(select(func.count()).select_from(cases).where(*where)) or 0


async def _demoted(connection: AsyncConnection, guild_id: GuildId) -> Mapping[str, Track]:
    """With the record that they were lowered for, as it is now."""
    by_measurement = select(autonomy.c.article_id).where(autonomy.c.guild_id == guild_id, autonomy.c.set_by.is_(None))
    demoted = set(await connection.scalars(by_measurement))
    if not demoted:
        return {}
    of_them = outcomes.c.guild_id == guild_id, outcomes.c.article_id.in_(demoted)
    return await tracks_of(connection, *of_them)
