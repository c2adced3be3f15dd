"""What is kept about one person, and how it is deleted. Every column that can hold somebody's id is named here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, RowMapping, Text, cast, delete, exists, func, or_, select, true, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.helpdesk.ports import Forgotten, Kept
from bot.moderation.escalation import UNRESOLVED
from bot.posts import NOBODY, ChannelId, GuildId, UserId
from bot.storage.columns import Row
from bot.storage.replies import PENDING
from bot.storage.tables import audit, autonomy, cases, escalations, messages, mutes, replies
from bot.storage.upkeep import empty_log
from bot.triage.plans import Topic

#: What somebody did as staff stays with their name until the operator deletes it: a log that those in it can empty is
#: none.
OF_STAFF: tuple[Column[int], ...] = (
    escalations.c.claimed_by,
    escalations.c.resolved_by,
    audit.c.actor_id,
    autonomy.c.set_by,
    mutes.c.muted_by,
)
#: Deleted for whoever asks. `mutes.user_id` always stays: a wish to be left alone must outlive what it is about.
OF_ASKERS: tuple[Column[int], ...] = (cases.c.asker_id, messages.c.author_id)
KEPT: tuple[Column[int], ...] = (mutes.c.user_id,)
#: What everybody may order about a thread of their own; the log of staff begins beyond it.
_OWN_ORDERS = ("mute", "unmute")
#: Nobody goes on with a case of which only this is left.
_EMPTY: Row = {
    "asker_id": NOBODY, "language": "en", "is_muted": True, "wants_person": False, "warned": [], "known": {},
}  # fmt: skip


class SqlPeople:
    """`People`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def kept(self, guild_id: GuildId, user_id: UserId) -> Kept:
        own = select(cases.c.thread_id).where(cases.c.guild_id == guild_id, cases.c.asker_id == user_id)
        written = messages.c.guild_id == guild_id, messages.c.author_id == user_id
        opened = cases.c.guild_id == guild_id, cases.c.asker_id == user_id
        has_words = messages.c.guild_id == guild_id, messages.c.has_words, messages.c.case_id.in_(own)
        muted = exists().where(mutes.c.guild_id == guild_id, mutes.c.user_id == user_id)
        by_staff = audit.c.guild_id == guild_id, audit.c.actor_id == user_id, audit.c.action.not_in(_OWN_ORDERS)
        async with self._engine.connect() as connection:
            count_and_first = select(func.count(), func.min(cases.c.opened_at)).where(*opened)
            threads, first = (await connection.execute(count_and_first)).one()
            return Kept(
                threads=threads,
                messages=await _count(connection, messages, *written),
                with_words=await _count(connection, messages, *has_words),
                since=first,
                is_left_alone=bool(await connection.scalar(select(muted))),
                as_staff=await _count(connection, audit, *by_staff),
            )

    async def forget(self, guild_id: GuildId | None, user_id: UserId, *, now: datetime) -> Forgotten:
        async with self._engine.begin() as connection:
            # The first statement writes: see `SqlCases.save`.
            written = await _without_author(connection, guild_id, user_id)
            own = await _own_cases(connection, guild_id, user_id)
            for row in own:
                await _empty(connection, row, now)
            entries = audit.c.actor_id == user_id, audit.c.action.in_(_OWN_ORDERS), _in(audit, guild_id)
            await connection.execute(update(audit).where(*entries).values(actor_id=NOBODY))
        await empty_log(self._engine)
        guild_ids = frozenset(GuildId(row["guild_id"]) for row in own)
        return Forgotten(threads=len(own), messages=written, guild_ids=guild_ids)

    async def forget_staff(self, user_id: UserId) -> None:
        """Claims and entries go on without a name; cards that show one are rendered again."""
        async with self._engine.begin() as connection:
            shown = or_(escalations.c.claimed_by == user_id, escalations.c.resolved_by == user_id)
            await connection.execute(update(escalations).where(shown).values(revision=escalations.c.revision + 1))
            for column in OF_STAFF:
                await connection.execute(update(column.table).where(column == user_id).values({column.name: NOBODY}))
        await empty_log(self._engine)

    async def naming(self, user_id: UserId) -> Sequence[ChannelId]:
        """Only spares the reading of the others: whether a reply names them is looked at in the case."""
        named = cast(replies.c.body, Text).contains(f"<@{user_id}>"), replies.c.wanted
        told = select(replies.c.case_id).where(*named, replies.c.case_id.is_not(None)).distinct()
        async with self._engine.connect() as connection:
            return [ChannelId(case_id) for case_id in (await connection.execute(told)).scalars()]


async def _count(connection: AsyncConnection, table: Any, *where: Any) -> int:
    return await connection.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _in(table: Any, guild_id: GuildId | None) -> Any:
    return true() if guild_id is None else table.c.guild_id == guild_id


async def _without_author(connection: AsyncConnection, guild_id: GuildId | None, user_id: UserId) -> int:
    """Messages of theirs, wherever they stand. A unit of work that loaded one must not write it back."""
    theirs = messages.c.author_id == user_id, _in(messages, guild_id)
    of_theirs = select(messages.c.case_id).where(*theirs)
    await connection.execute(update(cases).where(cases.c.thread_id.in_(of_theirs)).values(version=cases.c.version + 1))
    emptied = {"author_id": NOBODY, "text": "", "title": "", "taken": {}, "digest": "", "has_words": False}
    written = await connection.execute(update(messages).where(*theirs).values(emptied))
    return int(written.rowcount)


async def _own_cases(connection: AsyncConnection, guild_id: GuildId | None, user_id: UserId) -> Sequence[RowMapping]:
    opened = cases.c.asker_id == user_id, _in(cases, guild_id)
    return (await connection.execute(select(cases).where(*opened))).mappings().all()


async def _empty(connection: AsyncConnection, case: RowMapping, now: datetime) -> None:
    """All that hangs on the case goes with it. What is left keeps the thread from being read anew, takes down what
    stands in Discord, and goes on telling moderators that a key stands in a message."""
    it = case["thread_id"]
    await _raise_alike(connection, case)
    leaks = escalations.c.case_id == it, escalations.c.topic == Topic.LEAK.value
    kept = (await connection.execute(select(escalations).where(*leaks))).mappings().all()
    wanted = (await connection.execute(select(replies).where(replies.c.case_id == it))).mappings().all()
    await connection.execute(delete(cases).where(cases.c.thread_id == it))
    left = {"thread_id": it, "guild_id": case["guild_id"], "opened_at": case["opened_at"], "closed_at": now}
    await connection.execute(insert_into(cases).values({**left, **_EMPTY, "version": case["version"] + 1}))
    if kept:
        await connection.execute(insert_into(escalations), [dict(row) for row in kept])
    if wanted:
        of_leaks = {row["key"] for row in kept}
        await connection.execute(
            insert_into(replies), [dict(r) if r["key"] in of_leaks else _taken_down(r, now) for r in wanted]
        )


async def _raise_alike(connection: AsyncConnection, case: RowMapping) -> None:
    """Cases with the same fingerprint may have shared its card; one that is settled shares nothing."""
    own = select(escalations.c.fingerprint).where(
        escalations.c.case_id == case["thread_id"], escalations.c.fingerprint != ""
    )
    open_ones = escalations.c.state.in_(UNRESOLVED)
    alike = escalations.c.guild_id == case["guild_id"], escalations.c.fingerprint.in_(own), open_ones
    await connection.execute(update(escalations).where(*alike).values(revision=escalations.c.revision + 1))


def _taken_down(reply: RowMapping, now: datetime) -> Mapping[str, object]:
    """A try whose outcome nobody knows stays counted, so that delivery looks whether it stands."""
    down = {"wanted": False, "plan": None, "body": None, "last_error": None, "state": PENDING, "not_before": now}
    return {**reply, **down, "want_rev": reply["want_rev"] + 1, "attempts": max(1, reply["attempts"])}
