"""The one filter between people's text and Discord: what somebody typed can neither format, ping nor break out."""

import re

#: Does not show, and keeps Discord from reading `@`, `<` and addresses as more than text.
_ZERO_WIDTH = "\u200b"
_MARKDOWN = re.compile(r"([\\*_~|`\[\]()>#])")
_ALIVE = re.compile(r"[@<]|(?<=:)//|(?i:discord(?:app)?\.(?=gg|com|me|io))")
#: Control, direction and invisible characters: they hide text, or make it read backwards.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_COMBINING = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
#: Longest value that is printed; ids are shorter, and what is longer tells nobody more.
MAX_VALUE = 160


class Reviewed(str):
    """Text that reviewers wrote or that was escaped already; printed as it is."""

    __slots__ = ()


def tidy(text: str) -> str:
    """One line without hidden characters, cut at `MAX_VALUE`."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _COMBINING.sub(r"\1", _HIDDEN.sub("", " ".join(text.split())))
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1].rstrip() + "…"


def escape(text: str) -> Reviewed:
    """For running text."""
    return Reviewed(_disarm(_MARKDOWN.sub(r"\\\1", tidy(text))))


def code(text: str) -> Reviewed:
    """An inline code span. Back-ticks become apostrophes: nothing else ends a span, and no escape works inside one."""
    inner = _disarm(tidy(text).replace("`", "'")).strip()
    return Reviewed(f"`{inner}`") if inner else Reviewed("")


def _disarm(text: str) -> str:
    return _ALIVE.sub(lambda match: match.group() + _ZERO_WIDTH, text)
