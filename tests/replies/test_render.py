"""A plan becomes exactly these words, and cards the same; the community is invented, so that every word is known."""

from dataclasses import replace

import pytest

from bot.knowledge.articles import Line
from bot.posts import MaskedText, MessageId, Role, UserId
from bot.replies.cards import render_card
from bot.replies.message import Message
from bot.replies.paragraphs import Paragraph, join
from bot.replies.render import render
from bot.triage.case import KnownMessage
from bot.triage.plans import Answer, Buttons, CardPlan, Form, Part, Question, Quote, ReplyPlan, Value, Words
from tests.replies.messages import HARD, HOSTILE, content_faults
from tests.shipped_knowledge import NOW, Ready
from tests.triage.thread import new_case

PROOF = Quote(message_id=MessageId(7), start=0, end=9)


def said(
    small: Ready, *parts: Part, language: str = "en", footer: bool = False, quote: str | None = "it is dim"
) -> str:
    return message(small, *parts, language=language, footer=footer, quote=quote).content


def message(
    small: Ready,
    *parts: Part,
    buttons: Buttons = Buttons.NONE,
    language: str = "en",
    footer: bool = False,
    quote: str | None = None,
) -> Message:
    plan = ReplyPlan(parts=parts, buttons=buttons, language=language, has_footer=footer)
    return render(plan, key="abc-a", words=lambda _: quote, templates=small.templates)


def dim(form: Form = Form.FULL, proof: Quote | None = None, **values: Value) -> Answer:
    return Answer(article_id="upstream-dim", form=form, proof=proof, values=values)


def test_an_answer_says_who_refused_then_the_proof_then_why_then_steps(small: Ready) -> None:
    everything = dim(proof=PROOF, provider="Glow", model="glow/lamp-1", client="Lampion", wait_s="30")
    assert said(small, everything) == (
        "**Glow refused `glow/lamp-1`.** Your error says:\n"
        "`it is dim`\n"
        "All lamps share one wick.\n"
        "1. Wait 30 seconds.\n"
        "2. In Lampion: the *Trace* tab\n"
        "3. Buy [oil](https://lantern.example.com/oil), at most 1,000 a day; it costs money.\n"
        "\n"
        "Written for tests."
    )


def test_a_line_whose_value_is_unknown_disappears_and_the_numbers_close_up(small: Ready) -> None:
    assert said(small, dim()).split("\n")[:4] == [
        "**The provider refused the request.**",
        "All lamps share one wick.",
        "1. Wait a minute.",
        "2. Buy [oil](https://lantern.example.com/oil), at most 1,000 a day; it costs money.",
    ]


def test_the_remaining_steps_are_numbered_anew(small: Ready) -> None:
    assert said(small, dim(Form.MORE)).split("\n")[1:] == ["1. Take another lamp."]


def test_a_second_problem_is_told_in_brief_below_the_first(small: Ready) -> None:
    content = said(small, dim(), Answer(article_id="money-back", form=Form.BRIEF))
    assert content.endswith("\n\n**Your money:** help@lantern.example.com decides.")


def test_a_problem_without_a_brief_is_told_by_its_lead(small: Ready) -> None:
    content = said(small, dim(), Answer(article_id="wick-limit", form=Form.BRIEF))
    assert content.endswith("\n\n**Lantern refused: your wick is at its limit.**")


def test_the_footer_stands_last_and_once(small: Ready) -> None:
    content = said(small, dim(), Answer(article_id="money-back", form=Form.BRIEF), footer=True)
    assert content.split("\n")[-1].startswith("-# ")
    assert content.count("!mute") == 1


def test_other_models_are_spoken_of_only_where_one_is_known_to_be_meant(small: Ready) -> None:
    assert "`ember/wick-2`" in said(small, dim(model="glow/lamp-1", other_models=("ember/wick-2",)))
    assert "`ember/wick-2`" not in said(small, dim(model=None, other_models=("ember/wick-2",)))


def test_a_message_is_in_the_askers_language_when_every_article_has_it(small: Ready) -> None:
    assert said(small, dim(provider="Glow"), language="zh") == "**Glow 拒绝了请求。**\n1. 等一分钟。"


def test_no_message_mixes_two_languages(small: Ready) -> None:
    content = said(small, dim(), Answer(article_id="money-back", form=Form.BRIEF), language="zh", footer=True)
    assert content.isascii() or not any("\u4e00" <= c <= "\u9fff" for c in content)


def test_a_question_offers_its_choices_as_lines_and_as_buttons(small: Ready) -> None:
    question = Question(candidates=("upstream-dim", "wick-limit"), status=503)
    asked = message(small, question, buttons=Buttons.QUESTION)
    assert "503" in asked.content.split("\n")[0]
    assert asked.content.split("\n")[1:3] == [
        "**A** `upstream is dim`: the provider's lamp is dim",
        "**B** `wick limit reached`: your own wick is at its limit",
    ]
    (row,) = asked.rows
    assert [(b.custom_id, b.label) for b in row[:2]] == [
        ("h1:abc-a:choose:upstream-dim", "A upstream is dim"),
        ("h1:abc-a:choose:wick-limit", "B wick limit reached"),
    ]
    assert row[2].custom_id == "h1:abc-a:something_else"


def test_a_question_in_another_language_is_in_that_language_whether_its_choices_are_translated_or_not(
    small: Ready, ours: Ready
) -> None:
    asked = message(small, Question(candidates=("upstream-dim",)), buttons=Buttons.QUESTION, language="zh")
    assert asked.content.split("\n")[1] == "**A** `upstream is dim`：提供商 拒绝了请求。"
    assert asked.rows[0][0].label == "A 提供商 拒绝了请求。"
    named = ours.base.articles["refund"].front.names["zh"]
    translated = message(ours, Question(candidates=("refund",)), buttons=Buttons.QUESTION, language="zh")
    assert translated.content.split("\n")[1] == f"**A** {named.tell}：{named.title}"
    assert translated.rows[0][0].label == f"A {named.tell}"


def test_outside_of_english_a_button_says_what_the_words_of_an_error_mean(ours: Ready) -> None:
    question = Question(candidates=("rate-limit-upstream", "rate-limit-free-daily"), status=429)
    asked = message(ours, question, buttons=Buttons.QUESTION, language="zh")
    titles = [ours.base.articles[a].front.names["zh"].title for a in question.candidates]
    assert [b.label for b in asked.rows[0][:2]] == [f"A {titles[0]}", f"B {titles[1]}".replace("`", "")]
    in_english = message(ours, question, buttons=Buttons.QUESTION)
    assert in_english.rows[0][0].label == "A temporarily rate-limited upstream"


def test_a_choice_needs_names_in_a_language_and_no_answer_in_it(ours: Ready) -> None:
    article = next(a for a in ours.base.articles.values() if "zh" in a.front.names and "zh" not in a.bodies)
    asked = message(ours, Question(candidates=(article.id, "refund")), buttons=Buttons.QUESTION, language="zh")
    assert asked.content.split("\n")[1] == f"**A** {article.front.names['zh'].tell}：{article.front.names['zh'].title}"


@pytest.mark.parametrize("status", [None, 429])
def test_no_button_of_a_question_is_in_another_language_than_the_question(ours: Ready, status: int | None) -> None:
    for article in ours.base.articles.values():
        question = Question(candidates=(article.id,), status=status)
        asked = message(ours, question, buttons=Buttons.QUESTION, language="zh")
        assert [b.label for b in asked.rows[0] if b.label.isascii()] == []


def test_an_address_in_a_code_span_can_be_copied(ours: Ready) -> None:
    address = str(ours.templates.facts.api_key_check)
    line = Line(text="{{ facts.api_key_check | code }}", number=1)
    assert ours.templates.render(line, {"facts": ours.templates.facts}) == f"`{address}`"
    typed = ours.templates.render(Line(text="{{ model | code }}", number=1), {"model": address})
    assert typed != f"`{address}`"  # what somebody typed stays disarmed


def test_a_message_about_a_destination_says_who_can_act_and_what_they_need(small: Ready) -> None:
    shown = said(small, Words(name="steps-end"), Words(name="hand-over-destination", values={"destination": "support"}))
    assert shown == (
        "My steps end here.\n\n"
        "**Who can act: Lantern support**, help@lantern.example.com. They need date and amount. "
        "Don't post e-mail addresses, receipts or card numbers here."
    )


def test_no_blank_stands_behind_a_full_stop_of_full_width(ours: Ready) -> None:
    answer = Answer(article_id="timeout", proof=PROOF)
    assert "无关。你的报错写着：" in said(ours, answer, language="zh")


def test_an_answer_has_the_three_buttons(small: Ready) -> None:
    (row,) = message(small, dim(), buttons=Buttons.ANSWER).rows
    assert [b.custom_id for b in row] == ["h1:abc-a:solved", "h1:abc-a:stuck", "h1:abc-a:moderator"]


def test_what_asks_for_nothing_has_no_buttons(small: Ready) -> None:
    assert message(small, Words(name="steps-end")).rows == ()


def test_what_is_too_long_loses_the_note_first_and_never_the_lead_or_the_steps() -> None:
    paragraphs = [
        Paragraph(text="lead"),
        Paragraph(text="w" * 500, spare=2),
        Paragraph(text="1. step"),
        Paragraph(text="n" * 500, spare=4, is_apart=True),
    ]
    assert join(paragraphs, limit=2000) == f"lead\n{'w' * 500}\n1. step"
    assert join(paragraphs, comfortable=20, limit=2000) == "lead\n1. step"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("word " * 10, "word word word…"),
        ("some `code that goes on", "some…"),
        ("a [link](https://example.com/far/away)", "a…"),
        ("a word or two \\` more", "a word or two…"),
        ("[not a link] and more of it", "[not a link] an…"),
    ],
)
def test_what_is_still_too_long_is_cut_where_nothing_is_left_open(text: str, kept: str) -> None:
    assert join([Paragraph(text=text)], comfortable=1, limit=16) == kept


def card_plan(**values: tuple[str, ...]) -> CardPlan:
    return CardPlan(
        article_id="upstream-dim",
        runner_up="wick-limit",
        destination="moderators",
        reason="asks for a person",
        entities=values,
        error=PROOF,
        missing=("model_id",),
    )


def kept(text: str) -> KnownMessage:
    return KnownMessage(
        message_id=MessageId(7), author_id=UserId(11), role=Role.ASKER, at=NOW, text=MaskedText(text), digest=""
    )


LINKED = [
    Paragraph(text="see [one](https://example.com/1) and `[not](this)`"),
    Paragraph(text="then [two](https://example.com/2)"),
    Paragraph(text="last [three](https://example.com/3) `[not](this)`"),
]


def test_a_third_link_becomes_its_words() -> None:
    text = join(LINKED, limit=HARD)
    assert text.endswith("then [two](https://example.com/2)\nlast three `[not](this)`")


def test_a_note_that_would_bring_a_third_link_is_left_out() -> None:
    note = Paragraph(text="Why: [Limits](https://example.com/4)", spare=4)
    kept = join([LINKED[0], note, Paragraph(text="no link here", spare=9), LINKED[1]], limit=HARD)
    assert kept == f"{LINKED[0].text}\nno link here\n{LINKED[1].text}"


def test_a_card_says_what_it_is_about_who_can_act_and_what_is_missing(small: Ready) -> None:
    case = new_case(small.view, title="my lamp").with_message(kept("it is dim and more"))
    said = render_card(card_plan(status=("503",), provider=("Glow",)), case=case, templates=small.templates)
    head, quote, who, facts, missing, other = said.split("\n")
    assert "upstream-dim" in head
    assert "my lamp" in head
    assert quote == "`it is dim`"
    assert "the moderators" in who
    assert "asks for a person" in who
    assert "Status `503` · Model – · Provider `Glow`" in facts
    assert "model_id" in missing
    assert "wick-limit" in other


def test_a_card_forgets_words_that_are_gone(small: Ready) -> None:
    said = render_card(card_plan(), case=new_case(small.view), templates=small.templates)
    assert "it is dim" not in said


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_card_is_valid_whatever_stands_in_the_thread(small: Ready, text: str) -> None:
    case = replace(new_case(small.view), title=MaskedText(text)).with_message(kept(text))
    plan = card_plan(status=("503",), **dict.fromkeys(("model", "provider", "generation", "request"), (text,) * 6))
    assert content_faults(render_card(plan, case=case, templates=small.templates), limit=HARD) == []


def test_a_template_reaches_no_attribute_of_a_value(small: Ready) -> None:
    for text in (
        "{{ model.__class__ }}",
        "{{ facts.__init__.__globals__ }}",
        "{{ facts._facts }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ model.upper.__self__ }}",
        "{{ client_setting.__globals__ }}",
    ):
        values = {"model": "m", "facts": small.templates.facts, "client_setting": lambda name: name}
        with pytest.raises(Exception, match=r"not allowed here"):
            small.templates.render(Line(text=text, number=1), values)
