"""What a press of a button does to a case."""

from dataclasses import replace

import pytest

from bot.knowledge.community import Opening
from bot.posts import Pressed, Role, Verb
from bot.triage.case import CaseState, FindingState, Reply
from bot.triage.decision import Decision
from bot.triage.plans import Answer, Buttons, Form, Question, Words
from bot.triage.presses import PRIVATE_CHOICE
from bot.triage.view import View
from tests.shipped_knowledge import shipped
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
    assert [f.state for f in thread.case.findings if f.article_id == "upstream-dim"] == [FindingState.WITHDRAWN]


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


def test_a_question_that_people_have_now_can_no_longer_be_answered_by_button(thread: Thread) -> None:
    thread.says("[torn 503 upstream-dim wick-limit]")
    assert [plan.buttons for plan in thread.standing] == [Buttons.QUESTION]
    assert did(thread.says("can I talk to a human")) == ["escalate"]
    assert [plan.buttons for plan in thread.standing] == [Buttons.NONE, Buttons.NONE]


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


def presses_on(
    thread: Thread,
    reply: Reply,
    verb: Verb,
    *,
    by: Role = Role.ASKER,
    article: str | None = None,
    old: int | None = None,
) -> Decision:
    """On that reply, or in the private choice about its revision `old`."""
    return thread.play(Pressed(by=by, verb=verb, article_id=article, key=reply.key, revision=old))


def answered(thread: Thread, text: str = "[exact upstream-dim]") -> Reply:
    thread.says(text)
    return thread.case.replies[-1]


def whispered(decision: Decision) -> str | None:
    return decision.whisper.words.name if decision.whisper is not None else None


def test_still_stuck_opens_the_private_choice_about_the_answer_as_it_stands(thread: Thread) -> None:
    reply = answered(thread)
    before = thread.case
    decision = presses_on(thread, reply, Verb.STUCK)
    assert did(decision) == ["silent"]
    assert thread.case == before
    assert decision.whisper is not None
    assert (decision.whisper.offers, decision.whisper.key) == (PRIVATE_CHOICE, reply.key)
    assert decision.whisper.revision == reply.revision


def test_a_second_press_about_the_same_revision_changes_nothing(thread: Thread) -> None:
    reply = answered(thread)
    assert whispered(presses_on(thread, reply, Verb.NOT_SOLVED, old=reply.revision)) == "press-noted"
    second = presses_on(thread, reply, Verb.NOT_SOLVED, old=reply.revision)
    assert (did(second), whispered(second)) == (["silent"], "press-outdated")
    assert thread.case.state is CaseState.WAITING_FOR_ASKER


@pytest.mark.parametrize("verb", [Verb.SOLVED, Verb.STUCK, Verb.MODERATOR, Verb.MUTE])
def test_a_row_that_was_taken_away_offers_nothing(thread: Thread, verb: Verb) -> None:
    old = answered(thread)
    answered(thread, "[exact wick-limit]")
    before = thread.case
    decision = presses_on(thread, old, verb)
    assert (did(decision), whispered(decision)) == (["silent"], "press-outdated")
    assert thread.case == before


def test_only_what_a_question_offers_can_be_chosen(thread: Thread) -> None:
    question = answered(thread, "a 503 [torn 503 upstream-dim wick-limit]")
    assert whispered(presses_on(thread, question, Verb.CHOOSE, article="lost-lamp")) == "press-outdated"
    assert whispered(presses_on(thread, question, Verb.SOLVED)) == "press-outdated"
    assert did(presses_on(thread, question, Verb.CHOOSE, article="wick-limit")) == ["answer"]


@pytest.mark.parametrize(
    ("verb", "article", "said"),
    [(Verb.SOLVED, None, None), (Verb.MODERATOR, None, "press-with-people"), (Verb.CHOOSE, "wick-limit", None)],
)
def test_a_double_press_is_not_told_that_it_came_too_late(
    thread: Thread, verb: Verb, article: str | None, said: str | None
) -> None:
    reply = answered(thread, "a 503 [torn 503 upstream-dim wick-limit]" if article else "[exact upstream-dim]")
    presses_on(thread, reply, verb, article=article)
    second = presses_on(thread, reply, verb, article=article)
    assert (did(second), whispered(second)) == (["silent"], said)


def test_who_may_not_press_is_told_so_and_a_press_that_was_only_written_down_is_told_nothing(thread: Thread) -> None:
    reply = answered(thread)
    assert whispered(presses_on(thread, reply, Verb.SOLVED, by=Role.OTHER)) == "press-not-yours"
    assert whispered(thread.presses(Verb.SOLVED, by=Role.OTHER)) is None


def test_in_a_muted_thread_a_press_is_told_how_to_undo_it(thread: Thread) -> None:
    reply = answered(thread)
    assert whispered(presses_on(thread, reply, Verb.MUTE, old=reply.revision)) == "muted"
    assert whispered(presses_on(thread, reply, Verb.STUCK)) == "press-muted"


@pytest.fixture
def opening(scripted: View) -> Thread:
    """A thread of a community that has rough first choices."""
    openings = (
        Opening(id="number", asks="question-number"),
        Opening(id="dark", articles=("lost-lamp", "upstream-dim")),
    )
    base = scripted.knowledge.base
    community = base.community.model_copy(update={"openings": openings})
    return Thread(replace(scripted, knowledge=replace(scripted.knowledge, base=replace(base, community=community))))


def test_an_open_question_has_rough_choices_that_make_it_sharper(opening: Thread) -> None:
    question = answered(opening, "my lamp is broken, what is it")
    assert question.plan is not None
    assert question.plan.buttons is Buttons.QUESTION
    assert did(presses_on(opening, question, Verb.CHOOSE, article="dark")) == ["ask"]
    (plan,) = opening.standing
    assert plan.parts == (Question(candidates=("lost-lamp", "upstream-dim")),)
    assert did(presses_on(opening, question, Verb.CHOOSE, article="upstream-dim")) == ["answer"]


def test_a_rough_choice_without_articles_asks_on_in_words(opening: Thread) -> None:
    question = answered(opening, "my lamp is broken, what is it")
    assert did(presses_on(opening, question, Verb.CHOOSE, article="number")) == ["ask"]
    (plan,) = opening.standing
    assert (plan.parts, plan.buttons) == ((Words(name="question-number"),), Buttons.NONE)


def test_none_of_the_rough_choices_brings_people(opening: Thread) -> None:
    question = answered(opening, "my lamp is broken, what is it")
    decision = presses_on(opening, question, Verb.SOMETHING_ELSE)
    assert (did(decision), len(decision.cards)) == (["escalate"], 1)


def test_the_shipped_rough_choices_name_articles_and_messages_that_exist() -> None:
    base = shipped().view.knowledge.base
    assert base.community.openings
    for opening in base.community.openings:
        assert set(opening.articles) <= set(base.articles)
        assert {(f"choice-{opening.id}", "en"), (opening.asks, "en")} <= set(base.messages)


KEY = "lk-fakefakefake0123456789ab"


@pytest.mark.parametrize("said", [[f"{KEY} [exact upstream-dim]"], ["[exact upstream-dim]", f"oh, {KEY}"]])
def test_a_warning_about_a_key_outlives_every_press(thread: Thread, said: list[str]) -> None:
    for text in said:
        thread.says(text)
    thread.presses(Verb.NOT_SOLVED)
    parts = [part for plan in thread.standing for part in plan.parts]
    assert Words(name="leaked-key") in parts
    assert any(isinstance(part, Answer) and part.form is Form.MORE for part in parts)


def test_a_key_that_is_edited_away_leaves_the_warning_alone(thread: Thread) -> None:
    thread.says(f"{KEY} [exact upstream-dim]")
    thread.edits(0, "a nice lamp [chatter]")
    (plan,) = thread.standing
    assert (plan.parts, plan.buttons) == ((Words(name="leaked-key"),), Buttons.NONE)
