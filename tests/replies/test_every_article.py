"""Every article in every language and form, with nothing known and with the worst that a post can bring."""

from collections.abc import Iterable, Iterator, Mapping

import pytest

from bot.posts import MessageId
from bot.replies.message import Message
from bot.replies.render import render
from bot.triage.plans import Answer, Buttons, Form, Quote, ReplyPlan, Value
from tests.replies.messages import COMFORTABLE, HARD, HOSTILE, faults, template_faults
from tests.shipped_knowledge import shipped

KEY = "0123456789abcdefghijkl-a"
QUOTE = Quote(message_id=MessageId(1), start=0, end=1)
MODEL = "author-with-a-long-name/" + "model-with-a-very-long-name-" * 2
NAMES = ("provider", "model", "other_models", "paid_model", "status", "client", "generation_id", "retry_after_s")


def plans() -> Iterator[tuple[str, str, Form]]:
    for article in shipped().base.articles.values():
        for language, body in article.bodies.items():
            yield article.id, language, Form.FULL
            yield article.id, language, Form.BRIEF
            if body.more_steps:
                yield article.id, language, Form.MORE


def captures(article_id: str) -> set[str]:
    return {name for rule in shipped().base.articles[article_id].front.when for name in rule.captures}


def longest(article_id: str) -> dict[str, Value]:
    """Values as long as real ones can be."""
    client = max(
        (one.name for one in shipped().base.community.clients if one.shows_error_at), key=len, default="x" * 20
    )
    return {
        **dict.fromkeys(captures(article_id), "9" * 12),
        "provider": "A Provider With A Long Nm",
        "model": f"{MODEL:x<75}:free",
        "other_models": tuple(f"{MODEL:x<78}{number}" for number in range(9)),
        "paid_model": f"{MODEL:x<80}",
        "status": 429,
        "client": client,
        "generation_id": "gen-1700000000-" + "F" * 20,
        "retry_after_s": 3600,
    }


def hostile(article_id: str, text: str) -> dict[str, Value]:
    values: dict[str, Value] = dict.fromkeys({*NAMES, *captures(article_id)}, text)
    return {**values, "other_models": (text, text, text, text, text)}


def rendered(article_id: str, language: str, form: Form, values: Mapping[str, Value], quote: str | None) -> Message:
    plan = ReplyPlan(
        parts=(Answer(article_id=article_id, form=form, proof=QUOTE, values=values),),
        buttons=Buttons.ANSWER,
        language=language,
        has_footer=True,
    )
    return render(plan, key=KEY, words=lambda _: quote, templates=shipped().templates)


def with_place(plan: tuple[str, str, Form], found: Iterable[str]) -> list[str]:
    return [f"{' '.join(plan)}: {fault}" for fault in found]


def test_with_nothing_known_every_article_is_a_valid_message() -> None:
    found: list[str] = []
    for plan in plans():
        message = rendered(*plan, {}, None)
        found += with_place(plan, [*faults(message), *template_faults(message.content)])
    assert found == []


def test_with_the_longest_values_every_article_is_a_valid_message() -> None:
    found: list[str] = []
    for plan in plans():
        message = rendered(*plan, longest(plan[0]), "w" * 160)
        found += with_place(plan, [*faults(message, limit=COMFORTABLE), *template_faults(message.content)])
    assert found == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_with_hostile_values_every_article_is_a_valid_message(text: str) -> None:
    found: list[str] = []
    for plan in plans():
        found += with_place(plan, faults(rendered(*plan, hostile(plan[0], text), text), limit=HARD))
    assert found == []


def test_every_lead_says_something_when_nothing_is_known() -> None:
    base, templates = shipped().base, shipped().templates
    for article in base.articles.values():
        for body in article.bodies.values():
            values = dict.fromkeys(captures(article.id) | set(NAMES), None)
            common = {"facts": templates.facts, "destination": templates.destination(article.front.hand_over.to)}
            assert templates.render(body.lead, {**values, **common, "client_setting": lambda _: None}), article.id


def test_the_proof_is_the_askers_own_line_and_is_left_out_when_it_is_gone() -> None:
    article_id = next(iter(shipped().base.articles))
    plan = ReplyPlan(
        parts=(Answer(article_id=article_id, proof=QUOTE),), buttons=Buttons.NONE, language="en", has_footer=False
    )
    shown = render(plan, key=KEY, words=lambda _: "a line of the asker", templates=shipped().templates).content
    gone = render(plan, key=KEY, words=lambda _: None, templates=shipped().templates).content
    assert "`a line of the asker`" in shown
    assert "`a line of the asker`" not in gone
    assert "Your error says" not in gone
