"""Plans and messages survive their way through JSON, and no word of a post is where none should be."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.ports import Button, Message
from bot.posts import MessageId
from bot.storage.serialise import (
    card_features,
    decision_features,
    message_json,
    message_of,
    plan_frame,
    plan_of,
    plan_values,
)
from bot.triage.plans import Answer, Buttons, Form, Question, Quote, ReplyPlan, Words
from tests.storage.samples import MARK, answer, card, decision, plan

TEXT = st.text(max_size=30)
VALUES = st.dictionaries(
    TEXT,
    st.one_of(
        TEXT,
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.lists(TEXT, max_size=3).map(tuple),
        st.none(),
    ),
    max_size=4,
)
QUOTES = st.builds(
    Quote,
    message_id=st.none() | st.integers(0, 2**63 - 1).map(MessageId),
    start=st.integers(0, 70_000),
    end=st.integers(0, 70_000),
)
PARTS = st.one_of(
    st.builds(Answer, article_id=TEXT, form=st.sampled_from(Form), proof=st.none() | QUOTES, values=VALUES),
    st.builds(Question, candidates=st.lists(TEXT, max_size=3).map(tuple), status=st.none() | st.integers()),
    st.builds(Words, name=TEXT, values=VALUES),
)
PLANS = st.builds(
    ReplyPlan,
    parts=st.lists(PARTS, max_size=4).map(tuple),
    buttons=st.sampled_from(Buttons),
    language=TEXT,
    has_footer=st.booleans(),
    delay_s=st.floats(0, 60),
)
BUTTONS = st.builds(Button, custom_id=TEXT, label=TEXT, style=TEXT)
MESSAGES = st.builds(
    Message, content=TEXT, rows=st.lists(st.lists(BUTTONS, max_size=3).map(tuple), max_size=3).map(tuple)
)


def through_json(value: object) -> object:
    return json.loads(json.dumps(value))


@given(PLANS)
def test_every_plan_comes_back_from_its_frame_and_its_values(plan: ReplyPlan) -> None:
    frame, values = through_json(plan_frame(plan)), through_json(plan_values(plan))
    assert plan_of(frame, values) == plan  # type: ignore[arg-type]  # JSON has no type


@given(MESSAGES)
def test_every_message_comes_back(message: Message) -> None:
    assert message_of(through_json(message_json(message))) == message  # type: ignore[arg-type]  # JSON has no type


def test_the_frame_of_a_plan_holds_no_word_of_the_post() -> None:
    quoting = plan(answer(), Words(name="warn", values={"line": MARK}))
    assert MARK not in json.dumps(plan_frame(quoting))
    assert MARK in json.dumps(plan_values(quoting))


def test_a_plan_whose_values_are_gone_still_names_its_article() -> None:
    emptied = plan_of(plan_frame(plan(answer(), Question(candidates=("a",)))), None)
    assert emptied == plan(replace(answer(), values={}), Question(candidates=("a",)))


def test_a_plan_that_took_nothing_from_the_post_has_no_values() -> None:
    assert plan_values(plan(Question(candidates=("a", "b")), Words(name="footer"))) is None


def test_the_features_of_a_decision_hold_codes_and_scores_and_no_word_of_the_post() -> None:
    features = decision_features(decision(cards=[card()]))
    assert MARK not in json.dumps(features)
    assert features["report"]["status_codes"] == [429]
    assert features["report"]["errors"] == [{"limit_source": "upstream_provider_shared_pool"}]
    assert features["findings"] == [
        {"article": "rate-limit-upstream", "confidence": 0.97, "kind": "exact", "rules": ["status 429"]}
    ]


def test_a_stored_card_does_not_quote_the_error() -> None:
    assert MARK not in json.dumps(card_features(card()))
