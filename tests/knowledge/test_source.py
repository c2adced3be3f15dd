"""YAML that is wrong says where, what and how to mend it."""

import pytest

from bot.knowledge.articles import FrontMatter
from bot.knowledge.facts import FactsFile
from bot.knowledge.source import KnowledgeError, Problem, parse

GOOD = """\
id: leaf-fall
title: The plant drops its leaves
tell: "`leaf fall`"
owner: plants
when:
  - {status: 404, message: "no leaf *"}
  - status: [401, 402]
sources:
  - {title: Guide, url: "https://example.com/guide"}
checked: 2026-11-24
"""


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as raised:
        parse(text, FrontMatter, file="articles/leaf-fall.md", first_line=2)
    return raised.value.problems


def test_good_front_matter_becomes_a_model() -> None:
    front = parse(GOOD, FrontMatter, file="articles/leaf-fall.md", first_line=2)
    assert (front.id, front.checked.isoformat()) == ("leaf-fall", "2026-11-24")
    assert [rule.statuses for rule in front.when] == [(404,), (401, 402)]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message", "cure"),
    [
        ("status: 404", "status: many", 7, "when.1.status", "integer", "whole number"),
        ("status: 404", "statsu: 404", 7, "when.1.statsu", "not a known key", "did you mean `status`?"),
        ("owner: plants", "ownr: plants", 5, "ownr", "not a known key", "did you mean `owner`?"),
        ("owner: plants\n", "", 2, "owner", "missing", "add it"),
        ("  - {st", "\t- {st", 7, "", "tab", "spaces"),
        ("title: The plant drops", "title: The plant: drops", 3, "", "mapping values", "quotes"),
        ("checked:", "owner: pots\nchecked:", 11, "owner", "twice (first in line 5)", "keep one"),
        ("checked: 2026", 'checked: "2026', 11, "", "end of stream", "close the quote"),
        ("owner: plants", "owner: *plants", 5, "", "undefined alias", "quotes"),
        ("owner: plants", "owner: `plants`", 5, "", "cannot start any token", "quotes"),
        ("owner: plants", "owner: 429", 5, "owner", "string", "quotes"),
        ("2026-11-24", "soon", 11, "checked", "date", "2026-11-24"),
        ("{title: Guide, url: ", "{titel: Guide, url: ", 10, "sources.1.titel", "not a known key", "`title`"),
        ("status: [401, 402]", "captures: [x]", 8, "when.2", "at least one of status", "`{'captures': ['x']}`"),
        ("id: leaf-fall", "id: Leaf_Fall", 2, "id", "pattern", "Leaf_Fall"),
    ],
)
def test_a_fault_names_its_line_key_and_cure(old: str, new: str, line: int, key: str, message: str, cure: str) -> None:
    found = [p for p in problems_of(GOOD.replace(old, new, 1)) if message in p.message]
    assert [(p.file, p.line, p.key) for p in found] == [("articles/leaf-fall.md", line, key)]
    assert cure in found[0].cure


def test_all_faults_are_told_at_once_and_in_the_order_of_the_file() -> None:
    found = problems_of(GOOD.replace("status: 404", "status: many").replace("owner: plants\n", "colour: red\n"))
    assert [(p.line, p.key) for p in found] == [(2, "owner"), (5, "colour"), (7, "when.1.status")]


def test_a_problem_reads_as_one_line_with_its_cure() -> None:
    with pytest.raises(KnowledgeError) as raised:
        parse(GOOD.replace("owner", "ownr"), FrontMatter, file="a.md", first_line=2)
    assert "a.md:5: ownr: is not a known key (did you mean `owner`?)" in str(raised.value).splitlines()


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "No", "012", "1_000", "1:30", "~", "0x10", "2026-11-24"])
def test_words_that_yaml_takes_for_something_else_stay_text(word: str) -> None:
    facts = parse(f"it: {{value: {word}, source: x, checked: 2026-11-24}}", FactsFile, file="facts.yaml").root
    assert facts["it"].value == word


@pytest.mark.parametrize(("word", "value"), [("50", 50), ("-3", -3), ("5.5", 5.5), ("'50'", "50"), ('"true"', "true")])
def test_numbers_are_numbers_and_quoted_ones_are_text(word: str, value: object) -> None:
    facts = parse(f"it: {{value: {word}, source: x, checked: 2026-11-24}}", FactsFile, file="facts.yaml").root
    assert facts["it"].value == value
    assert type(facts["it"].value) is type(value)


@pytest.mark.parametrize("text", ["a: &x [1]\nb: *x", "a: !!python/name:os.system ''", "a: !thing 1", "? {a: 1}\n: 2"])
def test_tricks_of_yaml_are_refused(text: str) -> None:
    assert all(p.cure for p in problems_of(text))


def test_a_value_that_may_have_two_types_is_refused_once() -> None:
    assert [p.key for p in problems_of(GOOD.replace("status: 404", "status: many"))] == ["when.1.status"]
