"""A message as paragraphs with an order in which they may be left out: what proves and what helps stays longest."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Longest message to an asker; a phone shows about this much without scrolling.
COMFORTABLE = 900
_WHOLE = re.compile(r"(?:[^`\\\[]|\\.|`[^`]*`|\[[^\]]*\]\([^)]*\)|\[[^\]]*\](?!\())*+", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines that stay together. The highest `spare` goes first when the message is too long; 0 never goes."""

    text: str
    spare: int = 0
    is_apart: bool = False  # a blank line stands before it


def join(paragraphs: Iterable[Paragraph], *, comfortable: int = COMFORTABLE, limit: int) -> str:
    """The message; the most dispensable paragraphs go until it is comfortable, and at worst it is cut at `limit`."""
    kept = [p for p in paragraphs if p.text]
    while len(_text(kept)) > comfortable and any(p.spare for p in kept):
        last_of_most = max(range(len(kept)), key=lambda i: (kept[i].spare, i))
        del kept[last_of_most]
    text = _text(kept)
    return text if len(text) <= limit else _cut(text, limit)


def _cut(text: str, limit: int) -> str:
    """Not inside a code span, link or escape: half of one would give what follows another meaning."""
    whole = _WHOLE.match(text[: limit - 1])
    return (whole.group() if whole else "").rstrip() + "…"


def _text(paragraphs: list[Paragraph]) -> str:
    text = ""
    for paragraph in paragraphs:
        gap = "" if not text else "\n\n" if paragraph.is_apart else "\n"
        text += gap + paragraph.text
    return text
