"""Where a case stands, as the people of the forum see it in the thread's list."""

from enum import StrEnum

from bot.triage.case import Case, CaseState, FindingState


class Standing(StrEnum):
    ANSWERED = "answered"
    WAITING_FOR_ASKER = "waiting for the asker"
    WITH_PEOPLE = "with people"
    SOLVED = "solved"


def standing_of(case: Case) -> Standing | None:
    """None while nothing was found, or when all of it was taken back."""
    match case.state:
        case CaseState.SOLVED:
            return Standing.SOLVED
        case CaseState.WAITING_FOR_PEOPLE:
            return Standing.WITH_PEOPLE
        case CaseState.WAITING_FOR_ASKER:
            is_asked = any(f.state is FindingState.ASKED for f in case.findings)
            return Standing.WAITING_FOR_ASKER if is_asked else Standing.ANSWERED
        case _:
            return None
