"""What was decided, as rows that explain it later."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.columns import Row
from bot.storage.serialise import decision_features
from bot.storage.tables import decisions
from bot.triage.case import Case
from bot.triage.decision import Decision


async def record_decisions(
    connection: AsyncConnection, case: Case, decided: Sequence[Decision], knowledge_hash: str, *, now: datetime
) -> None:
    if not decided:
        return
    rows = [_row(case, decision, position, knowledge_hash, now) for position, decision in enumerate(decided)]
    await connection.execute(insert(decisions), rows)


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
