"""The asker's next post comes before anybody has seen the answer to the last one: nothing that was told gets lost."""

from dataclasses import replace

from bot.posts import Deleted, Edited
from bot.triage.case import FindingState
from bot.triage.plans import Answer, Buttons
from tests.triage.thread import Thread


def told(thread: Thread) -> list[list[str]]:
    """The articles of each message that stands."""
    return [[part.article_id for part in plan.parts if isinstance(part, Answer)] for plan in thread.standing]


def slow(thread: Thread) -> Thread:
    thread.is_slow = True
    return thread


def test_an_answer_that_nobody_has_seen_is_told_again_with_the_answer_to_the_next_post(thread: Thread) -> None:
    thread = slow(thread)
    first = thread.says("[exact upstream-dim]").replies[0]
    (reply,) = thread.says("and also [exact wick-limit]").replies
    assert (reply.key, reply.revision) == (first.key, first.revision + 1)
    assert told(thread) == [["upstream-dim", "wick-limit"]]
    assert {f.article_id for f in thread.case.findings} == {"upstream-dim", "wick-limit"}


def test_a_question_that_nobody_has_seen_gives_way_to_the_answer(thread: Thread) -> None:
    thread = slow(thread)
    thread.says("[torn 503 upstream-dim wick-limit]")
    thread.says("it is [exact wick-limit]")
    assert told(thread) == [["wick-limit"]]
    assert [f.state for f in thread.case.findings] == [FindingState.ANSWERED]


def test_chatter_takes_nothing_from_an_answer_that_nobody_has_seen(thread: Thread) -> None:
    thread = slow(thread)
    thread.says("[exact upstream-dim]")
    thread.says("a nice lamp [chatter]")
    assert told(thread) == [["upstream-dim"]]
    assert [f.state for f in thread.case.findings] == [FindingState.ANSWERED]


def test_an_answer_that_may_stand_already_is_not_rewritten_by_the_next_post(thread: Thread) -> None:
    thread = slow(thread)
    thread.says("[exact upstream-dim]")
    thread.case = replace(thread.case, replies=tuple(replace(r, may_stand=True) for r in thread.case.replies))
    thread.says("and also [exact wick-limit]")
    assert told(thread) == [["upstream-dim"], ["wick-limit"]]


def test_a_post_that_is_heard_of_after_a_newer_one_does_not_take_the_answer_with_it(thread: Thread) -> None:
    """An older post reaches Heron by its edit while the answer to the newer one waits; then it is deleted."""
    thread = slow(thread)
    older = thread.post("[chatter]")
    newer = thread.says("[exact wick-limit]").replies[0]
    thread.play(Edited(post=replace(older, text="[exact upstream-dim]")))
    (reply,) = [r for r in thread.case.replies if r.plan is not None]
    assert (reply.key, reply.question_id) == (newer.key, newer.question_id)
    thread.play(Deleted(message_id=older.message_id))
    assert told(thread) == [["wick-limit"]]


def test_buttons_leave_an_answer_at_once_however_long_the_answer_itself_had_to_wait(thread: Thread) -> None:
    first = thread.says("[text upstream-dim 0.95]").replies[0]
    assert first.plan is not None
    assert first.plan.delay_s > 0
    changed = {reply.key: reply.plan for reply in thread.says("and [exact wick-limit]").replies}
    bare = changed[first.key]
    assert bare is not None
    assert (bare.buttons, bare.delay_s) == (Buttons.NONE, 0.0)
