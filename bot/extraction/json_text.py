"""Reads objects out of text in which programs printed them: JSON, Python reprs, broken or cut ones by their keys.

What they mean is not known here.
"""

import ast
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.extraction.report import Span

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

#: Bounds for one text, so that hostile input costs no more than a long honest one: objects that no parser reads are
#: dear.
MAX_FAILURES = 60
MAX_FAILED_CHARS = 48_000
MAX_OBJECT_CHARS = 16_000
_MAX_DEPTH = 60

_DECODER = json.JSONDecoder(strict=False)
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"|\'(?:[^\'\\]|\\.)*+\'|[{}\[\]]', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An object and where it stands."""

    value: dict[str, Json]
    span: Span


def read_object(text: str, start: int) -> Printed | None:
    """The object that begins with the brace at `start`, if it is whole."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return _read_repr(text[start : start + MAX_OBJECT_CHARS], start)
    return Printed(value=value, span=Span(start, end)) if isinstance(value, dict) else None


def _read_repr(piece: str, start: int) -> Printed | None:
    """A Python repr: single quotes, None, True."""
    if "'" not in piece:
        return None
    end = _balanced_end(piece)
    if end is None:
        return None
    try:
        value = ast.literal_eval(piece[:end].replace("\n", " "))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return Printed(value=value, span=Span(start, start + end)) if isinstance(value, dict) else None


def _balanced_end(piece: str) -> int | None:
    depth = 0
    for token in _TOKENS.finditer(piece):
        if token[0] in "{[":
            depth += 1
            if depth > _MAX_DEPTH:
                return None
        elif token[0] in "}]":
            depth -= 1
            if depth == 0:
                return token.end()
    return None


# A quote as it looks after any number of escapings, also as an entity of HTML.
_Q = r"(?:\\{0,15}[\"']|&quot;|&\#3[49];|&\#x2[27];)"
_KEYED = re.compile(
    rf"(?P<quote>{_Q})?(?<![\w.])(?P<key>[A-Za-z][A-Za-z_-]{{1,40}})(?(quote)(?:{_Q}))\s{{0,8}}[:=]\s{{0,40}}"
    rf"(?:(?P<open>{_Q})|(?P<bare>-?\d{{1,12}}(?:\.\d{{1,6}})?(?![\w.])|true|false|True|False|null|None)|(?P<list>\[)|(?P<object>\{{))"
)
_LIST_ITEM = re.compile(rf"(?:{_Q})([^\"'\\\[\]&]{{1,80}})(?:{_Q})")
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n?```")
#: A line that begins a body of its own behind a cut one: "429 {"error": …".
_NEXT_BODY = re.compile(r"\n[^{}\"'\n]{0,80}\{\s{0,8}[\"'](?:error|message|type|code|success)[\"']")
_BRACES = re.compile(r"[{}]")


#: Where a string without a closing quote ends: at a blank line, or at a line that begins with a new sentence.
_CUT_END = re.compile(r"\n[ \t]*\n|\n?```|(?<=[.!?…])[ \t]{0,8}\n[ \t]{0,8}(?=[^\W\d_a-z]|¿|¡)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraped:
    """One key with its value, read without regard to what is around it."""

    key: str
    value: str
    level: int  # how often its quotes are escaped: the deeper, the further inside
    span: Span
    is_text: bool


def scrape(text: str, start: int, end: int) -> Iterator[Scraped]:
    """Keys and values of an object that no parser reads.

    Cut off, quotes not escaped, wrapped, escaped without outer quotes.
    """
    at = start
    while match := _KEYED.search(text, at, end):
        at = match.end()
        level = match["open"].count("\\") if match["open"] else 0
        if match["bare"] or match["object"]:
            yield _scraped(match, match["bare"] or "", level, at)
        elif match["list"]:
            close = text.find("]", at, min(end, at + 2000))
            items = _LIST_ITEM.findall(text, at, close if close >= 0 else min(end, at + 2000))
            yield _scraped(match, ", ".join(items), level, at)
        elif match["open"] and not re.match(r"\s{0,8}\{\s{0,8}(?:\\{0,15}[\"'}]|&quot;)", text[at : at + 40]):
            value, at = _text_value(text, at, end, match["open"])
            yield _scraped(match, value, level, at, is_text=True)


def _scraped(match: re.Match[str], value: str, level: int, end: int, *, is_text: bool = False) -> Scraped:
    return Scraped(key=match["key"], value=value, level=level, span=Span(match.start(), end), is_text=is_text)


def _text_value(text: str, start: int, end: int, quote: str) -> tuple[str, int]:
    """A string up to the same quote before a comma, a brace or the end of the line.

    Up to the end when it was cut off.
    """
    limit = min(end, start + 4000)
    close = re.compile(rf"(?<!\\){re.escape(quote)}(?=\s{{0,40}}(?:[,}}\])]|\\n|\\?[\"'](?![\w])|\Z|\n))")
    match = close.search(text, start, limit)
    stop = match.start() if match else _cut(text, start, limit)
    return unescaped(text[start:stop]), match.end() if match else stop


def _cut(text: str, start: int, limit: int) -> int:
    """Where a string ends whose quote is missing."""
    end = _CUT_END.search(text, start, limit)
    return end.start() if end else limit


_ESCAPE = re.compile(r"\\+(?:n|r|t(?![a-z])|u([0-9a-fA-F]{4})|([\"'/`*_~|>\\]))")


def unescaped(value: str) -> str:
    """All levels of escaping taken off a piece of a string."""
    if "&" in value:
        value = html.unescape(value)
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else (m[2] or " "), value) if "\\" in value else value


def broken_end(text: str, start: int) -> int:
    """Where an object ends that no parser reads.

    At its last brace if they balance, else at the paragraph's end or the next body.
    """
    limit = min(len(text), start + MAX_OBJECT_CHARS)
    for stop in (_PARAGRAPH, _NEXT_BODY):
        found = stop.search(text, start, limit)
        limit = found.start() if found else limit
    depth = 0
    for brace in _BRACES.finditer(text, start, limit):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return limit
