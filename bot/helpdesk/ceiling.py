"""How far an article may go by itself: what of a plan is said to the asker without a person's approval. Pure."""

from dataclasses import replace

from bot.knowledge.articles import Autonomy
from bot.triage.plans import Answer, Buttons, Part, Question, ReplyPlan, Words
from bot.triage.view import View

#: Messages that only go with an answer, and say nothing without one.
_ATTACHED = frozenset({"changed-mind", "late"})
#: Beside this one stands an answer that a person chose.
_CHOSEN = "chosen-by"


def approved(plan: ReplyPlan, view: View) -> ReplyPlan | None:
    """The plan without answers that people have to see first; None when nothing is left to say."""
    parts = tuple(part for part in plan.parts if not _is_held(part, view))
    if parts == plan.parts or any(isinstance(part, Words) and part.name == _CHOSEN for part in plan.parts):
        return plan
    if all(isinstance(part, Words) and part.name in _ATTACHED for part in parts):
        return None
    goes_with_buttons = any(isinstance(part, Answer | Question) for part in parts)
    return replace(plan, parts=parts, buttons=plan.buttons if goes_with_buttons else Buttons.NONE)


def _is_held(part: Part, view: View) -> bool:
    return isinstance(part, Answer) and view.autonomy(part.article_id) is not Autonomy.ANSWER
