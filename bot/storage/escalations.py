"""Escalations in the database. Their cards are rows of the one table of wanted replies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, exists, or_, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.moderation.escalation import UNRESOLVED, Escalation, EscalationState, fingerprint
from bot.posts import ChannelId, GuildId, MessageId, UserId
from bot.replies.message import Message
from bot.storage.audit import note
from bot.storage.columns import Row
from bot.storage.serialise import card_features, card_of
from bot.storage.statements import insert
from bot.storage.tables import cases, escalations, replies
from bot.storage.wanted_cards import card_times, want_card
from bot.triage.case import Case, CaseState
from bot.triage.decision import Decision
from bot.triage.drafts import draft_card, drafts_of
from bot.triage.keys import draft_key, leak_key, people_key
from bot.triage.plans import Action, CardPlan, Topic

_OPEN, _CLAIMED, _RESOLVED = (state.value for state in EscalationState)
#: Nobody has it, nobody is done with it.
_ANEW: Row = {
    "state": _OPEN, "claimed_by": None, "claimed_at": None, "resolved_by": None, "resolved_at": None,
}  # fmt: skip


#: It stands, or is on its way; one that waits until the channel has room for it is none yet.
_HAS_CARD = and_(replies.c.wanted, or_(replies.c.message_id.is_not(None), replies.c.not_before <= replies.c.created_at))


_other = escalations.alias("other")
_OTHERS_ALIKE = exists().where(
    _other.c.guild_id == escalations.c.guild_id,
    _other.c.fingerprint == escalations.c.fingerprint,
    _other.c.fingerprint != "",
    _other.c.state.in_(UNRESOLVED),
    _other.c.key != escalations.c.key,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """Who did what, for the audit."""

    by: UserId
    action: str
    at: datetime


class SqlEscalations:
    """`Escalations`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, key: str, guild_id: GuildId) -> Escalation | None:
        return next(iter(await self._select(*_one(key, guild_id))), None)

    async def of_case(self, case_id: ChannelId, guild_id: GuildId) -> Escalation | None:
        return await self.get(people_key(case_id), guild_id)

    async def behind(self, guild_ids: Sequence[GuildId], *, limit: int) -> Sequence[Escalation]:
        is_behind = escalations.c.guild_id.in_(guild_ids), escalations.c.shown < escalations.c.revision
        return await self._select(*is_behind, limit=limit)

    async def alike(self, guild_id: GuildId, fingerprint: str) -> Sequence[Escalation]:
        return await self._select(*_unresolved(guild_id), escalations.c.fingerprint == fingerprint)

    async def card_times(self, guild_id: GuildId, *, since: datetime) -> Sequence[datetime]:
        async with self._engine.connect() as connection:
            return await card_times(connection, guild_id, since=since)

    async def show(
        self,
        escalation: Escalation,
        channel_id: ChannelId,
        body: Message | None,
        *,
        now: datetime,
        not_before: datetime | None = None,
    ) -> None:
        async with self._engine.begin() as connection:
            # The first statement writes: see `SqlCases.save`.
            it = _one(escalation.key, escalation.guild_id)
            await connection.execute(update(escalations).where(*it).values(shown=escalation.revision))
            await want_card(
                connection,
                key=escalation.key,
                guild_id=escalation.guild_id,
                case_id=escalation.case_id,
                channel_id=channel_id,
                body=body,
                now=now,
                not_before=not_before,
            )

    async def claim(self, key: str, guild_id: GuildId, *, by: UserId, now: datetime) -> Escalation | None:
        changes = {"state": _CLAIMED, "claimed_by": by, "claimed_at": now}
        entry = _Entry(by=by, action="claim", at=now)
        return await self._change(key, guild_id, changes, escalations.c.state == _OPEN, entry)

    async def resolve(self, key: str, guild_id: GuildId, *, by: UserId, now: datetime) -> Escalation | None:
        changes = {"state": _RESOLVED, "resolved_by": by, "resolved_at": now}
        entry = _Entry(by=by, action="resolve", at=now)
        return await self._change(key, guild_id, changes, escalations.c.state != _RESOLVED, entry)

    async def reopen(self, key: str, guild_id: GuildId, *, by: UserId, now: datetime) -> Escalation | None:
        entry = _Entry(by=by, action="reopen", at=now)
        return await self._change(key, guild_id, _ANEW, escalations.c.state == _RESOLVED, entry)

    async def _change(
        self, key: str, guild_id: GuildId, changes: Row, only_if: Any, entry: "_Entry"
    ) -> Escalation | None:
        """One statement, so that of two who press at once one wins."""
        async with self._engine.begin() as connection:
            moved = update(escalations).where(*_one(key, guild_id), only_if).returning(escalations.c.case_id)
            changed = await connection.execute(moved.values(**changes, revision=escalations.c.revision + 1))
            if (case_id := changed.scalar()) is not None:
                detail = {"card": key}
                await note(connection, guild_id, entry.action, by=entry.by, at=entry.at, case_id=case_id, detail=detail)
        return await self.get(key, guild_id)

    async def _select(self, *where: Any, limit: int | None = None) -> Sequence[Escalation]:
        statement = (
            select(escalations, _HAS_CARD.label("has_card"), _OTHERS_ALIKE.label("has_others_alike"), cases.c.version)
            .join(cases, cases.c.thread_id == escalations.c.case_id)
            .outerjoin(replies, replies.c.key == escalations.c.key)
            .where(*where)
            .order_by(escalations.c.opened_at, escalations.c.key)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [_escalation(row) for row in (await connection.execute(statement)).mappings()]


async def note_escalations(
    connection: AsyncConnection, case: Case, decided: Sequence[Decision], *, now: datetime
) -> bool:
    """What the decisions hand to people, and what they settle. A claim on it stays whoever's it was.

    Like all here that changes escalations, it says whether a card has to be rendered now.
    """
    cards = {_key_of(case, card): card for decision in decided for card in decision.cards}
    is_new = await _hand_over(connection, [_row(case, card, key, now) for key, card in cards.items()])
    ordered = next((decision.ordered for decision in reversed(decided) if decision.ordered is not None), None)
    has_ended = any({Action.SOLVED, Action.RETRACT} & {*decision.actions} for decision in decided)
    if (has_ended or ordered is not None) and case.state is not CaseState.WAITING_FOR_PEOPLE:
        is_new |= await _settle(connection, [people_key(case.thread_id)], ordered.by if ordered else None, now)
    return is_new


async def note_drafts(
    connection: AsyncConnection, case: Case, before: Case | None, decided: Sequence[Decision], *, now: datetime
) -> bool:
    """Which answers wait for a moderator from now on, and which no longer do."""
    last = {reply.key: decision for decision in decided for reply in decision.replies}
    were_drafts = {reply.key for reply in before.replies if drafts_of(reply)} if before is not None else set()
    over: dict[str, Decision] = {}
    rows: list[Row] = []
    for reply in (reply for reply in case.replies if reply.key in last):
        key, decision = draft_key(reply.key), last[reply.key]
        if drafts_of(reply):
            rows.append(_row(case, draft_card(reply, decision), key, now))
        elif reply.key in were_drafts:
            over[key] = decision
    is_new = await _hand_over(connection, rows)
    return await _end_drafts(connection, over, now) or is_new


async def _end_drafts(connection: AsyncConnection, over: Mapping[str, Decision], now: datetime) -> bool:
    """The card tells why: who sent it, or what became of it without anybody's help."""
    if not over:
        return False
    them = escalations.c.key.in_(over), escalations.c.topic == Topic.DRAFT.value, escalations.c.state != _RESOLVED
    found = (await connection.execute(select(escalations.c.key, escalations.c.card).where(*them))).all()
    for row in found:
        decision = over[row.key]
        by = decision.ordered.by if decision.ordered is not None else None
        card = {**row.card, "reason": decision.reason}
        values = {"state": _RESOLVED, "resolved_by": by, "resolved_at": now, "card": card}
        raised = update(escalations).where(escalations.c.key == row.key)
        await connection.execute(raised.values(**values, revision=escalations.c.revision + 1))
    return bool(found)


async def settle_leaks(connection: AsyncConnection, gone: Collection[MessageId], *, now: datetime) -> None:
    """A key that stood in these messages stands there no longer."""
    await _settle(connection, [leak_key(message_id) for message_id in gone], None, now)


async def raise_cards(connection: AsyncConnection, case_ids: Collection[ChannelId]) -> bool:
    """What these cards quote may be gone: each is rendered again."""
    of_cases = escalations.c.case_id.in_(case_ids)
    raised = await connection.execute(update(escalations).where(of_cases).values(revision=escalations.c.revision + 1))
    return raised.rowcount > 0


async def _hand_over(connection: AsyncConnection, rows: Sequence[Row]) -> bool:
    if not rows:
        return False
    statement = insert(connection, escalations)
    new = statement.excluded
    was_resolved = escalations.c.state == _RESOLVED
    changes: dict[str, Any] = {name: new[name] for name in ("article_id", "fingerprint", "destination", "card")}
    changes |= {name: sql_case((was_resolved, new[name]), else_=escalations.c[name]) for name in ("opened_at", *_ANEW)}
    changes["revision"] = escalations.c.revision + 1
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changes), rows)
    return True


async def _settle(connection: AsyncConnection, keys: Sequence[str], by: UserId | None, now: datetime) -> bool:
    them = escalations.c.key.in_(keys), escalations.c.state != _RESOLVED
    values = {"state": _RESOLVED, "resolved_by": by, "resolved_at": now, "revision": escalations.c.revision + 1}
    return (await connection.execute(update(escalations).where(*them).values(values))).rowcount > 0


def _one(key: str, guild_id: GuildId) -> tuple[Any, ...]:
    return escalations.c.key == key, escalations.c.guild_id == guild_id


def _unresolved(guild_id: GuildId) -> tuple[Any, ...]:
    return escalations.c.guild_id == guild_id, escalations.c.state.in_(UNRESOLVED)


def _key_of(case: Case, card: CardPlan) -> str:
    is_leak = card.topic is Topic.LEAK and card.message_id is not None
    return leak_key(card.message_id) if is_leak and card.message_id is not None else people_key(case.thread_id)


def _row(case: Case, card: CardPlan, key: str, now: datetime) -> Row:
    return {
        "key": key,
        "case_id": case.thread_id,
        "guild_id": case.guild_id,
        "topic": card.topic.value,
        "article_id": card.article_id,
        "fingerprint": fingerprint(card),
        "destination": card.destination,
        "card": card_features(card),
        "opened_at": now,
        **_ANEW,
        "revision": 1,
        "shown": 0,
    }


def _escalation(row: RowMapping) -> Escalation:
    return Escalation(
        key=row["key"],
        guild_id=GuildId(row["guild_id"]),
        case_id=ChannelId(row["case_id"]),
        card=card_of(row["card"]),
        state=EscalationState(row["state"]),
        opened_at=row["opened_at"],
        claimed_by=None if row["claimed_by"] is None else UserId(row["claimed_by"]),
        claimed_at=row["claimed_at"],
        resolved_by=None if row["resolved_by"] is None else UserId(row["resolved_by"]),
        resolved_at=row["resolved_at"],
        revision=row["revision"],
        shown=row["shown"],
        has_card=bool(row["has_card"]),
        has_others_alike=bool(row["has_others_alike"]),
        case_version=row["version"],
    )
