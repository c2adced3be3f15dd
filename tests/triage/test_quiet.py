"""When Heron keeps quiet, and what it says all the same: a warning about a leaked key."""

from dataclasses import replace

import pytest

from bot.posts import Role, Verb
from bot.triage.plans import Answer, Words
from bot.triage.view import View
from tests.triage.thread import Thread, did

KEY = "lk-fakefakefake0123456789ab"
OTHER_KEY = "lk-fakefakefake9876543210zy"
FOREIGN_KEY = "ghp_FAKEFAKE0123456789abcdefFAKE4567"


def warnings(thread: Thread) -> list[str]:
    return [
        part.name
        for plan in thread.standing
        for part in plan.parts
        if isinstance(part, Words) and part.name.startswith("leaked-key")
    ]


def test_a_leaked_key_is_warned_about_before_the_answer(thread: Thread) -> None:
    decision = thread.says(f"my key is {KEY} [exact upstream-dim]")
    assert did(decision) == ["warn", "answer"]
    (plan,) = thread.standing
    assert [type(part) for part in plan.parts] == [Words, Answer]
    assert plan.delay_s == 0.0
    assert KEY not in repr(thread.case)
    assert KEY not in repr(decision)


def test_each_key_is_warned_about_once(thread: Thread) -> None:
    assert "warn" in did(thread.says(f"my key is {KEY}"))
    assert "warn" not in did(thread.says(f"again {KEY} here"))
    assert "warn" in did(thread.says(f"the new one is {OTHER_KEY}"))


def test_a_key_of_another_service_has_its_own_warning(thread: Thread) -> None:
    assert "warn" in did(thread.says(f"token {FOREIGN_KEY}"))
    assert warnings(thread) == ["leaked-key-other"]


def test_a_personal_id_is_masked_without_a_warning(thread: Thread) -> None:
    personal = "user_FAKE0123456789abcdefFAKE"
    decision = thread.says(f"I am {personal} [exact upstream-dim]")
    assert did(decision) == ["answer"]
    assert personal not in repr(thread.case)


def test_a_key_in_the_title_alone_is_warned_about(scripted: View) -> None:
    assert did(Thread(scripted, title=f"help {KEY}").says("[exact upstream-dim]")) == ["warn", "answer"]


def test_a_key_beside_the_news_that_it_works_is_warned_about(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    assert "warn" in did(thread.says(f"works now with {KEY}"))


def test_a_key_in_the_title_is_not_kept(scripted: View) -> None:
    thread = Thread(scripted, title=f"help {KEY}")
    thread.says("[exact upstream-dim]")
    assert KEY not in repr(thread.case)


def test_a_key_is_warned_about_in_a_muted_thread(thread: Thread) -> None:
    thread.says("!mute")
    assert did(thread.says(f"{KEY} [exact upstream-dim]")) == ["warn"]


def test_a_key_is_warned_about_where_staff_has_the_thread(thread: Thread) -> None:
    thread.somebody_says(Role.STAFF, "I take this")
    assert did(thread.says(f"{KEY} [exact upstream-dim]")) == ["warn"]


@pytest.mark.parametrize("command", ["!mute", "  !MUTE  ", "please\n!mute"])
def test_a_muted_thread_stays_quiet_until_it_is_unmuted(thread: Thread, command: str) -> None:
    assert did(thread.says(command)) == ["silent"]
    assert did(thread.says("[exact upstream-dim]")) == ["silent"]
    assert did(thread.says("!unmute")) == ["silent"]
    assert did(thread.says("[exact wick-limit]")) == ["answer"]


def test_the_word_mute_inside_a_sentence_mutes_nothing(thread: Thread) -> None:
    thread.says("how does !mute work here")
    assert did(thread.says("[exact upstream-dim]")) == ["answer"]


def test_stop_in_words_mutes_as_well(thread: Thread) -> None:
    phrase = thread.view.knowledge.base.phrases.stop[0]
    thread.says("[exact upstream-dim]")
    assert did(thread.says(phrase)) == ["silent"]
    assert thread.case.is_muted


def test_nothing_is_said_while_heron_is_paused(scripted: View) -> None:
    thread = Thread(replace(scripted, policy=replace(scripted.policy, is_paused=True)))
    decision = thread.says("[exact upstream-dim]")
    assert (did(decision), decision.reason) == (["silent"], "paused")


def test_what_is_deleted_in_a_pause_makes_nobody_judge_what_is_left(scripted: View) -> None:
    thread = Thread(replace(scripted, policy=replace(scripted.policy, is_paused=True)))
    thread.says(f"my key is {KEY}", "[exact upstream-dim]")
    before = thread.case
    assert did(thread.deletes(0)) == ["silent"]
    assert thread.case == before
    thread.view = scripted
    assert "answer" in did(thread.deletes(0))


def test_staff_that_speaks_silences_heron_until_it_is_addressed(thread: Thread) -> None:
    thread.says("it does not work")
    assert did(thread.somebody_says(Role.STAFF, "let me look")) == ["silent"]
    assert did(thread.says("it says [exact upstream-dim]")) == ["silent"]
    assert did(thread.is_addressed_with("it says [exact wick-limit]")) == ["answer"]


def test_beside_a_helper_only_exact_new_evidence_is_answered(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    assert did(thread.somebody_says(Role.OTHER, "have you tried to switch it off and on again")) == ["silent"]
    assert did(thread.says("no, what now")) == ["silent"]
    assert did(thread.says("hm [text money-back 0.9]")) == ["silent"]
    assert did(thread.says("again [exact upstream-dim]")) == ["silent"]
    assert did(thread.says("now it is [exact wick-limit]")) == ["answer"]


@pytest.mark.parametrize(("role", "said"), [(Role.OTHER, "same here"), (Role.OTHER, "+1"), (Role.BOT, "level up, wow")])
def test_agreement_and_other_bots_are_no_help(thread: Thread, role: Role, said: str) -> None:
    thread.somebody_says(role, said)
    assert did(thread.says("[text money-back 0.9]"))[0] == "answer"


def test_words_of_others_are_not_kept(thread: Thread) -> None:
    thread.says("it does not work")
    thread.somebody_says(Role.OTHER, "a story about my own lamp")
    assert "story" not in repr(thread.case)


def test_time_alone_says_nothing(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    before = thread.case
    assert did(thread.waits()) == ["silent"]
    assert thread.case == before


def test_mute_by_button_silences_as_the_word_does(thread: Thread) -> None:
    thread.says("it does not work")
    assert did(thread.presses(Verb.MUTE)) == ["silent"]
    assert did(thread.says("[exact upstream-dim]")) == ["silent"]
