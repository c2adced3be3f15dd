"""The messages of a case in the database: which of them a case is loaded with, and how changes are written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.helpdesk.ports import WINDOW
from bot.posts import ChannelId, MaskedText, MessageId, Role, UserId
from bot.storage.serialise import plan_values
from bot.storage.statements import upsert
from bot.storage.tables import messages
from bot.triage.case import Case, KnownMessage


async def read_messages(connection: AsyncConnection, case_id: ChannelId) -> tuple[KnownMessage, ...]:
    """The newest that still stand, oldest first."""
    newest = messages.c.message_id.desc()
    window = select(messages).where(messages.c.case_id == case_id).order_by(newest).limit(WINDOW)
    rows = (await connection.execute(window)).mappings().all()
    return tuple(_known(row) for row in reversed(rows) if row["deleted_at"] is None)


async def write_messages(
    connection: AsyncConnection, case: Case, before: Case | None, *, now: datetime
) -> tuple[MessageId, ...]:
    """Writes what differs from the case as it was loaded; a message that it has no longer was deleted: its words go.

    Returns the messages that went.
    """
    stored = {} if before is None else {m.message_id: _row(before, m) for m in before.messages}
    wanted = {m.message_id: _row(case, m) for m in case.messages}
    await upsert(connection, messages, [row for i, row in wanted.items() if row != stored.get(i)])
    gone = tuple(i for i in stored if i not in wanted)
    if gone:
        await connection.execute(
            update(messages).where(messages.c.message_id.in_(gone)).values(**_WORDLESS, deleted_at=now)
        )
    opener = _opener(case)
    stored_title = before.title if before is not None and opener not in gone else ""
    if opener not in wanted and case.title != stored_title:
        await _keep_title(connection, case, now=now)
    return gone


async def write_taken_beyond_window(connection: AsyncConnection, case: Case, changed: Sequence[str]) -> None:
    """What a reply took is written with its question; this is for questions that the case was not loaded with."""
    for question_id in {r.question_id for r in case.replies if r.key in changed and r.plan is not None}:
        taken = _taken(case, question_id)
        if taken and case.message(question_id) is None:
            there = messages.c.message_id == question_id, messages.c.deleted_at.is_(None)
            await connection.execute(update(messages).where(*there).values(taken=taken, has_words=True))


#: A message of which no word is left. Its digest goes too when it is deleted: there is no edit to recognise any more.
_WORDLESS: Mapping[str, Any] = {"text": "", "title": "", "taken": {}, "digest": "", "pictures": 0, "has_words": False}


def _known(row: RowMapping) -> KnownMessage:
    return KnownMessage(
        message_id=MessageId(row["message_id"]),
        author_id=UserId(row["author_id"]),
        role=Role(row["role"]),
        at=row["sent_at"],
        text=MaskedText(row["text"]),
        digest=row["digest"],
        pictures=row["pictures"],
    )


def _row(case: Case, message: KnownMessage) -> dict[str, Any]:
    title = case.title if case.is_opener(message.message_id) else ""
    taken = _taken(case, message.message_id)
    return {
        "message_id": message.message_id,
        "guild_id": case.guild_id,
        "case_id": case.thread_id,
        "author_id": message.author_id,
        "role": message.role.value,
        "sent_at": message.at,
        "digest": message.digest,
        "pictures": message.pictures,
        "title": title,
        "text": message.text,
        "taken": taken,
        "has_words": bool(message.text or title or taken),
        "deleted_at": None,
    }


def _taken(case: Case, question_id: MessageId) -> dict[str, Any]:
    plans = {r.key: r.plan for r in case.replies if r.question_id == question_id and r.plan is not None}
    return {key: values for key, plan in plans.items() if (values := plan_values(plan)) is not None}


def _opener(case: Case) -> MessageId:
    """A thread and its first message have the same id."""
    return MessageId(case.thread_id)


async def _keep_title(connection: AsyncConnection, case: Case, *, now: datetime) -> None:
    """The thread has a name although its first message is gone or was never seen."""
    row = {
        "message_id": _opener(case),
        "guild_id": case.guild_id,
        "case_id": case.thread_id,
        "author_id": case.asker_id,
        "role": Role.ASKER.value,
        "sent_at": case.opened_at,
        **_WORDLESS,
        "title": case.title,
        "has_words": bool(case.title),
        "deleted_at": now,
    }
    await upsert(connection, messages, [row], only=("title", "has_words"))
