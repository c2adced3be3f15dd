"""A message as paragraphs with an order in which they may be left out: what helps stays longest."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

#: Longest message to an asker; a phone shows about this much without scrolling.
COMFORTABLE = 900
#: More than these nobody follows; a further one becomes its words.
MAX_LINKS = 2
_LINK = re.compile(r"`[^`]*`|\\.|\[(?P<label>[^\]]*)\]\([^)]*\)", re.DOTALL)
_WHOLE = re.compile(r"(?:[^`\\\[]|\\.|`[^`]*`|\[[^\]]*\]\([^)]*\)|\[[^\]]*\](?!\())*+", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines that stay together. The highest `spare` goes first when the message is too long; 0 never goes."""

    text: str
    spare: int = 0
    is_apart: bool = False  # a blank line stands before it
    shorter: str = ""  # says it in fewer words, where nothing can be spared any more


def join(
    paragraphs: Iterable[Paragraph], *, comfortable: int = COMFORTABLE, limit: int, most_links: int = MAX_LINKS
) -> str:
    """The message; the most dispensable paragraphs go until it is comfortable, then some say less, and at worst it is
    cut at `limit`."""
    kept = [p for p in paragraphs if p.text]
    while len(_text(kept)) > comfortable and any(p.spare for p in kept):
        _drop(kept)
    for number, paragraph in enumerate(kept):
        if paragraph.shorter and len(_text(kept)) > comfortable:
            kept[number] = replace(paragraph, text=paragraph.shorter)
    while _links(_text(kept)) > most_links and any(p.spare and _links(p.text) for p in kept):
        _drop(kept, [p for p in kept if _links(p.text)])
    text = _with_few_links(_text(kept), most_links)
    return cut(text, limit)


def _drop(kept: list[Paragraph], among: list[Paragraph] | None = None) -> None:
    """The most dispensable, the last of several."""
    most = max(reversed(among or kept), key=lambda p: p.spare)
    kept.remove(most)


def _links(text: str) -> int:
    return sum(found["label"] is not None for found in _LINK.finditer(text))


def _with_few_links(text: str, most: int) -> str:
    places = [found.end() for found in _LINK.finditer(text) if found["label"] is not None][:most]
    if len(places) < most:
        return text
    head, tail = text[: places[-1]], text[places[-1] :]
    return head + _LINK.sub(lambda found: found.group() if found["label"] is None else found["label"], tail)


def cut(text: str, limit: int) -> str:
    """At most so long. Not inside a code span, link or escape: half of one would give what follows another meaning."""
    if len(text) <= limit:
        return text
    whole = _WHOLE.match(text[: limit - 1])
    return (whole.group() if whole else "").rstrip() + "…"


def _text(paragraphs: list[Paragraph]) -> str:
    text = ""
    for paragraph in paragraphs:
        gap = "" if not text else "\n\n" if paragraph.is_apart else "\n"
        text += gap + paragraph.text
    return text
