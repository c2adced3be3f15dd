"""What a press of a button does to a case."""

import pytest

from bot.posts import Role, Verb
from bot.triage.case import CaseState
from bot.triage.plans import Answer, Buttons, Form, Question
from tests.triage.thread import Thread, did


@pytest.mark.parametrize("by", [Role.OTHER, Role.BOT])
@pytest.mark.parametrize("verb", list(Verb))
def test_who_is_neither_asker_nor_staff_moves_nothing(thread: Thread, by: Role, verb: Verb) -> None:
    thread.says("[exact upstream-dim]")
    before = thread.case
    assert did(thread.presses(verb, "wick-limit", by=by)) == ["silent"]
    assert thread.case == before


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.MUTE])
def test_a_press_where_nothing_stands_changes_nothing(thread: Thread, verb: Verb) -> None:
    thread.says("a nice lamp [chatter]")
    before = thread.case
    assert did(thread.presses(verb, "wick-limit")) == ["silent"]
    assert thread.case == before


@pytest.mark.parametrize("by", [Role.ASKER, Role.STAFF])
def test_solved_closes_the_findings_and_takes_the_buttons_away(thread: Thread, by: Role) -> None:
    thread.says("[exact upstream-dim]")
    assert did(thread.presses(Verb.SOLVED, by=by)) == ["solved"]
    assert thread.case.state is CaseState.SOLVED
    assert [plan.buttons for plan in thread.standing] == [Buttons.NONE]
    assert did(thread.presses(Verb.SOLVED, by=by)) == ["silent"]


def test_still_stuck_brings_the_remaining_steps_then_people_then_nothing(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    assert did(thread.presses(Verb.NOT_SOLVED)) == ["answer"]
    (plan,) = thread.standing
    (answer,) = plan.parts
    assert isinstance(answer, Answer)
    assert answer.form is Form.MORE
    last = thread.presses(Verb.NOT_SOLVED)
    assert did(last) == ["escalate"]
    assert len(last.cards) == 1
    assert did(thread.presses(Verb.NOT_SOLVED)) == ["silent"]


def test_ask_a_person_hands_over_once(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    decision = thread.presses(Verb.MODERATOR)
    assert did(decision) == ["escalate"]
    assert [card.article_id for card in decision.cards] == ["upstream-dim"]
    assert thread.case.state is CaseState.WAITING_FOR_PEOPLE
    assert did(thread.presses(Verb.MODERATOR)) == ["silent"]


def test_dismiss_takes_the_answer_back_in_place(thread: Thread) -> None:
    first = thread.says("[exact upstream-dim]").replies[0]
    decision = thread.presses(Verb.DISMISS)
    assert "retract" in did(decision)
    assert len(thread.case.replies) == 1
    assert thread.case.replies[0].key == first.key
    assert not any(isinstance(part, Answer) for part in thread.standing[0].parts)
    assert not any(f.article_id == "upstream-dim" for f in thread.case.findings)


def test_a_choice_is_as_good_as_the_error_and_changes_the_question(thread: Thread) -> None:
    asked = thread.says("only a 503 [torn 503 upstream-dim wick-limit]").replies[0]
    decision = thread.presses(Verb.CHOOSE, "wick-limit")
    assert did(decision) == ["answer"]
    assert [reply.key for reply in decision.replies] == [asked.key]
    (answer,) = thread.standing[0].parts
    assert isinstance(answer, Answer)
    assert answer.article_id == "wick-limit"
    assert [f.article_id for f in thread.case.findings] == ["wick-limit"]


def test_a_choice_that_does_not_exist_changes_nothing(thread: Thread) -> None:
    thread.says("only a 503 [torn 503 upstream-dim wick-limit]")
    standing = thread.standing
    assert did(thread.presses(Verb.CHOOSE, "no-such-article")) == ["silent"]
    assert thread.standing == standing


def test_something_else_asks_openly(thread: Thread) -> None:
    thread.says("only a 503 [torn 503 upstream-dim wick-limit]")
    assert did(thread.presses(Verb.SOMETHING_ELSE)) == ["ask"]
    assert thread.standing[0].parts == (Question(),)


def test_after_a_later_message_a_press_is_answered_below_it(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.says("a nice lamp [chatter]")
    thread.presses(Verb.NOT_SOLVED)
    assert [plan.buttons for plan in thread.standing] == [Buttons.NONE, Buttons.ANSWER]


def test_a_muted_thread_answers_no_press_but_notes_that_it_is_solved(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.says("!mute")
    assert did(thread.presses(Verb.NOT_SOLVED)) == ["silent"]
    assert did(thread.presses(Verb.SOLVED)) == ["solved"]
