"""The one table of wanted replies: how a case asks for them, and how delivery settles them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, and_, func, or_, select, true, update
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.helpdesk.ports import WINDOW, Bodies, Pending, WantedReply
from bot.posts import ChannelId, GuildId, MessageId, UserId
from bot.storage.columns import Row
from bot.storage.serialise import message_json, message_of, plan_frame, plan_of, plan_sources
from bot.storage.statements import insert
from bot.storage.tables import cases, guild_settings, messages, replies
from bot.triage.case import Case, Reply
from bot.triage.warnings import warning_in

PENDING, DONE, DEAD = "pending", "done", "dead"

#: `replies.purpose`: a message to the asker's thread, and one to the moderators' channel.
TO_ASKER, CARD = "reply", "card"


class SqlReplies:
    """`Replies` for delivery."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def pending(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Pending:
        """Both in one statement: a row without a reply tells the next moment even when nothing is due."""
        waits = _pending(guild_ids)
        later = select(func.min(replies.c.not_before).label("next_at")).where(*waits, replies.c.not_before > now)
        due = select(replies).where(*waits, replies.c.not_before <= now).order_by(*_in_turn(replies)).limit(limit)
        next_one, due_ones = later.subquery("next_one"), due.subquery("due_ones")
        statement = select(next_one, due_ones).outerjoin_from(next_one, due_ones, true()).order_by(*_in_turn(due_ones))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        found = [_wanted_reply(row) for row in rows if row["key"] is not None]
        return Pending(due=found, next_at=rows[0]["next_at"])

    async def prolong(
        self, case_id: ChannelId, asker_id: UserId, *, now: datetime, quiet: timedelta, patience: timedelta
    ) -> None:
        of_asker = replies.c.case_id == case_id, cases.c.asker_id == asker_id
        is_first = replies.c.purpose == TO_ASKER, replies.c.message_id.is_(None), replies.c.attempts == 0
        waits = replies.c.state == PENDING, replies.c.wanted, replies.c.not_before > now
        columns = replies.c.key, replies.c.not_before, replies.c.created_at
        async with self._engine.connect() as connection:
            waiting = await connection.execute(select(*columns).join(cases).where(*of_asker, *is_first, *waits))
        for row in waiting.all():
            until = min(now + quiet, row.created_at + patience)
            as_seen = replies.c.key == row.key, *is_first, *waits, replies.c.not_before < until
            async with self._engine.begin() as connection:
                await connection.execute(update(replies).where(*as_seen).values(not_before=until))

    async def delivered(self, key: str, *, revision: int, message_id: MessageId | None) -> bool:
        state = sql_case((replies.c.want_rev > revision, PENDING), else_=DONE)
        known = {"have_rev": revision, "message_id": message_id, "attempts": 0, "last_error": None}
        return await self._settle(key, state=state, **known) != PENDING

    async def standing(self, thread_id: ChannelId) -> Collection[MessageId]:
        of_thread = replies.c.case_id == thread_id, replies.c.channel_id == thread_id
        known = *of_thread, replies.c.message_id.is_not(None)
        async with self._engine.connect() as connection:
            found = await connection.execute(select(replies.c.message_id).where(*known))
            return frozenset(MessageId(i) for i in found.scalars())

    async def failed(self, key: str, *, retry_at: datetime | None, reason: str) -> None:
        outcome: dict[str, Any] = {"state": DEAD} if retry_at is None else {"state": PENDING, "not_before": retry_at}
        await self._settle(key, attempts=replies.c.attempts + 1, last_error=reason, **outcome)

    async def _settle(self, key: str, **values: Any) -> str | None:
        """The row's state from now on."""
        settled = update(replies).where(replies.c.key == key).values(**values).returning(replies.c.state)
        async with self._engine.begin() as connection:
            state: str | None = await connection.scalar(settled)
            return state


def _in_turn(table: FromClause) -> tuple[ColumnElement[Any], ...]:
    return table.c.not_before, table.c.question_id, table.c.key


def _pending(guild_ids: Sequence[GuildId]) -> tuple[Any, ...]:
    """Where Heron is paused, askers wait for all but a warning; moderators see what is theirs."""
    is_paused = guild_settings.c.guild_id.in_(guild_ids), guild_settings.c.paused_at.is_not(None)
    paused = select(guild_settings.c.guild_id).where(*is_paused)
    is_shown = or_(replies.c.purpose == CARD, replies.c.is_urgent, replies.c.guild_id.not_in(paused))
    return replies.c.state == PENDING, replies.c.guild_id.in_(guild_ids), is_shown


def _wanted_reply(row: RowMapping) -> WantedReply:
    return WantedReply(
        key=row["key"],
        guild_id=GuildId(row["guild_id"]),
        case_id=None if row["case_id"] is None else ChannelId(row["case_id"]),
        channel_id=ChannelId(row["channel_id"]),
        question_id=None if row["question_id"] is None else MessageId(row["question_id"]),
        purpose=row["purpose"],
        message_id=None if row["message_id"] is None else MessageId(row["message_id"]),
        is_wanted=row["wanted"],
        body=None if row["body"] is None else message_of(row["body"]),
        want_revision=row["want_rev"],
        have_revision=row["have_rev"],
        state=row["state"],
        attempts=row["attempts"],
        not_before=row["not_before"],
    )


async def read_replies(connection: AsyncConnection, case_id: ChannelId) -> tuple[Reply, ...]:
    """The newest, in the order in which the case changed them; what their values are stands with their questions."""
    statement = (
        select(replies, messages.c.taken)
        .outerjoin(messages, messages.c.message_id == replies.c.question_id)
        .where(replies.c.case_id == case_id, replies.c.purpose == TO_ASKER)
        .order_by(replies.c.case_version.desc(), replies.c.position.desc())
        .limit(WINDOW)
    )
    rows = (await connection.execute(statement)).mappings().all()
    return tuple(_reply(row) for row in reversed(rows))


def _reply(row: RowMapping) -> Reply:
    words = (row["taken"] or {}).get(row["key"])
    return Reply(
        key=row["key"],
        question_id=MessageId(row["question_id"]),
        plan=None if row["plan"] is None else plan_of(row["plan"], words),
        revision=row["want_rev"],
        is_posted=row["message_id"] is not None,
        may_stand=row["message_id"] is None and row["attempts"] > 0,
        since=row["created_at"],
    )


async def want_replies(
    connection: AsyncConnection, case: Case, changed: Collection[str], bodies: Bodies, *, now: datetime
) -> None:
    """Writes what should stand now. A row that Discord has not seen yet is the same row with other words."""
    rows = [_row(case, r, i, bodies, now) for i, r in enumerate(case.replies) if r.key in changed]
    if not rows:
        return
    statement = insert(connection, replies)
    new = statement.excluded
    written = (
        "wanted", "plan", "body", "want_rev", "not_before", "case_version", "position", "question_id", "state",
        "created_at", "is_urgent",
    )  # fmt: skip
    changes = {name: new[name] for name in written} | {"attempts": attempts_kept(now)}
    is_newer = new["want_rev"] > replies.c.want_rev
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_=changes, where=is_newer), rows
    )


def attempts_kept(now: datetime) -> Any:
    """Tries whose outcome is unknown stay counted: they tell delivery to look into the channel first.

    What was due may be on its way, from this process or one that ended before it could say so; what was given up may
    stand there, too.
    """
    is_first = and_(replies.c.state == PENDING, replies.c.attempts == 0, replies.c.not_before <= now)
    may_be_sent = and_(is_first, replies.c.wanted)
    return sql_case(
        (may_be_sent, 1), (replies.c.state == PENDING, replies.c.attempts), (replies.c.state == DEAD, 1), else_=0
    )


async def adopt_messages(connection: AsyncConnection, case: Case, adopted: Mapping[str, MessageId]) -> None:
    """These stand in the thread, in whatever revision; delivery sees to it that it is the wanted one."""
    for key, message_id in adopted.items():
        unknown = replies.c.key == key, replies.c.case_id == case.thread_id, replies.c.message_id.is_(None)
        found = {"message_id": message_id, "state": PENDING, "attempts": 0}
        await connection.execute(update(replies).where(*unknown).values(found))


def _row(case: Case, reply: Reply, position: int, bodies: Bodies, now: datetime) -> Row:
    plan = reply.plan
    if plan is not None and reply.key not in bodies:
        raise ValueError(f"reply {reply.key} should stand, but nobody rendered it")
    body = bodies[reply.key] if plan is not None else None
    return {
        "key": reply.key,
        "guild_id": case.guild_id,
        "case_id": case.thread_id,
        "channel_id": case.thread_id,
        "question_id": reply.question_id,
        "purpose": TO_ASKER,
        "message_id": None,
        "wanted": body is not None,
        "plan": None if plan is None else plan_frame(plan),
        "body": None if body is None else message_json(body),
        "want_rev": reply.revision,
        "have_rev": 0,
        "state": PENDING,
        "attempts": 0,
        "not_before": now + timedelta(seconds=0.0 if plan is None else plan.delay_s),
        "created_at": reply.since or now,
        "is_urgent": warning_in(reply) is not None,
        "case_version": case.version + 1,
        "position": position,
    }


async def forget_bodies(
    connection: AsyncConnection, case_ids: Collection[ChannelId], gone: Collection[MessageId]
) -> None:
    """Empties the settled replies to these messages, and those that quote them; what is to be sent keeps its words.

    A card may quote any message of its case: its words go, too.
    """
    settled = replies.c.case_id.in_(case_ids), replies.c.state != PENDING, replies.c.body.is_not(None)
    await connection.execute(update(replies).where(*settled, replies.c.purpose == CARD).values(body=None))
    columns = (replies.c.key, replies.c.case_id, replies.c.question_id, replies.c.plan)
    rows = (await connection.execute(select(*columns).where(*settled, replies.c.purpose == TO_ASKER))).mappings()
    keys = [row["key"] for row in rows if not _sources(row).isdisjoint(gone)]
    if keys:
        await connection.execute(update(replies).where(replies.c.key.in_(keys)).values(body=None))


def _sources(row: RowMapping) -> set[MessageId]:
    """Where a reply's words come from. The title stands with the first message, which has the thread's id."""
    quoted = plan_sources(row["plan"]) if row["plan"] is not None else set()
    return {MessageId(row["case_id"]) if i is None else i for i in quoted} | {MessageId(row["question_id"])}
