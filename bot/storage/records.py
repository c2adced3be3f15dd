"""What is kept about the past, as moderators ask for it: why something was said, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.moderation.escalation import UNRESOLVED
from bot.moderation.ports import CaseRecord, Deed, Told, Track
from bot.posts import ChannelId, GuildId, UserId
from bot.storage.case_records import read_case_records
from bot.storage.outcomes import is_news, tracks_of
from bot.storage.serialise import evidence_of
from bot.storage.tables import audit, decisions, escalations, messages, outcomes
from bot.triage.plans import Action, Topic


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
        return await self._judged(outcomes.c.guild_id == guild_id, outcomes.c.article_id == article_id)

    async def tracks(self, guild_id: GuildId) -> Mapping[str, Track]:
        async with self._engine.connect() as connection:
            return await tracks_of(connection, outcomes.c.guild_id == guild_id, is_news(guild_id))

    async def judged(self, guild_id: GuildId, *, since: datetime) -> Track:
        return await self._judged(outcomes.c.guild_id == guild_id, outcomes.c.at >= since)

    async def _judged(self, *where: ColumnElement[bool]) -> Track:
        async with self._engine.connect() as connection:
            tracks = await tracks_of(connection, *where)
        return Track(right=sum(t.right for t in tracks.values()), wrong=sum(t.wrong for t in tracks.values()))

    async def cases(self, guild_id: GuildId, *, since: datetime) -> Sequence[CaseRecord]:
        async with self._engine.connect() as connection:
            return await read_case_records(connection, guild_id, since)

    async def deeds(self, guild_id: GuildId, *, case_id: ChannelId | None, limit: int) -> Sequence[Deed]:
        meant = [audit.c.guild_id == guild_id, *([audit.c.case_id == case_id] if case_id is not None else [])]
        statement = select(audit).where(*meant).order_by(audit.c.at.desc(), audit.c.entry_id.desc()).limit(limit)
        async with self._engine.connect() as connection:
            return [_deed(row) for row in (await connection.execute(statement)).mappings()]

    async def open_cases(self, guild_id: GuildId, *, naming: str, limit: int) -> Sequence[tuple[ChannelId, str]]:
        waits = (
            escalations.c.guild_id == guild_id,
            escalations.c.topic == Topic.PEOPLE.value,
            escalations.c.state.in_(UNRESOLVED),
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


def _deed(row: RowMapping) -> Deed:
    return Deed(
        at=row["at"],
        by=None if row["actor_id"] is None else UserId(row["actor_id"]),
        action=row["action"],
        case_id=None if row["case_id"] is None else ChannelId(row["case_id"]),
        detail=row["detail"],
    )


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
        evidence=evidence_of(features),
        article_version=features["article_version"],
    )
