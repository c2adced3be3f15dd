"""The card of a draft: the words that the asker would get, within Discord's limits, and one line once it is settled."""

from dataclasses import replace

import pytest

from bot.knowledge.articles import Autonomy
from bot.posts import MessageId, UserId
from bot.replies.cards import CardStanding
from bot.replies.drafts import MAX_WRITTEN, draft_message, drafted, words_to_edit
from bot.replies.message import MAX_CUSTOM_ID, Message
from bot.replies.render import render
from bot.triage.case import Case, Reply
from bot.triage.plans import Answer, Buttons, CardPlan, Form, Part, ReplyPlan, Topic, Words
from tests.replies.messages import HARD, HOSTILE
from tests.shipped_knowledge import NOW, Ready
from tests.triage.thread import new_case

DRAFT = Answer(article_id="upstream-dim", autonomy=Autonomy.DRAFT)
CARD = CardPlan(
    article_id="upstream-dim",
    runner_up="wick-limit",
    destination="moderators",
    reason="sure of upstream-dim on text evidence, 0.90",
    entities={},
    error=None,
    missing=(),
    topic=Topic.DRAFT,
    message_id=MessageId(7),
)
WAITING = CardStanding(opened_at=NOW)


def case_with(small: Ready, *parts: Part, revision: int = 3) -> Case:
    plan = ReplyPlan(parts=parts, buttons=Buttons.ANSWER, language="en", has_footer=True)
    reply = Reply(key="abc-a", question_id=MessageId(7), plan=plan, revision=revision)
    return replace(new_case(small.view), replies=(reply,))


def card(small: Ready, *parts: Part, standing: CardStanding = WAITING) -> Message:
    case = case_with(small, *parts)
    return draft_message("abc-f", CARD, standing, case=case, templates=small.templates)


def test_it_shows_the_words_as_they_would_be_said_and_what_else_it_may_be(small: Ready) -> None:
    shown = card(small, Words(name="leaked-key"), DRAFT)
    case = case_with(small, Words(name="leaked-key"), DRAFT)
    plan = case.replies[0].plan
    assert plan is not None
    would_be = render(plan, key="abc-a", words=case.words, templates=small.templates).content
    assert "\n".join(f"> {line}" for line in would_be.split("\n")) in shown.content
    assert "Could also be: wick-limit" in shown.content
    assert [button.custom_id for row in shown.rows for button in row] == [
        "h1:abc-f:send:3", "h1:abc-f:edit:3", "h1:abc-f:discard:3",
    ]  # fmt: skip


def test_what_is_only_watched_is_not_on_it(small: Ready) -> None:
    watched = Answer(article_id="wick-limit", autonomy=Autonomy.WATCH)
    assert "your wick is at its limit" not in card(small, DRAFT, watched).content


def test_settled_it_is_one_line_that_says_how_and_by_whom(small: Ready) -> None:
    settled = replace(WAITING, resolved_at=NOW, resolved_by=UserId(9))
    message = draft_message(
        "abc-f", replace(CARD, reason="sent"), settled, case=case_with(small, DRAFT), templates=small.templates
    )
    assert message.rows == ()
    assert "\n" not in message.content
    assert "sent by <@9>" in message.content


@pytest.mark.parametrize("hostile", HOSTILE)
def test_it_stays_within_discords_limits_whatever_the_asker_wrote(small: Ready, hostile: str) -> None:
    values = {"provider": hostile, "model": hostile, "wait_s": hostile, "client": hostile}
    shown = card(small, replace(DRAFT, values=values), replace(DRAFT, article_id="wick-limit"))
    assert len(shown.content) <= HARD
    assert all(len(button.custom_id) <= MAX_CUSTOM_ID for row in shown.rows for button in row)
    assert "<@&" not in shown.content


def test_who_changes_it_begins_with_the_draft_alone(small: Ready) -> None:
    case = case_with(small, Words(name="leaked-key"), DRAFT)
    reply = drafted(case, "abc-f")
    assert reply is not None
    words = words_to_edit(reply, case, small.templates)
    assert words.startswith("**The provider refused the request.**")
    assert "!mute" not in words
    assert "Keys" not in words
    assert len(words) <= MAX_WRITTEN


def test_a_draft_that_is_gone_has_nothing_to_edit(small: Ready) -> None:
    assert drafted(case_with(small, Answer(article_id="upstream-dim")), "abc-f") is None


def test_a_persons_words_are_left_as_they_are_and_signed(small: Ready) -> None:
    text = " ".join(f"[{n}](https://lantern.example.com/{n})" for n in range(4)) + "\n\n> **as written** @everyone"
    written = Answer(article_id="upstream-dim", form=Form.WRITTEN, values={"written": text})
    plan = ReplyPlan(
        parts=(written, Words(name="written-by", values={"chosen_by": 9})),
        buttons=Buttons.ANSWER,
        language="en",
        has_footer=False,
    )
    message = render(plan, key="abc-a", words=lambda _: None, templates=small.templates)
    assert message.content == f"{text}\n\n-# <@9> wrote this answer"


def test_words_of_a_person_that_are_no_longer_kept_are_not_made_up(small: Ready) -> None:
    written = Answer(article_id="upstream-dim", form=Form.WRITTEN)
    plan = ReplyPlan(parts=(written,), buttons=Buttons.NONE, language="en", has_footer=False)
    assert render(plan, key="abc-a", words=lambda _: None, templates=small.templates).content == ""
