"""How much one person is told within an hour. Beyond that people see at the desk what waits, and nobody is told so:
a forum that is flooded is not helped by a bot that answers the flood."""

from bot.triage.case import SETTLED, Finding, FindingState
from bot.triage.handover import given_to_people
from bot.triage.plans import Action
from bot.triage.situation import Outcome, Situation
from bot.triage.view import View


def is_told_enough(view: View) -> bool:
    most = view.policy.most_an_hour
    return most is not None and view.told_lately >= most


def within_limit(outcome: Outcome, s: Situation) -> Outcome:
    """What there was to say is handed to people without words and without a card; the desk counts and names it."""
    if not outcome.parts or not is_told_enough(s.view):
        return outcome
    found = [f for f in outcome.findings if f.state not in SETTLED]
    unknown = Finding(article_id=None, state=FindingState.OPEN, question_id=s.question_id)
    return Outcome(
        actions=(Action.ESCALATE,),
        reason=f"told {s.view.told_lately} times within an hour; people see it at the desk",
        findings=tuple(given_to_people(f, s) for f in found or [unknown]),
    )
