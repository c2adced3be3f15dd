"""What became of an answer, as people show it: whether it helped, or was wrong. Silence is neither."""

from dataclasses import dataclass
from enum import StrEnum

from bot.posts import Event, Order, Ordered, Pressed, Role, Verb
from bot.triage.case import Case, FindingState


class VerdictKind(StrEnum):
    SOLVED = "solved"  # the asker pressed it
    CONFIRMED = "confirmed"  # said in words, or by somebody else
    CORRECTED = "corrected"  # staff took it back or put another in its place
    DISMISSED = "dismissed"  # the asker: that is not my problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    article_id: str
    kind: VerdictKind


def verdicts_of(event: Event, before: Case, after: Case) -> tuple[Verdict, ...]:
    """One for each article that was told before the event and is settled after it, or whose draft is discarded."""
    is_discard = isinstance(event, Ordered) and event.order is Order.DISCARD
    was = FindingState.DRAFTED if is_discard else FindingState.ANSWERED
    told = {f.article_id for f in before.findings if f.state is was and f.article_id}
    if not told:
        return ()
    settled = {f.article_id: f.state for f in after.findings if f.article_id in told}
    found = ((article_id, _kind(event, state)) for article_id, state in settled.items() if article_id)
    return tuple(Verdict(article_id=article_id, kind=kind) for article_id, kind in found if kind)


def _kind(event: Event, state: FindingState) -> VerdictKind | None:
    match event, state:
        case Pressed(by=Role.ASKER, verb=Verb.SOLVED), FindingState.SOLVED:
            return VerdictKind.SOLVED
        case _, FindingState.SOLVED:
            return VerdictKind.CONFIRMED
        case Pressed(verb=Verb.DISMISS), FindingState.WITHDRAWN:
            return VerdictKind.DISMISSED
        case Ordered(order=Order.CORRECT | Order.DISCARD), FindingState.WITHDRAWN:
            return VerdictKind.CORRECTED
        case _:
            return None
