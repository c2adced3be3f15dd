"""Answers that wait for a moderator: which ones do, what is said without them, and what ends the waiting."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from bot.knowledge.articles import Autonomy, EvidenceKind
from bot.posts import MaskedText, Order, Ordered, Role, UserId
from bot.triage.case import FindingState, Reply
from bot.triage.decision import Decision
from bot.triage.drafts import approved, draft_card, drafts_of
from bot.triage.keys import draft_key, drafted_key
from bot.triage.plans import Answer, Buttons, Form, Part, Question, ReplyPlan, Topic, Words
from bot.triage.verdicts import VerdictKind
from bot.triage.view import View
from tests.triage.thread import Thread, scripted_view

DIM = Answer(article_id="upstream-dim")
DRAFT = Answer(article_id="money-back", autonomy=Autonomy.DRAFT)
WATCHED = Answer(article_id="wick-limit", autonomy=Autonomy.WATCH)
LEAK, LATE = Words(name="leaked-key"), Words(name="late")
MODERATOR = UserId(77)


def plan(*parts: Part, buttons: Buttons = Buttons.ANSWER) -> ReplyPlan:
    return ReplyPlan(parts=parts, buttons=buttons, language="en", has_footer=True)


def test_what_may_be_said_is_said_as_it_was_planned() -> None:
    planned = plan(LEAK, DIM)
    assert approved(planned) is planned


@pytest.mark.parametrize("held", [DRAFT, WATCHED])
def test_what_is_held_back_is_not_said_and_neither_is_what_goes_with_it(held: Answer) -> None:
    for parts in ((held,), (held, LATE), (Words(name="changed-mind"), held)):
        assert approved(plan(*parts)) is None


def test_a_warning_and_a_hand_over_are_said_without_the_draft_beside_them() -> None:
    said = approved(plan(LEAK, DRAFT, Words(name="hand-over-moderators")))
    assert said == plan(LEAK, Words(name="hand-over-moderators"), buttons=Buttons.NONE)


def test_an_answer_goes_out_although_the_one_beside_it_is_a_draft() -> None:
    assert approved(plan(DIM, DRAFT)) == plan(DIM)


def test_a_question_keeps_its_buttons_without_the_draft_beside_it() -> None:
    question = Question(candidates=("upstream-dim", "wick-limit"), status=503)
    said = approved(plan(question, DRAFT, buttons=Buttons.QUESTION))
    assert said == plan(question, buttons=Buttons.QUESTION)


def test_the_card_of_a_draft_has_a_key_of_its_own_that_names_its_answer() -> None:
    assert draft_key("abc-a") == "abc-f"
    assert drafted_key("abc-f") == "abc-a"


@cache
def holding() -> View:
    """What articles may do by themselves counts; `wick-limit` drafts on the asker's words alone."""
    view = scripted_view(holds_back=True)
    articles = view.knowledge.base.articles
    wick = articles["wick-limit"]
    drafting = replace(wick, front=wick.front.model_copy(update={"on_text": Autonomy.DRAFT}))
    base = replace(view.knowledge.base, articles={**articles, "wick-limit": drafting})
    return replace(view, knowledge=replace(view.knowledge, base=base))


@pytest.fixture
def held() -> Thread:
    return Thread(holding(), is_slow=True)


def states(thread: Thread) -> list[tuple[str | None, FindingState]]:
    return [(f.article_id, f.state) for f in thread.case.findings]


def only_reply(thread: Thread) -> Reply:
    (reply,) = thread.case.replies
    return reply


def order(thread: Thread, what: Order, *, revision: int | None = None, text: str = "") -> Decision:
    reply = thread.case.replies[-1]
    event = Ordered(
        by=MODERATOR,
        order=what,
        key=reply.key,
        revision=reply.revision if revision is None else revision,
        text=MaskedText(text),
    )
    return thread.play(event)


def test_evidence_decides_how_far_an_article_may_go() -> None:
    view = holding()
    assert view.autonomy("wick-limit", EvidenceKind.EXACT) is Autonomy.ANSWER
    assert view.autonomy("wick-limit", EvidenceKind.TEXT) is Autonomy.DRAFT
    assert view.autonomy("money-back", EvidenceKind.EXACT) is Autonomy.DRAFT  # never above its ceiling


def test_words_alone_make_a_draft_where_the_error_itself_is_answered(held: Thread) -> None:
    decision = held.says("[text wick-limit 0.9]")
    assert (decision.action.value, decision.autonomy) == ("answer", Autonomy.DRAFT)
    assert states(held) == [("wick-limit", FindingState.DRAFTED)]
    assert approved(only_reply(held).plan or plan()) is None
    proved = Thread(holding())
    assert proved.says("[exact wick-limit]").autonomy is Autonomy.ANSWER
    assert states(proved) == [("wick-limit", FindingState.ANSWERED)]


def test_what_is_only_measured_is_said_whatever_articles_may_do() -> None:
    thread = Thread(replace(holding(), policy=replace(holding().policy, holds_back=False)))
    assert thread.says("[text wick-limit 0.9]").autonomy is Autonomy.DRAFT
    assert states(thread) == [("wick-limit", FindingState.ANSWERED)]


def test_brief_words_that_name_who_decides_are_no_draft_on_words_alone() -> None:
    view = holding()
    money = view.knowledge.base.articles["money-back"]
    front = money.front.model_copy(update={"autonomy": Autonomy.ANSWER, "on_text": Autonomy.DRAFT})
    articles = {**view.knowledge.base.articles, "money-back": replace(money, front=front)}
    view = replace(view, knowledge=replace(view.knowledge, base=replace(view.knowledge.base, articles=articles)))
    beside = Thread(view, is_slow=True)
    beside.says("[torn 503 upstream-dim wick-limit] [text money-back 0.9]")
    assert drafts_of(only_reply(beside)) == ()
    alone = Thread(view, is_slow=True)
    alone.says("[text money-back 0.9]")
    assert [part.article_id for part in drafts_of(only_reply(alone))] == ["money-back"]


def test_what_people_lowered_to_watch_is_counted_and_never_asked_about() -> None:
    lowered = {"upstream-dim": Autonomy.WATCH}
    thread = Thread(replace(holding(), policy=replace(holding().policy, lowered=lowered)), is_slow=True)
    decision = thread.says("[exact upstream-dim]")
    assert (decision.action.value, decision.autonomy) == ("answer", Autonomy.WATCH)
    assert states(thread) == [("upstream-dim", FindingState.OPEN)]
    assert drafts_of(only_reply(thread)) == ()
    assert decision.due == ()


def test_who_asks_for_a_person_gets_one_and_no_draft_beside(held: Thread) -> None:
    held.says("[text wick-limit 0.9] can I talk to a moderator")
    assert states(held) == [("wick-limit", FindingState.HANDED_OVER)]
    assert drafts_of(only_reply(held)) == ()


def test_a_draft_does_not_take_the_buttons_of_what_stands() -> None:
    thread = Thread(holding())
    thread.says("[exact upstream-dim]")
    thread.is_slow = True
    thread.says("and [text wick-limit 0.9]")
    stands, draft = thread.case.replies
    assert stands.plan is not None
    assert stands.plan.buttons is Buttons.ANSWER
    order(thread, Order.SEND)
    assert [r.plan.buttons for r in thread.case.replies if r.plan] == [Buttons.NONE, Buttons.ANSWER]
    assert thread.case.replies[-1].key == draft.key


def test_sending_says_it_as_herons(held: Thread) -> None:
    held.says("[text wick-limit 0.9]")
    decision = order(held, Order.SEND)
    sent = only_reply(held)
    assert decision.said == sent
    assert sent.plan is not None
    assert (sent.plan, sent.plan.buttons, sent.plan.delay_s) == (approved(sent.plan), Buttons.ANSWER, 0.0)
    assert states(held) == [("wick-limit", FindingState.ANSWERED)]
    assert held.case.staff_spoke_at is None
    assert decision.verdicts == ()


def test_other_words_stand_in_place_of_the_article_and_name_who_wrote_them(held: Thread) -> None:
    held.says("[text wick-limit 0.9]")
    order(held, Order.EDIT, text="Ask **support**.")
    sent = only_reply(held).plan
    assert sent is not None
    written = Answer(article_id="wick-limit", form=Form.WRITTEN, values={"written": "Ask **support**."})
    assert sent.parts == (written, Words(name="written-by", values={"chosen_by": MODERATOR}))
    assert held.case.staff_spoke_at == held.view.now


def test_discarding_counts_as_corrected_and_leaves_nothing(held: Thread) -> None:
    held.says("[text wick-limit 0.9]")
    decision = order(held, Order.DISCARD)
    assert only_reply(held).plan is None
    assert [(v.article_id, v.kind) for v in decision.verdicts] == [("wick-limit", VerdictKind.CORRECTED)]
    assert states(held) == [("wick-limit", FindingState.WITHDRAWN)]
    assert "answer" not in [a.value for a in held.says("[text wick-limit 0.9] still").actions]


def test_only_the_draft_that_they_saw_can_be_sent(held: Thread) -> None:
    held.says("[text wick-limit 0.9]")
    before = held.case
    decision = order(held, Order.SEND, revision=before.replies[-1].revision + 1)
    assert held.case == before
    assert decision.ordered is None
    assert decision.whisper is not None
    assert decision.whisper.words.name == "order-no-draft"
    order(held, Order.SEND)
    assert order(held, Order.DISCARD).ordered is None


def test_the_askers_next_message_makes_the_draft_anew(held: Thread) -> None:
    held.says("[text wick-limit 0.9]")
    first = only_reply(held)
    held.says("and also [exact upstream-dim]")
    second = only_reply(held)
    assert (second.key, second.revision > first.revision) == (first.key, True)
    assert dict(states(held)) == {
        "upstream-dim": FindingState.ANSWERED,
        "wick-limit": FindingState.DRAFTED,
    }


@pytest.mark.parametrize(
    "ends",
    [
        lambda thread: thread.says("it works now, thanks"),
        lambda thread: thread.says("!mute"),
        lambda thread: thread.somebody_says(Role.STAFF, "I take this"),
        lambda thread: thread.deletes(0),
        lambda thread: thread.edits(0, "[chatter]"),
        lambda thread: thread.play(Ordered(by=MODERATOR, order=Order.MUTE)),
        lambda thread: thread.play(Ordered(by=MODERATOR, order=Order.ANSWER, article_id="upstream-dim")),
    ],
    ids=["works", "muted", "staff", "deleted", "edited", "muted by staff", "answered by staff"],
)
def test_a_draft_that_nobody_needs_is_void(held: Thread, ends: object) -> None:
    held.says("[text wick-limit 0.9]")
    assert callable(ends)
    decision = ends(held)
    assert [drafts_of(reply) for reply in held.case.replies if drafts_of(reply)] == []
    assert FindingState.DRAFTED not in dict(states(held)).values()
    assert held.case.replies[0].key in [reply.key for reply in decision.replies]


def test_somebody_elses_word_leaves_it_to_the_moderators(held: Thread) -> None:
    held.says("[text wick-limit 0.9]")
    held.somebody_says(Role.OTHER, "did you try another lamp there?")
    assert drafts_of(only_reply(held))


def test_it_is_void_after_a_day_and_not_before(held: Thread) -> None:
    decision = held.says("[text wick-limit 0.9]")
    (due,) = decision.due
    assert (due.kind, due.at) == ("draft", held.view.now + timedelta(hours=24))
    held.view = replace(held.view, now=due.at - timedelta(seconds=1))
    held.waits()
    assert drafts_of(only_reply(held))
    held.view = replace(held.view, now=due.at)
    decision = held.waits()
    assert only_reply(held).plan is None
    assert states(held) == []
    assert decision.reason == "no moderator looked at it for a day"
    assert decision.due == ()


def test_a_warning_stands_whatever_becomes_of_the_draft_beside_it(held: Thread) -> None:
    held.says("lk-0123456789abcdef0123456789 [text wick-limit 0.9]")
    order(held, Order.DISCARD)
    kept = only_reply(held).plan
    assert kept is not None
    assert [part.name for part in kept.parts if isinstance(part, Words)] == ["leaked-key"]


def test_a_draft_is_no_answer_that_could_be_corrected(held: Thread) -> None:
    held.says("[text wick-limit 0.9]")
    decision = held.play(Ordered(by=MODERATOR, order=Order.CORRECT))
    assert decision.whisper is not None
    assert decision.whisper.words.name == "order-no-answer"


def test_the_card_says_what_it_is_about(held: Thread) -> None:
    decision = held.says("[text wick-limit 0.9] [text upstream-dim 0.3]")
    card = draft_card(only_reply(held), decision)
    assert (card.topic, card.article_id, card.runner_up) == (Topic.DRAFT, "wick-limit", "upstream-dim")
    assert card.message_id == only_reply(held).question_id
    assert "wick-limit on text evidence" in card.reason
