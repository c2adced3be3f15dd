"""Every mistake of a template is found before anybody sees it, by file, line, key and cure."""

import re
from pathlib import Path

import pytest

from bot.knowledge.loader import load
from bot.knowledge.source import KnowledgeError
from bot.replies.compile import Templates
from tests.shipped_knowledge import Ready
from tests.tiny_knowledge import write_tiny_templates


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return write_tiny_templates(tmp_path)


def problems(templates: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        Templates(load(templates)).check()
    return str(caught.value).split("\n")


def put(file: Path, old: str, new: str) -> int:
    """Puts `new` in the place of the first `old`; the line on which that is."""
    text = file.read_text("utf-8")
    file.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_and_the_tiny_templates_have_no_mistake(ours: Ready, small: Ready) -> None:
    ours.templates.check()
    small.templates.check()


@pytest.mark.parametrize(
    ("mistake", "key", "message", "cure"),
    [
        ("All {{ lamps share one wick.", "", "broken template", "braces"),
        ("All {% if model %} lamps share one wick.", "", "broken template", "braces"),
        ("All {{ lamps }} share one wick.", "lamps", "no such value", "use one of"),
        ("All {{ model | shout }} share one wick.", "", "broken template", "mend"),
        ("All {{ facts.lamps_per_wick }} share one wick.", "facts.lamps_per_wick", "no such fact", "facts.yaml"),
    ],
)
def test_a_mistake_in_an_article_is_named_by_file_line_key_and_cure(
    templates: Path, mistake: str, key: str, message: str, cure: str
) -> None:
    line = put(templates / "articles" / "upstream-dim.md", "All lamps share one wick.", mistake)
    (problem,) = problems(templates)
    assert problem.startswith(f"articles/upstream-dim.md:{line}:{f' {key}:' if key else ''} ")
    assert message in problem
    assert re.search(rf"\(.*{re.escape(cure)}.*\)$", problem)


def test_a_mistake_in_a_translation_names_the_translation(templates: Path) -> None:
    line = put(templates / "articles" / "upstream-dim.zh.md", "等一分钟。", "等 {{ minutes }} 分钟。")
    (problem,) = problems(templates)
    assert problem.startswith(f"articles/upstream-dim.zh.md:{line}: minutes: ")


def test_a_mistake_in_a_message_names_the_message(templates: Path) -> None:
    (templates / "messages" / "answers" / "footer.md").write_text("type {{ how_to_stop }}\n", "utf-8")
    (problem,) = problems(templates)
    assert problem.startswith("messages/answers/footer.md:1: how_to_stop: ")


def test_all_mistakes_of_all_files_are_told_at_once(templates: Path) -> None:
    put(templates / "articles" / "upstream-dim.md", "All lamps", "All {{ lamps }}")
    put(templates / "articles" / "lost-lamp.md", "Choose another", "Choose {{ facts.nothing }}")
    (templates / "messages" / "answers" / "footer.md").write_text("{% broken\n", "utf-8")
    assert [problem.partition(":")[0] for problem in problems(templates)] == [
        "articles/lost-lamp.md",
        "articles/upstream-dim.md",
        "messages/answers/footer.md",
    ]


def test_a_capture_of_another_article_is_no_value_here(templates: Path) -> None:
    put(templates / "articles" / "wick-limit.md", "Wait until midnight.", "Wait {{ wait_s }} seconds.")
    (problem,) = problems(templates)
    assert " wait_s: no such value" in problem
