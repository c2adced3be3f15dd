"""What became of a server's posts, read for the figures: one statement a table, put together case by case."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.moderation.ports import CaseRecord
from bot.posts import GuildId, MessageId, Role, time_of
from bot.storage.replies import TO_ASKER
from bot.storage.tables import cases, decisions, escalations, findings, messages, replies
from bot.triage.case import FindingState
from bot.triage.plans import Action, Topic

#: `decisions.autonomy` of what needs nobody's approval.
_BY_ITSELF = "answer"
#: What a finding is once its answer was said, and nobody took it back.
_SAID = {state.value for state in (FindingState.ANSWERED, FindingState.HANDED_OVER, FindingState.SOLVED)}
_Rows = Mapping[int, Sequence[RowMapping]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfCase:
    """Every row that is about one case."""

    case: RowMapping
    told: Sequence[RowMapping]  # replies that were posted, whether they stand or not
    decided: Sequence[RowMapping]  # but for silence
    found: Sequence[RowMapping]
    handed: Sequence[RowMapping]
    staff_wrote_at: datetime | None


async def read_case_records(connection: AsyncConnection, guild_id: GuildId, since: datetime) -> Sequence[CaseRecord]:
    opened = cases.c.guild_id == guild_id, cases.c.opened_at >= since
    columns = cases.c.thread_id, cases.c.opened_at, cases.c.staff_spoke_at
    cohort = (await connection.execute(select(*columns).where(*opened).order_by(cases.c.thread_id))).mappings().all()
    told = await _by_case(connection, opened, replies, replies.c.purpose == TO_ASKER, replies.c.have_rev > 0)
    decided = await _by_case(connection, opened, decisions, decisions.c.action != Action.SILENT.value)
    found = await _by_case(connection, opened, findings)
    handed = await _by_case(connection, opened, escalations, escalations.c.topic == Topic.PEOPLE.value)
    staff = await _first_words_of_staff(connection, opened)
    return [
        _record(
            _OfCase(
                case=row,
                told=told[row["thread_id"]],
                decided=decided[row["thread_id"]],
                found=found[row["thread_id"]],
                handed=handed[row["thread_id"]],
                staff_wrote_at=staff.get(row["thread_id"]),
            )
        )
        for row in cohort
    ]


async def _by_case(
    connection: AsyncConnection, opened: Sequence[ColumnElement[bool]], table: Any, *where: ColumnElement[bool]
) -> _Rows:
    of_cohort = select(table).join(cases, cases.c.thread_id == table.c.case_id).where(*opened, *where)
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in (await connection.execute(of_cohort)).mappings():
        found[row["case_id"]].append(row)
    return found


async def _first_words_of_staff(
    connection: AsyncConnection, opened: Sequence[ColumnElement[bool]]
) -> Mapping[int, datetime]:
    """Since people were asked to look at the case."""
    asked = and_(escalations.c.case_id == messages.c.case_id, escalations.c.topic == Topic.PEOPLE.value)
    statement = (
        select(messages.c.case_id, func.min(messages.c.sent_at).label("at"))
        .join(escalations, asked)
        .join(cases, cases.c.thread_id == messages.c.case_id)
        .where(*opened, messages.c.role == Role.STAFF.value, messages.c.sent_at >= escalations.c.opened_at)
        .group_by(messages.c.case_id)
    )
    return {row.case_id: row.at for row in await connection.execute(statement)}


def _record(it: _OfCase) -> CaseRecord:
    asked_at, came_at = _people(it)
    answers = [row for row in it.decided if it.told and _is_answer(row, it)]
    posted = [time_of(MessageId(row["message_id"])) for row in it.told if row["message_id"] is not None]
    first = min((row["decided_at"] for row in answers), default=None)
    return CaseRecord(
        opened_at=it.case["opened_at"],
        # What waited for its time stood there later than it was decided.
        answered_at=max(first, min(posted, default=first)) if first is not None else None,
        was_asked=any(Action.ASK.value in row["actions"] for row in it.decided),
        was_told=bool(it.told),
        is_solved=any(row["state"] == FindingState.SOLVED.value for row in it.found),
        people_asked_at=asked_at,
        people_came_at=came_at,
        waits=any(row["state"] == FindingState.HANDED_OVER.value for row in it.found),
        articles=tuple(row["article_id"] for row in answers if row["article_id"] is not None),
    )


def _is_answer(row: RowMapping, it: _OfCase) -> bool:
    """A draft told nothing until somebody sent it."""
    was_said = (found["article_id"] for found in it.found if found["state"] in _SAID)
    return Action.ANSWER.value in row["actions"] and (row["autonomy"] == _BY_ITSELF or row["article_id"] in was_said)


def _people(it: _OfCase) -> tuple[datetime | None, datetime | None]:
    """When they were asked for, and when the first of them came after that."""
    handed = [row["since"] for row in it.found if row["state"] == FindingState.HANDED_OVER.value]
    handed += [row["opened_at"] for row in it.handed]
    asked_at = min((moment for moment in handed if moment is not None), default=None)
    came = [it.staff_wrote_at, it.case["staff_spoke_at"]]
    came += [row["resolved_at"] for row in it.handed if row["resolved_by"] is not None]
    after = (moment for moment in came if moment is not None and asked_at is not None and moment >= asked_at)
    return asked_at, min(after, default=None)
