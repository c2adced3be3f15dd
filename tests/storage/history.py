"""A server with a past: cases from long ago, and as many lately, whatever the past. Written by hand, or it would take
minutes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.posts import ChannelId, MessageId, first_id_at
from bot.storage import tables
from bot.storage.replies import CARD, DONE, TO_ASKER
from bot.storage.serialise import card_features, decision_features, message_json, plan_frame
from bot.triage.case import FindingState
from bot.triage.keys import people_key, reply_key
from bot.triage.verdicts import VerdictKind
from tests.storage.samples import GUILD, NOW, body, card, decision, plan

#: Cases of the last week; all others are older.
LATELY = 200
APART = timedelta(minutes=50)
#: So many of the newest wait for people; one in so many was ever handed over.
WAITING, HANDED_OVER = 5, 4
STAFF = 55
ARTICLES = 20


def opened_at(number: int) -> datetime:
    return NOW - number * APART


def thread(number: int) -> ChannelId:
    """The newest is number 0."""
    return ChannelId(first_id_at(opened_at(number)))


def asker(number: int) -> int:
    return 10_000 + number


async def happened(engine: AsyncEngine, numbers: range) -> None:
    """These cases; and the planner of PostgreSQL gets to know of them."""
    async with engine.begin() as connection:
        for table, rows in _rows(numbers):
            if rows:
                await connection.execute(insert(table), rows)
        if engine.dialect.name == "postgresql":
            await connection.exec_driver_sql("ANALYZE")


async def is_over(engine: AsyncEngine) -> None:
    """Nothing is to be said or rendered any more."""
    async with engine.begin() as connection:
        await connection.execute(update(tables.replies).values(state=DONE))
        await connection.execute(update(tables.escalations).values(shown=tables.escalations.c.revision))


def _rows(numbers: range) -> Iterator[tuple[Table, Sequence[dict[str, Any]]]]:
    handed = [n for n in numbers if n % HANDED_OVER == 0]
    yield tables.cases, [_case(n) for n in numbers]
    yield tables.messages, [message for n in numbers for message in _messages(n)]
    yield tables.findings, [_finding(n) for n in numbers]
    yield tables.decisions, [_decision(n) for n in numbers]
    yield tables.escalations, [_escalation(n) for n in handed]
    yield tables.replies, [*(_reply(n) for n in numbers), *(_card(n) for n in handed)]
    yield (
        tables.due,
        [{**_of(n), "kind": kind, "due_at": opened_at(n), "done_at": NOW} for n in numbers for kind in "ab"],
    )
    yield tables.outcomes, [{**_of(n), **_article(n), "kind": _kind(n), "at": opened_at(n)} for n in numbers]
    yield tables.audit, [_deed(n) for n in handed]


def _of(number: int) -> dict[str, Any]:
    return {"guild_id": GUILD, "case_id": thread(number)}


def _article(number: int) -> dict[str, Any]:
    return {"article_id": f"article-{number % ARTICLES}"}


def _kind(number: int) -> str:
    return (VerdictKind.DISMISSED if number % 7 == 0 else VerdictKind.SOLVED).value


def _case(number: int) -> dict[str, Any]:
    return {
        "thread_id": thread(number),
        "guild_id": GUILD,
        "asker_id": asker(number),
        "opened_at": opened_at(number),
        "language": "en",
        "is_muted": False,
        "wants_person": False,
        "warned": [],
        "known": {},
        "version": 1,
    }


def _messages(number: int) -> Iterator[dict[str, Any]]:
    is_kept = number < LATELY
    for place, (author, role) in enumerate(((asker(number), "asker"), (STAFF, "staff"))):
        has_words = is_kept and role == "asker"
        yield {
            **_of(number),
            "message_id": MessageId(thread(number) + place),
            "author_id": author,
            "role": role,
            "sent_at": opened_at(number) + place * timedelta(minutes=5),
            "digest": "digest",
            "pictures": 0,
            "title": "The lamp" if has_words else "",
            "text": "It does not burn." if has_words else "",
            "taken": {},
            "has_words": has_words,
        }


def _finding(number: int) -> dict[str, Any]:
    state = FindingState.SOLVED if number % 2 else FindingState.ANSWERED
    return {
        **_of(number),
        **_article(number),
        "position": 0,
        "state": (FindingState.HANDED_OVER if number < WAITING else state).value,
        "question_id": thread(number),
        "candidates": [],
        "told_more": False,
        "on_exact_evidence": True,
        "is_aside": False,
    }


def _decision(number: int) -> dict[str, Any]:
    return {
        **_of(number),
        **_article(number),
        "case_version": 1,
        "position": 0,
        "decided_at": opened_at(number),
        "action": "answer",
        "actions": ["answer"],
        "reason": "exact evidence",
        "confidence": 0.9,
        "floor": 0.8,
        "autonomy": "answer",
        "knowledge_hash": "hash",
        "features": decision_features(decision()),
    }


def _reply(number: int) -> dict[str, Any]:
    return {
        **_of(number),
        "key": reply_key(MessageId(thread(number))),
        "channel_id": thread(number),
        "question_id": thread(number),
        "purpose": TO_ASKER,
        "message_id": thread(number) + 3,
        "wanted": True,
        "plan": plan_frame(plan()),
        "body": message_json(body()),
        "want_rev": 1,
        "have_rev": 1,
        "state": DONE,
        "is_urgent": False,
        "attempts": 0,
        "not_before": opened_at(number),
        "created_at": opened_at(number),
        "case_version": 1,
        "position": 0,
    }


def _card(number: int) -> dict[str, Any]:
    changes = {"key": people_key(thread(number)), "channel_id": 9, "question_id": None, "purpose": CARD, "plan": None}
    return {**_reply(number), **changes, "message_id": thread(number) + 4}


def _escalation(number: int) -> dict[str, Any]:
    is_open = number < WAITING
    return {
        **_of(number),
        **_article(number),
        "key": people_key(thread(number)),
        "topic": "people",
        "fingerprint": f"article-{number % ARTICLES}||",
        "destination": "moderators",
        "card": card_features(card()),
        "state": "open" if is_open else "resolved",
        "opened_at": opened_at(number),
        "resolved_by": None if is_open else STAFF + number,
        "revision": 1,
        "shown": 1,
    }


def _deed(number: int) -> dict[str, Any]:
    return {**_of(number), "at": opened_at(number), "actor_id": STAFF + number, "action": "resolve", "detail": {}}
