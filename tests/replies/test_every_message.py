"""Every message template: valid with nothing known and with the worst, and none that nobody can meet."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.posts import Verb
from bot.replies.compile import MESSAGE_VALUES, Templates
from bot.replies.message import MAX_LABEL
from bot.replies.render import render
from bot.triage.plans import Buttons, Question, ReplyPlan, Value, Words
from tests.replies.messages import HARD, HOSTILE, content_faults, faults, template_faults
from tests.shipped_knowledge import shipped

KEY = "0123456789abcdefghijkl-a"
#: Handed in by the code as more than text.
MADE_BY_CODE = {"facts", "destination", "client_setting"}
LISTS = {"known", "other_models", "missing", "tried", "rules", *(n for n in MESSAGE_VALUES if n.startswith("card_"))}
ROOT = Path(bot.__file__).parents[1]


def names() -> list[tuple[str, str]]:
    return sorted(shipped().base.messages)


def said(name: str, language: str, values: dict[str, Value]) -> str:
    templates = shipped().templates
    given = {
        **dict.fromkeys(MESSAGE_VALUES),
        "facts": templates.facts,
        "destination": templates.destination("support"),
        "client_setting": lambda _: None,
        **values,
    }
    lines = shipped().base.message(name, language).lines
    return "\n".join(line for line in (templates.render(one, given) for one in lines) if line)


def hostile(text: str) -> dict[str, Value]:
    values: dict[str, Value] = dict.fromkeys(MESSAGE_VALUES - MADE_BY_CODE - LISTS, text)
    return {**values, **dict.fromkeys(LISTS, (text, text, text, text, text))}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_with_hostile_values_every_message_stays_valid(text: str) -> None:
    found: list[tuple[str, str, str]] = []
    for name in names():
        limit = 2 * HARD if name[0].startswith("card-") else HARD  # a card is cut as a whole
        found += [(*name, fault) for fault in content_faults(said(*name, hostile(text)), limit=limit)]
    assert found == []


def test_without_values_a_message_disappears_or_is_whole() -> None:
    found: list[tuple[str, str, str]] = []
    for name in names():
        if text := said(*name, {}):
            found += [(*name, fault) for fault in (*content_faults(text), *template_faults(text))]
    assert found == []


def test_every_label_fits_a_button_and_has_no_markup() -> None:
    labels = {name: said(*name, {}) for name in names() if name[0].startswith(("button-", "choice-"))}
    assert labels
    assert [name for name, label in labels.items() if not 0 < len(label) <= MAX_LABEL or "`" in label] == []


@pytest.mark.parametrize("buttons", [Buttons.NONE, Buttons.ANSWER, Buttons.QUESTION])
@pytest.mark.parametrize("language", ["en", "zh", "xx"])
def test_an_open_question_is_a_valid_message(buttons: Buttons, language: str) -> None:
    plan = ReplyPlan(parts=(Question(),), buttons=buttons, language=language, has_footer=True)
    message = render(plan, key=KEY, words=lambda _: None, templates=shipped().templates)
    assert faults(message) == []


def test_every_choice_between_articles_is_a_valid_message() -> None:
    templates = shipped().templates
    articles = sorted(shipped().base.articles, key=lambda a: -len(shipped().base.articles[a].front.title))
    for start in range(len(articles)):
        candidates = tuple((articles[start:] + articles)[:3])
        for language in ("en", "zh"):
            question = Question(candidates=candidates, status=429)
            plan = ReplyPlan(parts=(question,), buttons=Buttons.QUESTION, language=language, has_footer=True)
            message = render(plan, key=KEY, words=lambda _: None, templates=templates)
            assert faults(message) == [], candidates
            chosen = [button.custom_id.rpartition(":")[2] for row in message.rows for button in row][:3]
            assert chosen == list(candidates)


def test_a_warning_stands_before_the_answer_with_a_blank_line_between() -> None:
    plan = ReplyPlan(
        parts=(Words(name="leaked-key"), Question()), buttons=Buttons.NONE, language="en", has_footer=False
    )
    content = render(plan, key=KEY, words=lambda _: None, templates=shipped().templates).content
    warning, _, rest = content.partition("\n\n")
    assert "Revoke it first" in warning
    assert rest


def used_names() -> Iterator[str]:
    """Every text in the code that could name a message."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def named_in_calls() -> Iterator[tuple[str, str]]:
    """The names that the code asks for, where they are written out."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            is_ours = called == "message" or (called in ("_say", "say") and path.parent.name == "replies")
            if is_ours and node.args:
                yield from ((path.name, value) for value in _texts(node.args[0]))
            if called == "Words":
                yield from ((path.name, v) for k in node.keywords if k.arg == "name" for v in _texts(k.value))


def _texts(node: ast.expr) -> list[str]:
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def test_every_name_that_the_code_asks_for_is_written() -> None:
    known = {name for name, _ in names()}
    asked = sorted(named_in_calls())
    assert len(asked) > 5
    assert [one for one in asked if re.fullmatch(r"[a-z]+(-[a-z]+)*", one[1]) and one[1] not in known] == []


def test_no_message_is_written_that_nobody_uses() -> None:
    used = set(used_names()) | {opening.asks for opening in shipped().base.community.openings}
    used |= {f"button-{verb.value.replace('_', '-')}" for verb in Verb}  # a label is asked for by its verb
    documented = " ".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
    assert [
        name
        for name, language in names()
        if language == "en" and name not in used and not re.search(rf"`{re.escape(name)}`", documented)
    ] == []


def test_a_translation_prints_only_what_its_english_prints() -> None:
    templates = Templates(shipped().base)
    variable = re.compile(r"\{[{%]\s*(?!end|else)(?:el)?(?:if\s+)?(?:not\s+)?(\w+)")
    for name, language in names():
        theirs = {v for line in shipped().base.message(name, language).lines for v in variable.findall(line.text)}
        english = {v for line in shipped().base.message(name, "en").lines for v in variable.findall(line.text)}
        assert theirs <= english, (name, language)
    templates.check()
