"""What staff wants of a case: an answer by name, a correction, people for it, the end of it, silence."""

from dataclasses import replace

import pytest

from bot.posts import MaskedText, Order, Ordered, Role, UserId, Verb
from bot.triage.case import CaseState, FindingState
from bot.triage.decision import Decision
from bot.triage.plans import Answer, Buttons, Words
from bot.triage.view import View
from tests.triage.thread import PEOPLE, Thread, did

DIM = "[exact upstream-dim] the lamp is dim"
STAFF = UserId(77)
#: What changes something, each in a thread where there is something to change.
CHANGES = (Order.ANSWER, Order.CORRECT, Order.ESCALATE, Order.RESOLVE, Order.REOPEN, Order.MUTE, Order.UNMUTE)


def order(
    thread: Thread, order: Order, article_id: str | None = None, *, by: UserId = STAFF, is_staff: bool = True
) -> Decision:
    return thread.play(Ordered(by=by, order=order, article_id=article_id, is_staff=is_staff))


def word(decision: Decision) -> str:
    """What whoever wanted it is told in private."""
    assert decision.whisper is not None
    return decision.whisper.words.name


def told(thread: Thread) -> list[list[str]]:
    """What stands in the thread: articles and messages by name."""
    return [
        [
            part.article_id if isinstance(part, Answer) else part.name
            for part in plan.parts
            if isinstance(part, Answer | Words)
        ]
        for plan in thread.standing
    ]


def states(thread: Thread) -> list[tuple[str | None, FindingState]]:
    return [(finding.article_id, finding.state) for finding in thread.case.findings]


def test_an_answer_by_name_is_a_message_of_its_own_that_says_who_chose_it(thread: Thread) -> None:
    thread.says("[chatter] what a shelf")
    decision = order(thread, Order.ANSWER, "wick-limit")
    assert (did(decision), word(decision)) == (["answer"], "order-answered")
    (plan,) = thread.standing
    assert plan.buttons is Buttons.ANSWER
    assert plan.parts[-1] == Words(name="chosen-by", values={"chosen_by": STAFF})
    assert states(thread) == [("wick-limit", FindingState.ANSWERED)]
    assert decision.ordered is not None


def test_an_answer_that_is_chosen_twice_counts_once_until_people_are_wanted_again(thread: Thread) -> None:
    thread.says(DIM)
    order(thread, Order.ANSWER, "wick-limit")
    before = thread.case
    again = order(thread, Order.ANSWER, "wick-limit")
    assert (did(again), word(again), again.ordered) == (["silent"], "order-same-article", None)
    assert thread.case == before
    order(thread, Order.REOPEN)
    assert did(order(thread, Order.ANSWER, "wick-limit")) == ["answer"]


def test_an_answer_by_name_counts_as_a_person_speaking(thread: Thread) -> None:
    thread.says("[chatter] what a shelf")
    order(thread, Order.ANSWER, "wick-limit")
    assert did(thread.says(DIM)) == ["silent"]


def test_an_answer_by_name_ends_the_wait_for_people(thread: Thread) -> None:
    thread.says(DIM)
    order(thread, Order.ESCALATE)
    order(thread, Order.ANSWER, "wick-limit")
    assert thread.case.state is CaseState.WAITING_FOR_ASKER
    assert ("upstream-dim", FindingState.WITHDRAWN) in states(thread)


def test_an_answer_to_nothing_and_an_unknown_one_change_nothing(thread: Thread) -> None:
    assert word(order(thread, Order.ANSWER, "wick-limit")) == "order-nothing-asked"
    thread.says("[chatter] what a shelf")
    decision = order(thread, Order.ANSWER, "no-such")
    assert (word(decision), decision.ordered, thread.standing) == ("order-no-article", None, ())


def test_a_correction_puts_the_right_answer_where_the_wrong_one_stood(thread: Thread) -> None:
    thread.says(DIM)
    decision = order(thread, Order.CORRECT, "wick-limit")
    assert (did(decision), word(decision)) == (["answer", "retract"], "order-corrected")
    assert told(thread) == [["wick-limit", "chosen-by"]]
    assert states(thread) == [("upstream-dim", FindingState.WITHDRAWN), ("wick-limit", FindingState.ANSWERED)]
    assert [f.article_id for f in decision.diagnosis.findings] == ["wick-limit"]
    assert decision.report is not None


def test_a_correction_without_an_article_leaves_one_line_without_buttons(thread: Thread) -> None:
    thread.says(DIM)
    decision = order(thread, Order.CORRECT)
    assert did(decision) == ["retract"]
    assert told(thread) == [["corrected"]]
    assert thread.standing[0].buttons is Buttons.NONE
    assert decision.diagnosis.findings == ()


def test_what_was_corrected_is_not_said_again(thread: Thread) -> None:
    thread.says(DIM)
    order(thread, Order.CORRECT)
    assert did(thread.says(DIM)) == ["silent"]


def test_the_answer_to_the_newest_question_is_corrected_even_if_an_older_one_was_written_anew(thread: Thread) -> None:
    thread.says(DIM)
    thread.says("[exact wick-limit] and this")
    oldest = min(thread.case.replies, key=lambda reply: reply.question_id)
    thread.case = thread.case.with_reply(oldest)  # as a sweep leaves it: the last that changed
    order(thread, Order.CORRECT)
    assert ["corrected"] in told(thread)
    assert ("wick-limit", FindingState.WITHDRAWN) in states(thread)


@pytest.mark.parametrize(
    ("article_id", "expected"),
    [("upstream-dim", "order-same-article"), ("no-such", "order-no-article")],
)
def test_a_correction_to_the_same_or_to_nothing_known_changes_nothing(
    thread: Thread, article_id: str, expected: str
) -> None:
    thread.says(DIM)
    before = thread.case
    assert word(order(thread, Order.CORRECT, article_id)) == expected
    assert thread.case == before


def test_where_no_answer_stands_there_is_nothing_to_correct(thread: Thread) -> None:
    thread.says("[chatter] what a shelf")
    assert word(order(thread, Order.CORRECT, "wick-limit")) == "order-no-answer"


def test_escalating_makes_a_card_and_says_nothing_in_the_thread(thread: Thread) -> None:
    thread.says(DIM)
    before = thread.standing
    decision = order(thread, Order.ESCALATE)
    assert (did(decision), word(decision)) == (["escalate"], "order-escalated")
    (card,) = decision.cards
    assert (card.article_id, card.reason) == ("upstream-dim", "asked for by staff")
    assert [plan.parts for plan in thread.standing] == [plan.parts for plan in before]
    assert thread.case.state is CaseState.WAITING_FOR_PEOPLE
    assert word(order(thread, Order.ESCALATE)) == "order-with-people"


def test_a_reason_stands_on_the_card(thread: Thread) -> None:
    thread.says("[chatter] what a shelf")
    decision = thread.play(Ordered(by=STAFF, order=Order.ESCALATE, reason=MaskedText("an odd one")))
    assert decision.cards[0].reason == "an odd one"
    assert decision.cards[0].article_id is None


def test_what_is_resolved_waits_for_nobody_and_can_be_reopened(thread: Thread) -> None:
    thread.says(DIM)
    assert word(order(thread, Order.RESOLVE)) == "order-nothing-waits"
    order(thread, Order.ESCALATE)
    decision = order(thread, Order.RESOLVE)
    assert (did(decision), word(decision), thread.case.state) == (["solved"], "order-resolved", CaseState.SOLVED)
    reopened = order(thread, Order.REOPEN)
    assert (word(reopened), thread.case.state) == ("order-escalated", CaseState.WAITING_FOR_PEOPLE)
    assert reopened.cards[0].reason == "opened again"


def test_a_muted_thread_stays_silent_until_it_is_unmuted(thread: Thread) -> None:
    assert word(order(thread, Order.MUTE)) == "order-muted"
    assert did(thread.says(DIM)) == ["silent"]
    assert order(thread, Order.MUTE).ordered is None
    assert word(order(thread, Order.UNMUTE)) == "order-unmuted"
    assert did(thread.says("[exact wick-limit] and now")) == ["answer"]


def test_muting_takes_back_what_still_waited_for_its_time(scripted: View) -> None:
    thread = Thread(scripted, is_slow=True)
    thread.says("[torn 503 upstream-dim wick-limit] 503")
    order(thread, Order.MUTE)
    assert thread.standing == ()


@pytest.mark.parametrize("wanted", CHANGES)
def test_who_is_not_staff_changes_nothing_in_a_thread_of_somebody_else(thread: Thread, wanted: Order) -> None:
    thread.says(DIM)
    before = thread.case
    decision = order(thread, wanted, "wick-limit", by=PEOPLE[Role.OTHER], is_staff=False)
    assert (word(decision), decision.ordered) == ("order-not-yours", None)
    assert thread.case == before


@pytest.mark.parametrize("wanted", [Order.ANSWER, Order.CORRECT, Order.ESCALATE, Order.RESOLVE, Order.REOPEN])
def test_an_asker_may_silence_their_own_thread_and_nothing_else(thread: Thread, wanted: Order) -> None:
    thread.says(DIM)
    asker = PEOPLE[Role.ASKER]
    assert word(order(thread, wanted, "wick-limit", by=asker, is_staff=False)) == "order-not-yours"
    assert word(order(thread, Order.MUTE, by=asker, is_staff=False)) == "order-muted"
    assert thread.case.is_muted


def test_staff_is_told_in_english_and_the_asker_in_their_language(thread: Thread) -> None:
    thread.says(DIM)
    asker = PEOPLE[Role.ASKER]
    thread.case = replace(thread.case, language="zh")
    of_staff, of_asker = order(thread, Order.RESOLVE), order(thread, Order.MUTE, by=asker, is_staff=False)
    assert of_staff.whisper is not None
    assert of_asker.whisper is not None
    assert (of_staff.whisper.language, of_asker.whisper.language) == ("en", "zh")


def test_a_press_on_a_chosen_answer_works_like_on_any_other(thread: Thread) -> None:
    thread.says("[chatter] what a shelf")
    order(thread, Order.ANSWER, "wick-limit")
    assert did(thread.presses(Verb.SOLVED)) == ["solved"]
