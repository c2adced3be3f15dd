"""Finds where credentials and personal ids stand in a text. What becomes of them is decided in masking."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from bot.extraction.normalise import plain_view
from bot.extraction.report import IdShape, Vocabulary
from bot.extraction.secret_shapes import CARD_NUMBER, PRIVATE_KEY, VENDOR_SHAPES, SecretShape, is_key_material


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    start: int
    end: int
    kind: str
    is_personal: bool


def find_hits(text: str, vocabulary: Vocabulary) -> list[Hit]:
    """Where something has to go, in order and without overlaps; of two shapes that overlap the first one names it."""
    view = plain_view(text)
    found: list[Hit] = []
    for shape in _shapes(vocabulary):
        if not shape.hints or any(hint in view for hint in shape.hints):
            found += _matches(shape, view)
    found += _e_mails(view, vocabulary.own_hosts)
    merged: list[Hit] = []
    for hit in sorted(found, key=attrgetter("start")):  # stable: the order of the table decides among equals
        if merged and hit.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Hit(
                start=last.start,
                end=max(last.end, hit.end),
                kind=last.kind,
                is_personal=last.is_personal and hit.is_personal,
            )
        else:
            merged.append(hit)
    return merged


@lru_cache(maxsize=4)
def _shapes(vocabulary: Vocabulary) -> tuple[SecretShape, ...]:
    own = (_own_shape(shape) for shape in vocabulary.id_shapes if shape.kind.startswith(("secret:", "personal:")))
    return (PRIVATE_KEY, *own, *VENDOR_SHAPES, CARD_NUMBER)


def _own_shape(shape: IdShape) -> SecretShape:
    group, _, kind = shape.kind.partition(":")
    return SecretShape(
        kind=kind,
        hints=(),
        pattern=re.compile(shape.pattern),
        is_secret=is_key_material,
        is_personal=group == "personal",
        not_pattern=re.compile(shape.not_pattern) if shape.not_pattern else None,
        full_length=shape.full_length,
    )


def _matches(shape: SecretShape, view: str) -> Iterator[Hit]:
    group = "value" if "value" in shape.pattern.groupindex else 0
    at = 0
    while match := shape.pattern.search(view, at):
        start, end = match.span(group)
        at = match.start() + 1  # what turned out to be none may hide the beginning of one
        if shape.not_pattern and shape.not_pattern.match(view, match.start()):
            continue
        if shape.full_length:
            end, is_secret = _whole_key(view, start, end, shape.full_length)
        else:
            is_secret = shape.is_secret(view[start:end])
        if is_secret:
            at = max(end, at)
            yield Hit(start=start, end=end, kind=shape.kind, is_personal=shape.is_personal)


#: Characters of a key that are worth hiding: with fewer nobody can do anything, and people show so many on purpose.
_ENOUGH = 14
_KEY_PREFIX = re.compile(r"(?:[A-Za-z][\\\s]?\w?[\\\s]{0,2}-[\\\s]{0,2}){2,3}\s{0,8}")
_PART = re.compile(r"[\s\\\"'`+|>&,]{1,12}([0-9A-Za-z]{1,64})(?![0-9A-Za-z])")
_HEX = re.compile(r"[0-9A-Fa-f]+")


def _whole_key(view: str, start: int, end: int, full_length: int) -> tuple[int, bool]:
    """Where a key ends that goes on behind line breaks or spaces, and whether it is one.

    Parts that could as well be words or numbers count only before a sure part.
    """
    prefix = _KEY_PREFIX.match(view, start, end)
    tail_start = prefix.end() if prefix else start
    length, at, sure_end = end - tail_start, end, end
    while length < full_length and (part := _PART.match(view, at)):
        if not _could_go_on(part[1]):
            break
        length += len(part[1])
        at = part.end()
        if length == full_length or not (part[1].isalpha() or part[1].isdigit()):
            sure_end = at
    material = re.sub(r"[^0-9A-Za-z]", "", view[tail_start:sure_end])
    return sure_end, len(material) >= _ENOUGH and is_key_material(material)


def _could_go_on(part: str) -> bool:
    """Hexadecimal, or too long and too mixed for a word."""
    return bool(_HEX.fullmatch(part)) or (len(part) >= 16 and sum(character.isdigit() for character in part) >= 4)


_MAIL_HOST = re.compile(r"@((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,18})(?![A-Za-z0-9_]|\.[A-Za-z])")
_MAIL_NAME = re.compile(r"[A-Za-z0-9._%+'-]{1,64}\Z")


def _e_mails(view: str, own_hosts: tuple[str, ...]) -> Iterator[Hit]:
    """Found from the `@`, not from the left: a name can be long, an `@` is rare."""
    if "@" not in view:
        return
    for match in _MAIL_HOST.finditer(view):
        name = _MAIL_NAME.search(view, max(0, match.start() - 64), match.start())
        host = match[1].lower()
        is_public = any(host == own or host.endswith(f".{own}") for own in own_hosts)
        if name and not is_public and not _is_of_address(view, name.start(), match.end()):
            yield Hit(start=name.start(), end=match.end(), kind="email", is_personal=True)


_USER_INFO = re.compile(r"://[^\s/@]{0,80}\Z")


def _is_of_address(view: str, start: int, end: int) -> bool:
    """`https://user:password@host` and `git@host:path`: looks like a mail address and is none."""
    return view[start:end].startswith("git@") or _USER_INFO.search(view, max(0, start - 90), start) is not None
