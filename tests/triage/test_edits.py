"""An answer follows its question: edited with it, taken back with it."""

import pytest

from bot.posts import Verb
from bot.triage.case import CaseState, FindingState
from bot.triage.plans import Answer
from tests.triage.thread import Thread, did


def told(thread: Thread) -> list[str]:
    return [part.article_id for plan in thread.standing for part in plan.parts if isinstance(part, Answer)]


def test_an_edited_post_changes_its_answer_in_place(thread: Thread) -> None:
    first = thread.says("[exact upstream-dim]").replies[0]
    decision = thread.edits(0, "sorry, I meant [exact wick-limit]")
    assert did(decision) == ["answer"]
    (reply,) = decision.replies
    assert (reply.key, reply.revision) == (first.key, first.revision + 1)
    assert told(thread) == ["wick-limit"]
    assert [f.article_id for f in thread.case.findings] == ["wick-limit"]
    assert thread.standing[0].has_footer


def test_an_edited_post_that_is_fixed_loses_our_answer(thread: Thread) -> None:
    first = thread.says("[exact upstream-dim]").replies[0]
    decision = thread.edits(0, "never mind, a nice lamp [chatter]")
    assert did(decision) == ["retract"]
    (reply,) = decision.replies
    assert (reply.key, reply.plan, reply.revision) == (first.key, None, first.revision + 1)
    assert thread.case.findings == ()
    assert thread.case.state is CaseState.OPEN


def test_a_link_preview_is_no_edit(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    before = thread.case
    assert did(thread.edits(0, "[exact upstream-dim]")) == ["silent"]
    assert thread.case == before


def test_an_edit_of_a_post_that_nobody_has_read_counts_as_posted(thread: Thread) -> None:
    assert did(thread.edits(0, "[exact upstream-dim]")) == ["answer"]


def test_a_post_without_an_answer_may_get_one_by_an_edit(thread: Thread) -> None:
    thread.says("a nice lamp [chatter]")
    assert did(thread.edits(0, "now it says [exact upstream-dim]")) == ["answer"]
    assert told(thread) == ["upstream-dim"]


def test_an_answer_that_comes_back_after_it_was_taken_back_is_a_later_revision(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    gone = thread.edits(0, "never mind [chatter]").replies[0]
    back = thread.edits(0, "it is there again: [exact upstream-dim]").replies[0]
    assert back.plan is not None
    assert (back.key, back.revision) == (gone.key, gone.revision + 1)


def test_after_the_first_reply_was_taken_back_the_next_one_tells_how_to_make_heron_stop(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.deletes(0)
    thread.says("[exact wick-limit]")
    assert [plan.has_footer for plan in thread.standing] == [True]


def test_a_key_that_an_edit_brings_is_warned_about(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    decision = thread.edits(0, "[exact upstream-dim] with lk-fakefakefake0123456789ab")
    assert did(decision)[0] == "warn"
    assert "lk-fake" not in repr(thread.case)


def test_an_edit_in_a_muted_thread_is_not_answered(thread: Thread) -> None:
    thread.says("hello there")
    thread.says("!mute")
    assert did(thread.edits(0, "[exact upstream-dim]")) == ["silent"]


def test_an_edit_to_says_it_works_solves(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.says("hm [chatter]")
    assert did(thread.edits(1, "it works now")) == ["solved"]


def test_a_deleted_question_takes_its_answer_along_and_is_forgotten(thread: Thread) -> None:
    key = thread.says("my secret lamp [exact upstream-dim]").replies[0].key
    decision = thread.deletes(0)
    assert did(decision) == ["retract"]
    assert [(reply.key, reply.plan) for reply in decision.replies] == [(key, None)]
    assert "secret lamp" not in repr(thread.case)
    assert thread.case.messages == ()


def test_a_deleted_message_that_was_not_answered_is_just_forgotten(thread: Thread) -> None:
    thread.says("a nice lamp [chatter]")
    assert did(thread.deletes(0)) == ["silent"]
    assert "nice lamp" not in repr(thread.case)


@pytest.mark.parametrize("number", [0, 7])
def test_a_message_that_was_never_read_may_be_deleted(thread: Thread, number: int) -> None:
    before = thread.case
    assert did(thread.deletes(number)) == ["silent"]
    assert thread.case == before


def test_what_is_left_of_a_burst_is_judged_again(thread: Thread) -> None:
    thread.says("[exact upstream-dim]", "and [exact wick-limit]")
    decision = thread.deletes(0)
    assert did(decision) == ["answer"]
    assert told(thread) == ["wick-limit"]
    assert len(thread.case.replies) == 1


def test_a_burst_whose_telling_half_is_gone_loses_its_answer(thread: Thread) -> None:
    thread.says("[exact upstream-dim]", "thanks already")
    assert did(thread.deletes(0)) == ["retract"]
    assert thread.standing == ()


def test_the_answer_to_a_later_message_stays_when_an_earlier_one_goes(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.says("now [exact wick-limit]")
    assert did(thread.deletes(0)) == ["retract"]
    assert told(thread) == ["wick-limit"]


SAME = "still the same error"


def state(thread: Thread) -> CaseState:
    return thread.case.state


def given_up(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.says(SAME)
    assert did(thread.says(SAME)) == ["escalate"]
    assert state(thread) is CaseState.WAITING_FOR_PEOPLE


@pytest.mark.parametrize("text", ["a nice lamp [chatter]", None])
def test_words_that_brought_people_in_and_are_gone_send_them_home(thread: Thread, text: str | None) -> None:
    given_up(thread)
    decision = thread.deletes(2) if text is None else thread.edits(2, text)
    assert did(decision) == ["retract"]
    assert state(thread) is CaseState.WAITING_FOR_ASKER
    (finding,) = thread.case.findings
    assert (finding.state, finding.told_more, finding.people_in) == (FindingState.ANSWERED, True, None)
    assert told(thread) == ["upstream-dim", "upstream-dim"]


def test_words_that_brought_people_in_may_do_so_again(thread: Thread) -> None:
    given_up(thread)
    thread.edits(2, "a nice lamp [chatter]")
    assert did(thread.edits(2, f"no, {SAME}")) == ["escalate"]
    assert state(thread) is CaseState.WAITING_FOR_PEOPLE


def test_words_that_still_want_people_keep_them(thread: Thread) -> None:
    given_up(thread)
    thread.edits(2, f"no, {SAME}")
    assert state(thread) is CaseState.WAITING_FOR_PEOPLE
    assert len(thread.standing) == 3


def test_a_question_that_is_edited_keeps_what_later_words_gave_to_people(thread: Thread) -> None:
    given_up(thread)
    thread.edits(1, "a nice lamp [chatter]")
    assert state(thread) is CaseState.WAITING_FOR_PEOPLE


def test_people_who_were_asked_for_at_once_go_when_the_question_is_harmless(thread: Thread) -> None:
    thread.says("please, I want to talk to a person: [exact upstream-dim]")
    assert state(thread) is CaseState.WAITING_FOR_PEOPLE
    assert did(thread.edits(0, "a nice lamp [chatter]")) == ["retract"]
    assert state(thread) is CaseState.OPEN


def test_a_press_for_people_outlives_an_edit_that_tells_the_same(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.presses(Verb.MODERATOR)
    before = thread.standing
    decision = thread.edits(0, "well, it says [exact upstream-dim]")
    assert (did(decision), [card.article_id for card in decision.cards]) == (["silent"], ["upstream-dim"])
    assert state(thread) is CaseState.WAITING_FOR_PEOPLE
    assert thread.standing == before


def test_a_press_for_people_goes_with_its_question(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.presses(Verb.MODERATOR)
    assert did(thread.edits(0, "a nice lamp [chatter]")) == ["retract"]
    assert state(thread) is CaseState.OPEN


def test_a_press_for_people_outlives_an_edit_of_later_words(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.says("hm [chatter]")
    thread.presses(Verb.MODERATOR)
    before = thread.standing
    assert did(thread.edits(1, "hm, well [chatter]")) == ["silent"]
    assert state(thread) is CaseState.WAITING_FOR_PEOPLE
    assert thread.standing == before
