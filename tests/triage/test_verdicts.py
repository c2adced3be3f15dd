"""What becomes of an answer, as people show it; silence shows nothing."""

import pytest

from bot.posts import Order, Ordered, Role, UserId, Verb
from bot.triage.decision import Decision
from tests.triage.thread import Thread

DIM = "[exact upstream-dim] the lamp is dim"
BOTH = f"{DIM} [exact wick-limit] and my wick"
STAFF = UserId(77)


def shown(decision: Decision) -> list[tuple[str, str]]:
    return [(verdict.article_id, verdict.kind.value) for verdict in decision.verdicts]


def order(thread: Thread, order: Order, article_id: str | None = None) -> Decision:
    return thread.play(Ordered(by=STAFF, order=order, article_id=article_id))


def test_the_asker_presses_solved(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(thread.presses(Verb.SOLVED)) == [("upstream-dim", "solved")]


def test_the_asker_says_that_it_works(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(thread.says("that fixed it, thank you")) == [("upstream-dim", "confirmed")]


def test_a_moderator_presses_solved_for_them(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(thread.presses(Verb.SOLVED, by=Role.STAFF)) == [("upstream-dim", "confirmed")]


def test_the_asker_says_that_it_is_not_their_problem(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(thread.presses(Verb.DISMISS)) == [("upstream-dim", "dismissed")]


@pytest.mark.parametrize("article_id", [None, "wick-limit"])
def test_staff_corrects_it(thread: Thread, article_id: str | None) -> None:
    thread.says(DIM)
    assert shown(order(thread, Order.CORRECT, article_id)) == [("upstream-dim", "corrected")]


def test_each_of_two_answers_gets_a_verdict(thread: Thread) -> None:
    thread.says(BOTH)
    assert sorted(shown(thread.presses(Verb.SOLVED))) == [("upstream-dim", "solved"), ("wick-limit", "solved")]


def test_an_answer_that_staff_chose_is_judged_like_any_other(thread: Thread) -> None:
    thread.says("[chatter] what a shelf")
    order(thread, Order.ANSWER, "wick-limit")
    assert shown(thread.presses(Verb.SOLVED)) == [("wick-limit", "solved")]


def test_silence_is_no_verdict(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(thread.waits()) == []


def test_a_person_who_speaks_is_no_verdict(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(thread.somebody_says(Role.STAFF, "have a look at the wick instead")) == []


def test_to_be_handed_to_people_is_no_verdict_and_neither_is_what_they_settle(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(order(thread, Order.ESCALATE)) == []
    assert shown(order(thread, Order.RESOLVE)) == []


def test_an_edit_that_takes_the_answer_away_is_no_verdict(thread: Thread) -> None:
    thread.says(DIM)
    assert shown(thread.edits(0, "[chatter] never mind, a shelf")) == []
    thread.says(DIM)
    assert shown(thread.deletes(1)) == []


def test_what_was_never_answered_gets_none(thread: Thread) -> None:
    thread.says("[torn 503 upstream-dim wick-limit] 503")
    assert shown(thread.says("that fixed it, thank you")) == []


def test_the_same_is_not_judged_twice(thread: Thread) -> None:
    thread.says(DIM)
    thread.presses(Verb.SOLVED)
    assert shown(thread.says("yes, that fixed it")) == []
