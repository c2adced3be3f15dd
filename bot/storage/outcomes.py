"""What became of answers: written with the case that showed it, and counted article by article."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.moderation.ports import Track
from bot.posts import GuildId
from bot.storage.statements import insert
from bot.storage.tables import autonomy, outcomes
from bot.triage.case import Case
from bot.triage.decision import Decision
from bot.triage.verdicts import VerdictKind

_WRONG = (VerdictKind.CORRECTED.value, VerdictKind.DISMISSED.value)


async def record_outcomes(
    connection: AsyncConnection, case: Case, decided: Sequence[Decision], *, now: datetime
) -> None:
    """The first of each kind counts: who solves the same thing twice solved it once."""
    rows = [
        {
            "case_id": case.thread_id,
            "article_id": verdict.article_id,
            "kind": verdict.kind.value,
            "guild_id": case.guild_id,
            "at": now,
        }
        for decision in decided
        for verdict in decision.verdicts
    ]
    if rows:
        await connection.execute(insert(connection, outcomes).values(rows).on_conflict_do_nothing())


async def tracks_of(connection: AsyncConnection, *where: ColumnElement[bool]) -> Mapping[str, Track]:
    """By article. A case counts once."""
    is_wrong = func.max(sql_case((outcomes.c.kind.in_(_WRONG), 1), else_=0)).label("is_wrong")
    one = select(outcomes.c.article_id, is_wrong).where(*where).group_by(outcomes.c.article_id, outcomes.c.case_id)
    each = one.subquery()
    statement = select(each.c.article_id, func.count().label("n"), func.sum(each.c.is_wrong).label("wrong"))
    rows = await connection.execute(statement.group_by(each.c.article_id))
    return {row.article_id: Track(right=row.n - row.wrong, wrong=row.wrong) for row in rows}


def is_news(guild_id: GuildId) -> ColumnElement[bool]:
    """Nobody but measurement has said since how far the article may go."""
    said = (
        autonomy.c.guild_id == guild_id,
        autonomy.c.article_id == outcomes.c.article_id,
        autonomy.c.set_by.is_not(None),
    )
    return ~exists().where(*said, autonomy.c.set_at >= outcomes.c.at)
