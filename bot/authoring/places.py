"""Where something stands in a file of the templates: the models that it was read into no longer know."""

import re
from pathlib import Path

from bot.knowledge.articles import Article
from bot.knowledge.knowledge_base import ENGLISH

_ITEM = re.compile(r"\s*- ")


def line_of(path: Path, key: str, item: int | None = None) -> int:
    """The line of a top-level key of a YAML text, or of the `item`-th entry of the list under it, counted from 1."""
    pattern = re.compile(rf"{re.escape(key)}\s*:")
    lines = path.read_text("utf-8").splitlines()
    start = next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), 1)
    if item is None:
        return start
    entries = 0
    for number, line in enumerate(lines[start:], start=start + 1):
        entries += bool(_ITEM.match(line))
        if entries == item:
            return number
        if line and not line[0].isspace() and line[0] not in "-#":
            break
    return start  # the list stands on the line of its key


def file_of(article: Article, language: str) -> str:
    """The file of the article's body in a language, under the templates folder."""
    return article.file if language == ENGLISH else f"articles/{article.id}.{language}.md"
