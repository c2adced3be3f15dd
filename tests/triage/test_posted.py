"""What new messages of the asker do to a case."""

from dataclasses import replace

import pytest

from bot.knowledge.articles import Autonomy
from bot.posts import Posted
from bot.triage.case import CaseState, FindingState
from bot.triage.plans import Answer, Buttons, Form, Question, Words
from bot.triage.view import View
from tests.triage.thread import THREAD, Thread, did

UNKNOWN_ERROR = '{"error": {"message": "the flux capacitor is out of phase today", "code": 599}}'


def articles_of(thread: Thread) -> list[list[str]]:
    """The articles of each message that stands."""
    return [[part.article_id for part in plan.parts if isinstance(part, Answer)] for plan in thread.standing]


def test_exact_evidence_is_answered_at_once(thread: Thread) -> None:
    decision = thread.says("it fails [exact upstream-dim]")
    assert did(decision) == ["answer"]
    assert thread.case.state is CaseState.WAITING_FOR_ASKER
    (plan,) = thread.standing
    assert (plan.buttons, plan.has_footer, plan.delay_s) == (Buttons.ANSWER, True, 0.0)
    (answer,) = plan.parts
    assert isinstance(answer, Answer)
    assert answer.form is Form.FULL
    assert answer.proof is not None
    assert thread.case.words(answer.proof) == "[exact upstream-dim]"


def test_an_answer_on_vague_words_waits_until_the_asker_is_quiet(thread: Thread) -> None:
    assert did(thread.says("[text upstream-dim 0.9]")) == ["answer"]
    assert thread.standing[0].delay_s == thread.view.policy.quiet_s


def test_a_guess_is_not_told_but_asked_about(thread: Thread) -> None:
    decision = thread.says("my thing does not work [text upstream-dim 0.3]")
    assert did(decision) == ["ask"]
    (plan,) = thread.standing
    assert plan.parts == (Question(),)
    assert plan.delay_s == thread.view.policy.quiet_s
    assert [f.state for f in thread.case.findings] == [FindingState.ASKED]


def test_causes_that_share_a_number_are_asked_about_by_name(thread: Thread) -> None:
    decision = thread.says("only a 503 [torn 503 upstream-dim wick-limit]")
    assert did(decision) == ["ask"]
    (plan,) = thread.standing
    assert plan.parts == (Question(candidates=("upstream-dim", "wick-limit"), status=503),)
    assert plan.buttons is Buttons.QUESTION


def test_a_question_offers_at_most_three_choices(thread: Thread) -> None:
    thread.says("a number [torn 503 upstream-dim wick-limit lost-lamp money-back]")
    (question,) = thread.standing[0].parts
    assert isinstance(question, Question)
    assert len(question.candidates) == 3


def test_a_second_sure_problem_is_told_in_brief_beside_a_question(thread: Thread) -> None:
    decision = thread.says("503, and money? [torn 503 upstream-dim wick-limit] [text money-back 0.9]")
    assert did(decision) == ["ask", "escalate"]
    (plan,) = thread.standing
    question, beside = plan.parts
    assert isinstance(question, Question)
    assert isinstance(beside, Answer)
    assert (beside.article_id, beside.form) == ("money-back", Form.BRIEF)


def test_talk_that_asks_for_nothing_gets_no_answer(thread: Thread) -> None:
    decision = thread.says("look at my lamp shelf [chatter]")
    assert did(decision) == ["silent"]
    assert decision.reason
    assert thread.case.replies == ()


def test_a_burst_is_read_together_and_answered_once(thread: Thread) -> None:
    decision = thread.says("hello", "so my lamp", "[exact upstream-dim]")
    assert did(decision) == ["answer"]
    assert len(decision.replies) == 1
    assert decision.replies[0].question_id == THREAD + 2
    assert [m.message_id for m in thread.case.messages] == [THREAD, THREAD + 1, THREAD + 2]


def test_a_reply_that_nobody_has_seen_is_replaced_by_the_newer_one(scripted: View) -> None:
    thread = Thread(scripted, is_slow=True)
    first = thread.says("it does not work").replies[0]
    second = thread.says("oh, it says [exact upstream-dim]").replies[0]
    assert second.key == first.key
    assert second.revision == first.revision + 1
    assert articles_of(thread) == [["upstream-dim"]]
    assert thread.standing[0].has_footer


def test_a_message_that_was_read_already_changes_nothing(thread: Thread) -> None:
    post = thread.post("[exact upstream-dim]")
    thread.play(Posted(posts=(post,)))
    before = thread.case
    assert did(thread.play(Posted(posts=(post,)))) == ["silent"]
    assert thread.case == before


def test_the_same_answer_is_never_given_twice(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    decision = thread.says("I said [exact upstream-dim]")
    assert did(decision) == ["silent"]
    assert "answer stands" in decision.reason
    assert articles_of(thread) == [["upstream-dim"]]


def test_a_solved_problem_that_comes_back_is_answered_again(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    thread.says("it works now, thanks")
    assert [f.state for f in thread.case.findings] == [FindingState.SOLVED]
    assert did(thread.says("again: [exact upstream-dim]")) == ["answer"]
    assert thread.case.state is CaseState.WAITING_FOR_ASKER


def test_another_problem_gets_its_own_answer_below(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    assert did(thread.says("now it says [exact wick-limit]")) == ["answer"]
    assert articles_of(thread) == [["upstream-dim"], ["wick-limit"]]
    assert [plan.has_footer for plan in thread.standing] == [True, False]


def test_a_guess_that_the_error_shows_to_be_wrong_is_put_right_in_so_many_words(thread: Thread) -> None:
    thread.says("[text wick-limit 0.9]")
    assert did(thread.says("it says [exact upstream-dim]")) == ["answer"]
    assert thread.standing[-1].parts[0] == Words(name="changed-mind")


def test_a_thread_has_one_live_row_of_buttons(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    decision = thread.says("now [exact wick-limit]")
    assert [plan.buttons for plan in thread.standing] == [Buttons.NONE, Buttons.ANSWER]
    assert [reply.revision for reply in decision.replies] == [2, 1]


def test_two_problems_of_one_message_share_one_answer_with_the_second_in_brief(thread: Thread) -> None:
    decision = thread.says("[exact upstream-dim] and can I get it back [text money-back 0.9]")
    assert did(decision) == ["answer", "escalate"]
    (plan,) = thread.standing
    told = [(part.article_id, part.form) for part in plan.parts if isinstance(part, Answer)]
    assert told == [("upstream-dim", Form.FULL), ("money-back", Form.BRIEF)]
    assert decision.autonomy is Autonomy.DRAFT


def test_one_message_answers_at_most_two_problems(thread: Thread) -> None:
    thread.says("[exact upstream-dim] [exact wick-limit] [exact lost-lamp]")
    assert len(articles_of(thread)[0]) == 2


def test_people_may_lower_what_an_article_may_do_and_never_raise_it(scripted: View) -> None:
    lowered = {"upstream-dim": Autonomy.WATCH, "money-back": Autonomy.ANSWER}
    view = replace(scripted, policy=replace(scripted.policy, lowered=lowered))
    assert Thread(view).says("[exact upstream-dim]").autonomy is Autonomy.WATCH
    assert Thread(view).says("[text money-back 0.9]").autonomy is Autonomy.DRAFT


def test_the_one_question_is_not_repeated(thread: Thread) -> None:
    thread.says("it does not work")
    decision = thread.says("please, somebody look at my lamp")
    assert did(decision) == ["silent"]
    assert len(thread.standing) == 1


def test_a_number_after_the_open_question_is_asked_about_in_its_place_and_only_once(thread: Thread) -> None:
    assert did(thread.says("my lamp is broken, somebody there?")) == ["ask"]
    assert did(thread.says("it says 503 [torn 503 upstream-dim wick-limit]")) == ["ask"]
    (asked,) = thread.case.findings
    assert (asked.state, asked.candidates) == (FindingState.ASKED, ("upstream-dim", "wick-limit"))
    assert did(thread.says("or so it seems [torn 504 upstream-dim lost-lamp]")) == ["silent"]
    assert thread.case.findings == (asked,)


def test_a_word_without_news_after_the_question_goes_to_nobody(thread: Thread) -> None:
    thread.says(f"{UNKNOWN_ERROR} [torn 503 upstream-dim wick-limit] [text money-back 0.9]")
    assert did(thread.says("any ideas, somebody?")) == ["silent"]


def test_an_error_that_nobody_knows_after_the_question_goes_to_people(thread: Thread) -> None:
    thread.says("it does not work")
    decision = thread.says(f"here: {UNKNOWN_ERROR}")
    assert did(decision) == ["escalate"]
    assert thread.case.state is CaseState.WAITING_FOR_PEOPLE
    (card,) = decision.cards
    assert card.destination == "moderators"
    assert card.error is not None
    assert "flux capacitor" in str(thread.case.words(card.error))


def test_an_unknown_error_in_the_first_message_is_not_asked_about_again(thread: Thread) -> None:
    assert did(thread.says(f"what is this {UNKNOWN_ERROR}")) == ["escalate"]


def test_what_people_have_is_not_handed_over_again(thread: Thread) -> None:
    thread.says(f"what is this {UNKNOWN_ERROR}")
    assert did(thread.says("any news?")) == ["silent"]
    assert did(thread.says("I want to talk to a moderator")) == ["silent"]


def test_who_asks_for_a_person_gets_one_together_with_the_sure_answer(thread: Thread) -> None:
    decision = thread.says("[exact upstream-dim] can I talk to a human")
    assert did(decision) == ["answer", "escalate"]
    assert thread.case.state is CaseState.WAITING_FOR_PEOPLE
    assert len(decision.cards) == 1
    assert len(thread.standing) == 1


def test_who_asks_for_a_person_without_anything_known_is_handed_over(thread: Thread) -> None:
    decision = thread.says("can I talk to a human")
    assert did(decision) == ["escalate"]
    assert len(decision.cards) == 1


def test_what_support_decides_makes_no_card_for_moderators(thread: Thread) -> None:
    decision = thread.says("[text money-back 0.9]")
    assert did(decision) == ["answer", "escalate"]
    assert decision.cards == ()


def test_what_is_always_for_moderators_makes_a_card(thread: Thread) -> None:
    decision = thread.says("[exact lost-lamp]")
    assert did(decision) == ["answer", "escalate"]
    assert [card.article_id for card in decision.cards] == ["lost-lamp"]


def test_when_it_did_not_help_the_remaining_steps_come_and_then_people(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    assert did(thread.says("that did not help")) == ["answer"]
    more = thread.standing[-1].parts[-1]
    assert isinstance(more, Answer)
    assert more.form is Form.MORE
    last = thread.says("still not working")
    assert did(last) == ["escalate"]
    assert len(last.cards) == 1
    assert thread.case.state is CaseState.WAITING_FOR_PEOPLE


def test_an_article_without_more_steps_goes_to_people_at_once(thread: Thread) -> None:
    thread.says("[exact wick-limit]")
    assert did(thread.says("that did not help")) == ["escalate"]


def test_works_now_is_noted_without_a_sentence(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    decision = thread.says("works now, thanks")
    assert did(decision) == ["solved"]
    assert thread.case.state is CaseState.SOLVED
    assert [plan.buttons for plan in thread.standing] == [Buttons.NONE]
    assert len(thread.case.replies) == 1


@pytest.mark.parametrize("said", [f"works now but then {UNKNOWN_ERROR}", "it works now? what did you do?"])
def test_works_now_beside_an_error_or_a_question_solves_nothing(thread: Thread, said: str) -> None:
    thread.says("[exact upstream-dim]")
    assert "solved" not in did(thread.says(said))
    assert thread.case.state is not CaseState.SOLVED


def test_thanks_after_an_answer_are_not_answered(thread: Thread) -> None:
    thread.says("[exact upstream-dim]")
    assert did(thread.says("thanks, I will try")) == ["silent"]


def test_a_picture_without_words_is_no_reason_to_speak_once_a_question_stands(thread: Thread) -> None:
    thread.says("only a 503 [torn 503 upstream-dim wick-limit]")
    assert did(thread.says("", pictures=2)) == ["silent"]
    assert thread.case.messages[-1].pictures == 2


def test_the_answer_to_the_question_settles_it(thread: Thread) -> None:
    thread.says("only a 503 [torn 503 upstream-dim wick-limit]")
    assert did(thread.says("it says [exact wick-limit]")) == ["answer"]
    assert [(f.article_id, f.state) for f in thread.case.findings] == [("wick-limit", FindingState.ANSWERED)]
