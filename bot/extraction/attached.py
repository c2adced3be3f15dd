"""Text out of attachments inside a message's text: it stands between marks, so that everybody can tell it from what was
typed. Who reads attachments is not known here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.extraction.report import Span


class Kind(StrEnum):
    PICTURE = "picture"
    FILE = "file"
    PASTED = "pasted"  # typed, and made a file by Discord because it was long


@dataclass(frozen=True, slots=True)
class Attached:
    kind: Kind
    text: str


#: What was pasted counts as typed, so its marks hold no word.
_MARKS = {
    Kind.PICTURE: ("‹picture›", "‹end of picture›"),
    Kind.FILE: ("‹file›", "‹end of file›"),
    Kind.PASTED: ("‹⋯›", "‹/⋯›"),
}
_KINDS = {begin: kind for kind, (begin, _) in _MARKS.items()}
# A text that was cut may have lost an end, or the end of one and the beginning of another.
_ATTACHED = re.compile(
    rf"(?P<begin>{'|'.join(_KINDS)})\n(?P<text>(?s:.)*?)(?:\n(?:{'|'.join(end for _, end in _MARKS.values())})|\Z)"
)


def with_attached(typed: str, attached: Sequence[Attached]) -> str:
    """What was typed, then what each attachment says; an empty one leaves its marks, as one that was looked at."""
    told = (f"{_MARKS[one.kind][0]}\n{one.text}\n{_MARKS[one.kind][1]}" for one in attached)
    return "\n\n".join((*([typed] if typed else []), *told))


def attached_in(text: str, *kinds: Kind) -> tuple[Attached, ...]:
    """What the attachments of such a text say; of all kinds when none is named."""
    found = (Attached(_KINDS[match["begin"]], match["text"]) for match in _ATTACHED.finditer(text))
    return tuple(one for one in found if not kinds or one.kind in kinds)


def find_attached(text: str, kind: Kind) -> tuple[Span, ...]:
    """Where the text of attachments of this kind stands, marks included."""
    if _MARKS[kind][0] not in text:
        return ()
    return tuple(Span(*match.span()) for match in _ATTACHED.finditer(text) if _KINDS[match["begin"]] is kind)
