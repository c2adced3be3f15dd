"""What a writer is told before an article may speak."""

from datetime import date
from pathlib import Path

import pytest

from bot.authoring.check import check
from bot.authoring.claims import forbidden_in
from bot.authoring.wording import plain_text
from bot.knowledge.source import Problem
from tests.knowledge.templates_copy import SHIPPED, TemplatesCopy

TODAY = date(2026, 11, 24)
STEP = "- Within {{ facts.refund_window_hours }} hours and unused:"


@pytest.fixture
def templates(tmp_path: Path) -> TemplatesCopy:
    return TemplatesCopy.into(tmp_path)


def said(text: str) -> list[str]:
    return [p.message for p in forbidden_in(plain_text(text), file="a.md", line=1, key="")]


def test_the_shipped_templates_have_nothing_to_mend() -> None:
    assert check(SHIPPED, TODAY) == ()


def test_a_folder_that_does_not_load_is_told_in_the_same_words(templates: TemplatesCopy) -> None:
    line = templates.replace("articles/refund.md", "owner: billing", "ownr: billing")
    assert Problem("articles/refund.md", line, "ownr", "is not a known key", "did you mean `owner`?") in check(
        templates.path, TODAY
    )


def test_a_fact_that_expired_names_its_line_and_its_source(templates: TemplatesCopy) -> None:
    line = templates.replace("facts.yaml", "free_daily_low:", "free_daily_low:")
    found = {p.key: p for p in check(templates.path, date(2027, 2, 25))}
    assert (found["free_daily_low"].file, found["free_daily_low"].line) == ("facts.yaml", line)
    assert "https://openrouter.ai/docs/api_reference/limits" in found["free_daily_low"].cure
    assert "backoff_seconds" not in found  # it has no last day


@pytest.mark.parametrize(
    ("old", "new", "key", "message", "cure"),
    [
        (
            "facts.refund_window_hours",
            "facts.refund_window_hour",
            "facts.refund_window_hour",
            "no such fact",
            "facts.yaml",
        ),
        (STEP, "- Within 24 hours and unused:", "steps", "the number 24 stands in the text", "facts.yaml"),
        (STEP, "- You were not charged:", "steps", "it says `You were not charged`", "cannot see"),
        (STEP, "- Hurry!", "steps", "an exclamation mark", "full stop"),
        (STEP, "- One.\n" + STEP, "steps", "more than 4 steps", "More steps"),
        (STEP, "- [Here](https://example.com):", "", "more than 2 links", "prove the point"),
        ("to: support", "to: suport", "hand_over.to", "no such destination", "did you mean `support`?"),
        ('tell: "I want', f'tell: "{"very " * 12}I want', "tell", "75 characters", "at most 60"),
    ],
)
def test_a_planted_fault_is_named_with_its_line(
    templates: TemplatesCopy, old: str, new: str, key: str, message: str, cure: str
) -> None:
    templates.replace("articles/refund.md", old, new)
    found = [
        p for p in check(templates.path, TODAY) if (p.file, p.key, p.message) == ("articles/refund.md", key, message)
    ]
    assert len(found) >= 1
    lines = (templates.path / "articles" / "refund.md").read_text("utf-8").splitlines()
    assert lines[found[0].line - 1].strip()
    assert cure in found[0].cure


@pytest.mark.parametrize(
    ("line", "key", "message"),
    [
        ("- {{ broken", "", "broken template"),
        ("- {{ modell | code }}", "modell", "no such value"),
        ("- {% if %}", "", "broken"),
    ],
)
def test_a_template_that_cannot_be_printed_is_named(
    templates: TemplatesCopy, line: str, key: str, message: str
) -> None:
    number = templates.replace("articles/refund.md", STEP, line)
    (problem,) = check(templates.path, TODAY)
    assert (problem.file, problem.line, problem.key) == ("articles/refund.md", number, key)
    assert problem.message.startswith(message)


def test_a_capture_must_not_hide_a_value(templates: TemplatesCopy) -> None:
    line = templates.replace("articles/key-limit.md", "when:", "when:")
    templates.replace("articles/key-limit.md", "captures: [period]", "captures: [model]")
    (problem,) = [p for p in check(templates.path, TODAY) if p.key == "when"]
    assert (problem.line, problem.message) == (line, "the capture `model` hides a value")


def test_the_same_post_under_two_labels_is_found(templates: TemplatesCopy) -> None:
    row = '{"lang": "en", "title": "", "text": "my tomatoes lost all of their leaves after the rain", "also": []}\n'
    for label in ("refund", "key-limit"):
        with (templates.path / "examples" / f"{label}.jsonl").open("a", encoding="utf-8") as file:
            file.write(row)
    (problem,) = check(templates.path, TODAY)
    assert problem.file == "examples/refund.jsonl"  # the later of the two
    assert "almost the same post stands also in examples/key-limit.jsonl" in problem.message


def test_a_key_that_could_be_real_must_not_stand_in_an_example(templates: TemplatesCopy) -> None:
    with (templates.path / "examples" / "refund.jsonl").open("a", encoding="utf-8") as file:
        for key in ("sk-or-v1-FAKE" + "0" * 60, "sk-or-v1-" + "5" * 64):
            file.write(f'{{"lang": "en", "title": "{key[-3:]}", "text": "my key is {key}", "also": []}}\n')
    (problem,) = check(templates.path, TODAY)
    assert problem.message == "what looks like a real key"
    assert "5555" not in str(problem)


def test_also_names_labels_that_exist(templates: TemplatesCopy) -> None:
    with (templates.path / "examples" / "refund.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"lang": "en", "title": "leaf", "text": "gone brown", "also": ["refunds"]}\n')
    (problem,) = check(templates.path, TODAY)
    assert (problem.key, problem.message, problem.cure) == ("also", "`refunds` is no label", "did you mean `refund`?")


@pytest.mark.parametrize(
    "text",
    [
        "You weren't charged for it.",
        "The money will be refunded to the card.",
        "We have fixed this.",
        "It will be back tomorrow.",
        "Contact the mods.",
        "Hello, this is a limit.",
        "Sorry, that is a limit.",
        "Please provide the model.",
        "抱歉，请稍候。",
        "请联系管理员。",
        "太好了！",
    ],
)
def test_what_nobody_can_know_or_promise_is_refused(text: str) -> None:
    assert said(text)


@pytest.mark.parametrize(
    "text",
    [
        "That is a reservation, not a charge.",
        "Type !mute and I stay out of this thread.",
        "Your error says `No credits were charged!`.",
        "{% if period != 'total' %}Wait.{% endif %}",
        "The moderators have it.",
        "Support decides on refunds.",
    ],
)
def test_plain_statements_and_quoted_errors_are_allowed(text: str) -> None:
    assert said(text) == []
