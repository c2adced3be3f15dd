"""An article's file falls into front matter and sections; what does not fit names its line."""

import pytest

from bot.knowledge.bodies import lines_of, read_body, split_front_matter
from bot.knowledge.source import KnowledgeError

GOOD = """\
**The pot refused, not you.**

## Why
It has no holes.

## Steps
- Drill one.
- Or take {{ pot or "another" }}.

## Note
Water comes out below.
"""


def refused(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(KnowledgeError) as raised:
        read_body(text, file="articles/wet-feet.md", first_line=10)
    assert all(p.file == "articles/wet-feet.md" and p.cure for p in raised.value.problems)
    return [(p.line, p.key, p.message) for p in raised.value.problems]


def test_a_body_falls_into_its_sections_with_the_lines_of_the_file() -> None:
    body = read_body(GOOD, file="articles/wet-feet.md", first_line=10)
    assert (body.lead.text, body.lead.number) == ("**The pot refused, not you.**", 10)
    assert [(line.text, line.number) for line in body.steps] == [
        ("Drill one.", 16),
        ('Or take {{ pot or "another" }}.', 17),
    ]
    assert [line.text for line in (*body.why, *body.note)] == ["It has no holes.", "Water comes out below."]
    assert body.brief == body.more_steps == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message"),
    [
        ("## Why", "## Because", 12, "", "`Because` is no section of an article"),
        ("It has no holes.\n", "", 12, "why", "the section is empty"),
        ("**The pot refused, not you.**\n", "", 10, "", "the body has no lead"),
        ("you.**\n", "you.**\nNor me.\n", 11, "lead", "a second line before the first heading"),
        ("- Drill one.", "1. Drill one.", 16, "steps", "not an item of a list"),
        ("## Note", "## Why", 19, "why", "`Why` stands twice"),
        ("## Note", "### Note", 19, "", "`### Note` is no heading of an article"),
    ],
)
def test_a_body_that_does_not_fit_names_its_line(old: str, new: str, line: int, key: str, message: str) -> None:
    assert (line, key, message) in refused(GOOD.replace(old, new, 1))


def test_front_matter_ends_where_the_body_begins() -> None:
    assert split_front_matter("---\nid: a\n---\nLead\n", "a.md") == ("id: a", "Lead\n", 4)


@pytest.mark.parametrize(("text", "message"), [("id: a\n", "no front matter"), ("---\nid: a\n", "has no end")])
def test_a_missing_fence_is_named_and_not_taken_for_missing_fields(text: str, message: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        split_front_matter(text, "articles/a.md")
    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == ("articles/a.md", 1)
    assert message in problem.message
    assert "---" in problem.cure


def test_a_message_keeps_the_space_at_its_beginning_and_blank_lines_inside() -> None:
    assert [(line.text, line.number) for line in lines_of("\n Your error:\n\nEnd  \n\n")] == [
        (" Your error:", 2),
        ("", 3),
        ("End", 4),
    ]
