"""What is kept about the past, as moderators ask for it: why something was said, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.moderation.escalation import EscalationState
from bot.moderation.ports import Figures, Told, Track
from bot.posts import ChannelId, GuildId
from bot.storage.tables import cases, decisions, escalations, messages, outcomes
from bot.triage.plans import Action, Topic
from bot.triage.verdicts import VerdictKind

_RIGHT = (VerdictKind.SOLVED.value, VerdictKind.CONFIRMED.value)
#: Articles that the figures name.
_NAMED = 5


class SqlRecords:
    """`Records`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def newest_told(self, case_id: ChannelId, guild_id: GuildId) -> Told | None:
        spoke = decisions.c.action != Action.SILENT.value
        newest = decisions.c.case_version.desc(), decisions.c.position.desc()
        it = decisions.c.case_id == case_id, decisions.c.guild_id == guild_id
        statement = select(decisions).where(*it).order_by(spoke.desc(), *newest).limit(1)
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).mappings().first()
            return None if row is None else _told(row)

    async def track(self, article_id: str, guild_id: GuildId) -> Track:
        it = outcomes.c.article_id == article_id, outcomes.c.guild_id == guild_id
        statement = select(outcomes.c.kind, func.count()).where(*it).group_by(outcomes.c.kind)
        async with self._engine.connect() as connection:
            counted = await _counted(connection, statement)
        right = sum(counted.get(kind, 0) for kind in _RIGHT)
        return Track(right=right, wrong=sum(counted.values()) - right)

    async def figures(self, guild_id: GuildId, *, since: datetime) -> Figures:
        posts = select(func.count()).select_from(cases).where(cases.c.guild_id == guild_id, cases.c.opened_at >= since)
        # What a post is told later, when an edit changes its answer, is the same answer.
        told = (
            decisions.c.guild_id == guild_id,
            decisions.c.decided_at >= since,
            decisions.c.action.in_((Action.ANSWER.value, Action.WARN.value)),
            decisions.c.article_id.is_not(None),
        )
        answered = select(func.count(decisions.c.case_id.distinct())).where(*told)
        count = func.count(decisions.c.case_id.distinct())
        most = select(decisions.c.article_id, count).where(*told).group_by(decisions.c.article_id)
        kinds = select(outcomes.c.kind, func.count()).where(outcomes.c.guild_id == guild_id, outcomes.c.at >= since)
        async with self._engine.connect() as connection:
            became = await _counted(connection, kinds.group_by(outcomes.c.kind))
            articles = await connection.execute(most.order_by(count.desc(), decisions.c.article_id).limit(_NAMED))
            return Figures(
                posts=await connection.scalar(posts) or 0,
                answered=await connection.scalar(answered) or 0,
                articles=[(article_id, n) for article_id, n in articles],
                **{kind.value: became.get(kind.value, 0) for kind in VerdictKind},
            )

    async def open_cases(self, guild_id: GuildId, *, naming: str, limit: int) -> Sequence[tuple[ChannelId, str]]:
        waits = (
            escalations.c.guild_id == guild_id,
            escalations.c.topic == Topic.PEOPLE.value,
            escalations.c.state != EscalationState.RESOLVED.value,
            messages.c.title.icontains(naming, autoescape=True),
        )
        statement = (
            select(escalations.c.case_id, messages.c.title)
            .join(messages, messages.c.message_id == escalations.c.case_id)
            .where(*waits)
            .order_by(escalations.c.opened_at, escalations.c.case_id)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [(ChannelId(row.case_id), row.title) for row in await connection.execute(statement)]


async def _counted(connection: AsyncConnection, statement: Select[Any]) -> dict[str, int]:
    found = (await connection.execute(statement)).all()
    return {str(row[0]): int(row[1]) for row in found}


def _told(row: RowMapping) -> Told:
    features: dict[str, Any] = row["features"]
    sure, next_best = (next(iter(features[name]), None) for name in ("findings", "runners_up"))
    return Told(
        decided_at=row["decided_at"],
        reason=row["reason"],
        article_id=row["article_id"],
        confidence=row["confidence"],
        rules=tuple(dict.fromkeys(sure["rules"])) if sure else (),
        runner_up=row["runner_up"],
        runner_up_confidence=next_best["confidence"] if next_best else None,
        floor=row["floor"],
        autonomy=row["autonomy"],
        knowledge_hash=row["knowledge_hash"],
    )
