"""Where a case stands, as the people of the forum see it in the thread's list."""

from datetime import datetime
from enum import StrEnum

from bot.triage.case import Case, CaseState, FindingState
from bot.triage.waiting import is_unconfirmed


class Standing(StrEnum):
    ANSWERED = "answered"
    WAITING_FOR_ASKER = "waiting for the asker"
    UNCONFIRMED = "unconfirmed"  # answered hours ago, and nobody said that it helped
    WITH_PEOPLE = "with people"
    SOLVED = "solved"


def standing_of(case: Case, now: datetime) -> Standing | None:
    """None while nothing was found, or when all of it was taken back."""
    match case.state:
        case CaseState.SOLVED:
            return Standing.SOLVED
        case CaseState.WAITING_FOR_PEOPLE:
            return Standing.WITH_PEOPLE
        case CaseState.WAITING_FOR_ASKER:
            is_asked = any(f.state is FindingState.ASKED for f in case.findings)
            if is_asked:
                return Standing.WAITING_FOR_ASKER
            return Standing.UNCONFIRMED if is_unconfirmed(case, now) else Standing.ANSWERED
        case _:
            return None
