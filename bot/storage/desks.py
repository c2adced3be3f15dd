"""What the desk shows, counted in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.moderation.ports import DeskFigures, Track, Waiting
from bot.posts import ChannelId, GuildId, UserId
from bot.replies.message import Message
from bot.storage.outcomes import tracks_of
from bot.storage.tables import autonomy, cases, escalations, findings, guild_settings, messages, outcomes
from bot.storage.wanted_cards import want_card
from bot.triage.case import FindingState
from bot.triage.keys import desk_key
from bot.triage.plans import Topic

_OF_CASE = findings.c.case_id == cases.c.thread_id


class SqlDesks:
    """`Desks`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def figures(
        self, guild_id: GuildId, *, since: datetime, named: int, elsewhere: Collection[str] = ()
    ) -> DeskFigures:
        waits = _waits(guild_id, since, elsewhere)
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(*_counts(guild_id, since, elsewhere, waits)))).one()
            return DeskFigures(
                is_paused=row.paused_at is not None,
                paused_until=row.paused_until,
                oldest=await _oldest(connection, waits, named),
                waiting=row.waiting,
                unconfirmed=row.unconfirmed,
                drafts=row.drafts,
                not_for_heron=row.not_for_heron,
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


def _waits(guild_id: GuildId, since: datetime, elsewhere: Collection[str]) -> Subquery:
    """Findings that people have to see to: handed over, or told lately that somebody else decides.

    Two questions: one goes by what is handed over, the other by what is recent; neither reads all that was answered.
    """
    columns = findings.c.case_id, findings.c.position, findings.c.article_id, findings.c.question_id, cases.c.opened_at
    open_ones = select(*columns).join(cases, _OF_CASE).where(cases.c.closed_at.is_(None))
    is_handed_over = findings.c.guild_id == guild_id, findings.c.state == FindingState.HANDED_OVER.value
    is_told = findings.c.state == FindingState.ANSWERED.value, findings.c.article_id.in_(elsewhere)
    told = open_ones.where(*_opened(guild_id, since), *is_told)
    return union_all(open_ones.where(*is_handed_over), told).subquery("waits")


def _opened(guild_id: GuildId, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return cases.c.guild_id == guild_id, cases.c.opened_at >= since


def _counts(
    guild_id: GuildId, since: datetime, elsewhere: Collection[str], waits: Subquery
) -> tuple[ColumnElement[Any], ...]:
    """Each by itself, and all of them in one statement."""
    here, lately = guild_settings.c.guild_id == guild_id, _opened(guild_id, since)
    count = select(func.count())
    drafted = findings.c.guild_id == guild_id, findings.c.state == FindingState.DRAFTED.value
    is_here = func.coalesce(findings.c.article_id, "").not_in(elsewhere)
    unconfirmed = _OF_CASE, *lately, findings.c.state == FindingState.ANSWERED.value, is_here
    nothing_found = ~exists().where(_OF_CASE)
    found = {
        "paused_at": select(guild_settings.c.paused_at).where(here),
        "paused_until": select(guild_settings.c.paused_until).where(here),
        "waiting": count.select_from(waits),
        "drafts": count.select_from(findings).where(*drafted),
        "unconfirmed": count.select_from(cases, findings).where(*unconfirmed),
        "not_for_heron": count.select_from(cases).where(*lately, cases.c.closed_at.is_(None), nothing_found),
    }
    return tuple(query.scalar_subquery().label(name) for name, query in found.items())


async def _oldest(connection: AsyncConnection, waits: Subquery, named: int) -> list[Waiting]:
    """One line a case. A finding waits since the message that it is about, or since the thread began."""
    card = and_(escalations.c.case_id == waits.c.case_id, escalations.c.topic == Topic.PEOPLE.value)
    since = func.coalesce(messages.c.sent_at, waits.c.opened_at)
    statement = (
        select(waits.c.case_id, waits.c.article_id, since.label("since"), escalations.c.claimed_by)
        .outerjoin_from(waits, messages, messages.c.message_id == waits.c.question_id)
        .outerjoin(escalations, card)
        .order_by(since, waits.c.case_id, waits.c.position)
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


async def _demoted(connection: AsyncConnection, guild_id: GuildId) -> Mapping[str, Track]:
    """With the record that they were lowered for, as it is now."""
    by_measurement = select(autonomy.c.article_id).where(autonomy.c.guild_id == guild_id, autonomy.c.set_by.is_(None))
    demoted = set(await connection.scalars(by_measurement))
    if not demoted:
        return {}
    of_them = outcomes.c.guild_id == guild_id, outcomes.c.article_id.in_(demoted)
    return await tracks_of(connection, *of_them)
