"""What was decided, as rows that explain it later, and the findings that a decision hands to people."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.columns import Row
from bot.storage.serialise import card_features, decision_features
from bot.storage.statements import upsert
from bot.storage.tables import decisions, escalations
from bot.triage.case import Case
from bot.triage.decision import Decision


async def record_decisions(
    connection: AsyncConnection, case: Case, decided: Sequence[Decision], knowledge_hash: str, *, now: datetime
) -> None:
    if not decided:
        return
    rows = [_row(case, decision, position, knowledge_hash, now) for position, decision in enumerate(decided)]
    await connection.execute(insert(decisions).values(rows))
    # The last card about an article holds; a claim on it stays whoever's it was.
    handed_over = {row["article_id"]: row for d in decided for row in _escalations(case, d, now)}
    await upsert(connection, escalations, list(handed_over.values()), only=("destination", "reason", "card"))


def _row(case: Case, decision: Decision, position: int, knowledge_hash: str, now: datetime) -> Row:
    sure = next(iter(decision.diagnosis.findings), None)
    next_best = next(iter(decision.diagnosis.runners_up), None)
    return {
        "case_id": case.thread_id,
        "case_version": case.version + 1,
        "position": position,
        "guild_id": case.guild_id,
        "decided_at": now,
        "action": decision.action.value,
        "actions": [action.value for action in decision.actions],
        "reason": decision.reason,
        "article_id": sure and sure.article_id,
        "confidence": sure and sure.confidence,
        "runner_up": next_best and next_best.article_id,
        "floor": decision.floor,
        "autonomy": decision.autonomy.value,
        "knowledge_hash": knowledge_hash,
        "features": decision_features(decision),
    }


def _escalations(case: Case, decision: Decision, now: datetime) -> list[Row]:
    return [
        {
            "case_id": case.thread_id,
            "article_id": card.article_id or "",
            "guild_id": case.guild_id,
            "destination": card.destination,
            "reason": card.reason,
            "card": card_features(card),
            "state": "open",
            "opened_at": now,
        }
        for card in decision.cards
    ]
