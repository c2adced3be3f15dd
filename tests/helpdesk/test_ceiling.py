"""What of a plan may be said without a person: answers of articles that only draft or watch are not among it."""

from dataclasses import replace

import pytest

from bot.helpdesk.ceiling import approved
from bot.knowledge.articles import Autonomy
from bot.triage.plans import Answer, Buttons, Part, Question, ReplyPlan, Words
from tests.tiny_knowledge import tiny

DIM, MONEY = Answer(article_id="upstream-dim"), Answer(article_id="money-back")
LEAK, LATE = Words(name="leaked-key"), Words(name="late")


def plan(*parts: Part, buttons: Buttons = Buttons.ANSWER) -> ReplyPlan:
    return ReplyPlan(parts=parts, buttons=buttons, language="en", has_footer=True)


def test_what_may_be_said_is_said_as_it_was_planned() -> None:
    planned = plan(LEAK, DIM)
    assert approved(planned, tiny().view) is planned


@pytest.mark.parametrize("parts", [(MONEY,), (MONEY, LATE), (Words(name="changed-mind"), MONEY)])
def test_a_draft_is_not_said_and_neither_is_what_goes_with_it(parts: tuple[Part, ...]) -> None:
    assert approved(plan(*parts), tiny().view) is None


def test_a_warning_and_a_hand_over_are_said_without_the_draft_beside_them() -> None:
    said = approved(plan(LEAK, MONEY, Words(name="hand-over-moderators")), tiny().view)
    assert said == plan(LEAK, Words(name="hand-over-moderators"), buttons=Buttons.NONE)


def test_an_answer_goes_out_although_the_one_beside_it_is_a_draft() -> None:
    assert approved(plan(DIM, MONEY), tiny().view) == plan(DIM)


def test_a_question_keeps_its_buttons_without_the_draft_beside_it() -> None:
    question = Question(candidates=("upstream-dim", "wick-limit"), status=503)
    said = approved(plan(question, MONEY, buttons=Buttons.QUESTION), tiny().view)
    assert said == plan(question, buttons=Buttons.QUESTION)


def test_what_people_lowered_holds() -> None:
    view = tiny().view
    lowered = replace(view, policy=replace(view.policy, lowered={"upstream-dim": Autonomy.WATCH}))
    assert approved(plan(DIM), lowered) is None
