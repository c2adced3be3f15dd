"""What a writer is told about rules, lengths, drafts and posts that land elsewhere, on the tiny community."""

from datetime import date
from pathlib import Path

import pytest

from bot.authoring.check import ENOUGH_EXAMPLES, advice, check
from bot.authoring.claims import forbidden_in
from bot.authoring.landing import landing_problem, written
from bot.authoring.places import line_of
from bot.expertise import expertise
from bot.knowledge.loader import load
from bot.knowledge.source import Problem
from bot.shipped import shipped_folder
from bot.triage.view import View
from tests.shipped_knowledge import NOW, shipped
from tests.tiny_knowledge import write_tiny_templates

TODAY = date(2026, 11, 24)
RULE = '  - {status: 503, message: "wick limit reached"}'


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return write_tiny_templates(tmp_path)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def problem(templates: Path) -> Problem:
    (only,) = check(templates, TODAY)
    return only


def test_the_tiny_community_has_nothing_to_mend(templates: Path) -> None:
    assert check(templates, TODAY) == ()


def test_a_rule_that_another_article_has_as_well_is_named_with_its_line(templates: Path) -> None:
    change(templates / "articles" / "lost-lamp.md", "when: [{status: 410}]", f"when:\n{RULE}")
    mine, other = check(templates, TODAY)
    assert (mine.file, mine.line, mine.key) == ("articles/lost-lamp.md", 7, "when.1")
    assert mine.message == "`wick-limit` has a rule for the same words, and it is as specific"
    assert other.message == "`lost-lamp` has a rule for the same words, and it is as specific"


def test_a_rule_that_says_less_than_another_articles_is_no_trouble(templates: Path) -> None:
    change(templates / "articles" / "lost-lamp.md", "{status: 410}", '{status: 503, message: "is dim"}')
    assert check(templates, TODAY) == ()


def test_a_rule_that_its_own_article_rules_out_is_named(templates: Path) -> None:
    change(templates / "articles" / "wick-limit.md", "for the whole house", "limit reached")
    found = problem(templates)
    assert (found.key, found.message) == ("when.1", "its own words do not satisfy it")
    assert "unless" in found.cure


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "most"),
    [
        ("upstream-dim.md", "- Take another lamp.", f"- Take {'another ' * 130}lamp.", "more_steps", 900),
        ("upstream-dim.md", "- Wait {%", f"- {'Wait ' * 180} {{%", "steps", 900),
        ("upstream-dim.md", "wait a minute.\n", f"wait {'and ' * 60} see.\n", "brief", 250),
        ("upstream-dim.zh.md", "- 等一分钟。", f"- {'等一分钟' * 230}。", "steps", 900),
    ],
)
def test_what_is_too_long_with_the_longest_values_is_named(
    templates: Path, file: str, old: str, new: str, key: str, most: int
) -> None:
    change(templates / "articles" / file, old, new)
    found = [p for p in check(templates, TODAY) if p.key == key]
    assert [p.file for p in found] == [f"articles/{file}"]
    assert f"characters with the longest values, at most {most}" in found[0].message
    line = (templates / "articles" / file).read_text("utf-8").splitlines()[found[0].line - 1]
    assert line.strip()


def test_places_of_a_draft_are_counted_line_by_line(templates: Path) -> None:
    change(templates / "articles" / "money-back.md", "I want my money back", "‹the words›")
    found = problem(templates)
    assert (found.line, found.message) == (4, "a place of the draft is still to fill: ‹the words›")


def test_a_message_that_every_community_needs_is_missed(templates: Path) -> None:
    (templates / "messages" / "answers" / "solved.md").unlink()
    for translation in (templates / "messages" / "answers").glob("solved.*.md"):
        translation.unlink()
    assert problem(templates).message == "Heron says it, and it is missing"


@pytest.mark.parametrize(
    "text",
    [
        "Your payment was rejected.",
        "Your account is blocked.",
        "Your credits have not been credited.",
        "You have enough credits for it.",
        "You broke the rules.",
        "Nobody has seen your key.",
        "Your prompts are not stored.",
        "你的账户被封。",
    ],
)
def test_how_things_stand_with_the_asker_is_not_for_articles_on_money_accounts_and_rules(text: str) -> None:
    def said(owner: str) -> list[Problem]:
        return list(forbidden_in(text, file="a.md", line=1, key="", owner=owner))

    assert all("cannot see" in p.cure for p in said("billing"))
    assert said("billing")
    assert said("accounts")
    assert said("policy")
    assert said("models") == []


@pytest.mark.parametrize(
    "text",
    ["Support decides on your refund.", "Look up your balance under Credits.", "A key that was deleted stays deleted."],
)
def test_who_decides_and_where_to_look_may_be_said(text: str) -> None:
    assert list(forbidden_in(text, file="a.md", line=1, key="", owner="billing")) == []


def test_few_examples_and_near_misses_are_advice_and_no_problem(templates: Path) -> None:
    found = {(p.file, p.key): p.message for p in advice(load(templates), templates)}
    assert found["articles/lost-lamp.md", "examples"].startswith("2 examples")
    assert found["articles/lost-lamp.md", "near_misses"] == "0 near misses"
    assert check(templates, TODAY) == ()


def test_a_fact_that_nothing_prints_is_advice_and_no_problem(templates: Path) -> None:
    change(
        templates / "facts.yaml",
        "oil_per_day:",
        "wicks_per_day: {value: 3, source: a, checked: 2026-11-24}\noil_per_day:",
    )
    found = {p.key: p for p in advice(load(templates), templates) if p.file == "facts.yaml"}
    assert found["wicks_per_day"].message == "no article and no message prints it"
    assert (
        (templates / "facts.yaml").read_text("utf-8").splitlines()[found["wicks_per_day"].line - 1].startswith("wicks")
    )
    assert "oil_per_day" not in found
    assert check(templates, TODAY) == ()


def test_the_shipped_articles_need_no_such_advice() -> None:
    assert list(advice(shipped().base, shipped_folder("templates"))) == []
    assert ENOUGH_EXAMPLES == 10


def test_an_example_that_gets_another_articles_answer_is_named_with_its_line(templates: Path) -> None:
    # Three examples would teach so small a community that it is a lost lamp: it judges as it did before.
    knowledge, compiled = expertise(templates, cache=None)
    path = templates / "examples" / "lost-lamp.jsonl"
    path.write_text(
        '{"lang": "en", "title": "", "text": "where is my lamp, it is not in the list any more"}\n'
        '{"lang": "en", "title": "", "text": "503 wick limit reached since noon"}\n'
        '{"lang": "en", "title": "", "text": "503 wick limit reached.", "also": ["wick-limit"]}\n',
        "utf-8",
    )
    view = View(now=NOW, knowledge=knowledge)
    found = [p for one in written(load(templates), templates) if (p := landing_problem(one, view, compiled))]
    places = {(p.file, p.line, p.key) for p in found}
    assert ("examples/lost-lamp.jsonl", 2, "text") in places
    assert ("examples/lost-lamp.jsonl", 3, "text") not in places
    assert any("Heron answers it with `wick-limit`" in p.message and "on exact evidence" in p.message for p in found)


def test_hardly_any_shipped_example_lands_elsewhere() -> None:
    """Each of them was learnt, so this says little about new posts; but what fails here fails everywhere."""
    ready, folder = shipped(), shipped_folder("templates")
    posts = [one for one in written(ready.base, folder) if one.key == "text"][::4]
    landed = [p for one in posts if (p := landing_problem(one, ready.view, ready.templates))]
    assert len(landed) <= 0.01 * len(posts), "\n".join(map(str, landed))


def test_lines_of_keys_and_of_their_entries(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\nid: a\nwhen:\n  - {a: 1}\n  - b: 1\n    c: 2\n  - {d: 1}\nunless: [{x: 1}, {y: 1}]\n---\n- body\n",
        "utf-8",
    )
    assert [line_of(path, "when", n) for n in (None, 1, 2, 3)] == [3, 4, 5, 7]
    assert line_of(path, "when", 4) == 3
    assert line_of(path, "unless", 2) == 8
    assert line_of(path, "nothing") == 1
