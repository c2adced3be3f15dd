"""Cases in the database: loaded as plain values, saved in one transaction under their version."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.helpdesk.ports import NOTHING_ADOPTED, Bodies, CaseMoved
from bot.posts import ChannelId, GuildId, MaskedText, MessageId, UserId
from bot.storage.audit import note_orders
from bot.storage.columns import Row
from bot.storage.decisions import record_decisions
from bot.storage.due import write_dues
from bot.storage.escalations import note_drafts, note_escalations, raise_cards, settle_leaks
from bot.storage.messages import read_messages, write_messages, write_taken_beyond_window
from bot.storage.outcomes import record_outcomes
from bot.storage.replies import adopt_messages, forget_bodies, read_replies, want_replies
from bot.storage.statements import insert, upsert
from bot.storage.tables import cases, findings, messages
from bot.triage.case import Case, Finding, FindingState, KnownMessage, Reply
from bot.triage.decision import Decision

#: A case with the name of its thread, a row for each of its findings.
_WITH_FINDINGS = (
    select(cases, messages.c.title, *(column.label(f"finding_{column.name}") for column in findings.columns))
    .outerjoin(messages, messages.c.message_id == cases.c.thread_id)
    .outerjoin(findings, findings.c.case_id == cases.c.thread_id)
    .order_by(findings.c.position)
)


class SqlCases:
    """`Cases`. A case comes with its newest hundred messages; one that it lacks when it is saved was deleted."""

    def __init__(self, engine: AsyncEngine, *, knowledge_hash: Callable[[], str]) -> None:
        self._engine = engine
        self._knowledge_hash = knowledge_hash

    async def load(self, thread_id: ChannelId) -> Case | None:
        # The version is read first: whatever changes after it makes `save` fail, so no transaction is needed.
        async with self._engine.connect() as connection:
            return await _load(connection, thread_id)

    async def recent(self, guild_id: GuildId, *, since: datetime, limit: int) -> Sequence[ChannelId]:
        newest = func.max(messages.c.sent_at)
        written = messages.c.has_words, messages.c.sent_at >= since, messages.c.guild_id == guild_id
        # As a sum, or SQLite would go through all messages in the order of their cases to spare itself the sorting.
        case_id = messages.c.case_id + literal_column("0")
        statement = select(case_id).where(*written).group_by(case_id).order_by(newest.desc())
        async with self._engine.connect() as connection:
            return [ChannelId(i) for i in (await connection.execute(statement.limit(limit))).scalars()]

    async def save(
        self,
        case: Case,
        decisions: Sequence[Decision],
        bodies: Bodies,
        *,
        now: datetime,
        before: Case | None = None,
        adopted: Mapping[str, MessageId] = NOTHING_ADOPTED,
    ) -> bool:
        changed = [reply.key for decision in decisions for reply in decision.replies]
        async with self._engine.begin() as connection:
            # The first statement writes: two that read first and write later would both have to give way on SQLite.
            await _claim_next_version(connection, case)
            if case.version and before is None:
                before = await _load(connection, case.thread_id)
            # From here on `before` is what is stored: whatever changes a case's rows changes its version.
            gone = await write_messages(connection, case, before, now=now)
            await _write_findings(connection, case, before)
            await want_replies(connection, case, changed, bodies, now=now)
            await adopt_messages(connection, case, adopted)
            await write_taken_beyond_window(connection, case, changed)
            has_new_card = False
            if gone:
                # Escalations before their cards, as whoever shows a card: otherwise each could wait for the other.
                await settle_leaks(connection, gone, now=now)
                has_new_card = await raise_cards(connection, [case.thread_id])
                await forget_bodies(connection, [case.thread_id], gone)
            has_new_card |= await note_escalations(connection, case, decisions, now=now)
            has_new_card |= await note_drafts(connection, case, before, decisions, now=now)
            if decisions:
                await write_dues(connection, case, decisions[-1].due)
            await record_decisions(connection, case, decisions, self._knowledge_hash(), now=now)
            await record_outcomes(connection, case, decisions, now=now)
            await note_orders(connection, case, decisions, now=now)
        return has_new_card


async def _load(connection: AsyncConnection, thread_id: ChannelId) -> Case | None:
    rows = (await connection.execute(_WITH_FINDINGS.where(cases.c.thread_id == thread_id))).mappings().all()
    if not rows:
        return None
    return _case(
        rows[0],
        messages=await read_messages(connection, thread_id),
        findings=tuple(_finding(row) for row in rows if row["finding_position"] is not None),
        replies=await read_replies(connection, thread_id),
    )


async def _claim_next_version(connection: AsyncConnection, case: Case) -> None:
    row = _row(case)
    if case.version == 0:
        adding = insert(connection, cases).values(row).on_conflict_do_nothing().returning(cases.c.thread_id)
        is_claimed = (await connection.execute(adding)).first() is not None
    else:
        is_as_loaded = cases.c.thread_id == case.thread_id, cases.c.version == case.version
        is_claimed = (await connection.execute(update(cases).where(*is_as_loaded).values(row))).rowcount == 1
    if not is_claimed:
        raise CaseMoved(case.thread_id)


def _row(case: Case) -> Row:
    return {
        "thread_id": case.thread_id,
        "guild_id": case.guild_id,
        "asker_id": case.asker_id,
        "opened_at": case.opened_at,
        "language": case.language,
        "is_muted": case.is_muted,
        "wants_person": case.wants_person,
        "staff_spoke_at": case.staff_spoke_at,
        "helped_at": case.helped_at,
        "bystander_id": case.bystander_id,
        "closed_at": case.closed_at,
        "warned": sorted(case.warned),
        "known": dict(case.known),
        "version": case.version + 1,
    }


def _case(
    row: RowMapping,
    *,
    messages: tuple[KnownMessage, ...],
    findings: tuple[Finding, ...],
    replies: tuple[Reply, ...],
) -> Case:
    return Case(
        guild_id=GuildId(row["guild_id"]),
        thread_id=ChannelId(row["thread_id"]),
        asker_id=UserId(row["asker_id"]),
        title=MaskedText(row["title"] or ""),
        opened_at=row["opened_at"],
        language=row["language"],
        messages=messages,
        findings=findings,
        replies=replies,
        is_muted=row["is_muted"],
        staff_spoke_at=row["staff_spoke_at"],
        helped_at=row["helped_at"],
        bystander_id=None if row["bystander_id"] is None else MessageId(row["bystander_id"]),
        wants_person=row["wants_person"],
        warned=frozenset(row["warned"]),
        closed_at=row["closed_at"],
        version=row["version"],
        known=row["known"],
    )


def _finding(row: RowMapping) -> Finding:
    return Finding(
        article_id=row["finding_article_id"],
        state=FindingState(row["finding_state"]),
        question_id=MessageId(row["finding_question_id"]),
        candidates=tuple(row["finding_candidates"]),
        told_more=row["finding_told_more"],
        on_exact_evidence=row["finding_on_exact_evidence"],
        is_aside=row["finding_is_aside"],
        people_in=None if row["finding_people_in"] is None else MessageId(row["finding_people_in"]),
        since=row["finding_since"],
    )


async def _write_findings(connection: AsyncConnection, case: Case, before: Case | None) -> None:
    stored = dict(enumerate(before.findings)) if before is not None else {}
    changed = [(i, finding) for i, finding in enumerate(case.findings) if finding != stored.get(i)]
    await upsert(connection, findings, [_finding_row(case, i, finding) for i, finding in changed])
    if len(stored) > len(case.findings):
        beyond = findings.c.case_id == case.thread_id, findings.c.position >= len(case.findings)
        await connection.execute(delete(findings).where(*beyond))


def _finding_row(case: Case, position: int, finding: Finding) -> dict[str, Any]:
    return {
        "case_id": case.thread_id,
        "position": position,
        "guild_id": case.guild_id,
        "article_id": finding.article_id,
        "state": finding.state.value,
        "question_id": finding.question_id,
        "candidates": list(finding.candidates),
        "told_more": finding.told_more,
        "on_exact_evidence": finding.on_exact_evidence,
        "is_aside": finding.is_aside,
        "people_in": finding.people_in,
        "since": finding.since,
    }
