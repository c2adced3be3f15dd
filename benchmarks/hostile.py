"""Texts that were written to make a reader slow: how long one megabyte takes, and whether time grows with length."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.expertise import expertise
from bot.extraction import CAP_BYTES
from bot.lines import PostLine
from bot.replay import diagnose
from bot.triage.view import View

MEGABYTE = 1_000_000
#: Both lie below the cap, so that twice the text is twice the work.
HALF, WHOLE = CAP_BYTES // 2 - 1, CAP_BYTES - 2
REPEATS = 3

Maker = Callable[[int], str]


def repeated(unit: str) -> Maker:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def nested_json(size: int) -> str:
    return repeated('{"error":{"message":')(size // 2) + repeated("}")(size - size // 2)


def escaped_json(size: int) -> str:
    """Each layer doubles its back-slashes, as a proxy behind a proxy does."""
    text = "boom"
    while len(text) * 2 < min(size, HALF):
        text = json.dumps({"error": {"message": text}})
    return repeated(text)(size)


def ending(unit: str, end: str) -> Maker:
    """A run, and behind it what makes a search begin at every one of its characters."""
    return lambda size: repeated(unit)(size - len(end)) + end


def quotes(size: int) -> str:
    return repeated('"')(min(size, 60_000)) + repeated("word ")(max(0, size - 60_000))


#: What a reader of errors, ids, secrets and phrases could stumble over.
TEXTS: Mapping[str, Maker] = {
    "letters": repeated("a"),
    "short words": repeated("a "),
    "braces": repeated("{"),
    "closing braces": repeated("}"),
    "brackets": repeated("["),
    "sixty thousand quotes": quotes,
    "apostrophes": repeated("'"),
    "back-ticks": repeated("`"),
    "back-slashes": repeated("\\"),
    "escaped quotes": repeated('\\"'),
    "nested JSON": nested_json,
    "escaped JSON": escaped_json,
    "open keys": repeated('{"a":'),
    "line breaks": repeated("\n"),
    "blanks": repeated(" "),
    "numbers": repeated("429 "),
    "long number": repeated("4"),
    "model ids": repeated("author/model-1:free "),
    "slashes": repeated("a/b:"),
    "key prefixes": repeated("sk-or-v1-"),
    "key-like words": repeated("api_key="),
    "bearers": repeated("Bearer "),
    "addresses": repeated("https://"),
    "a word before an address": ending("a", "://"),
    "colons before an address": ending(":", "://a"),
    "labels of a host": ending("a.b.", "ai/a"),
    "at signs": repeated("a@"),
    "dots": repeated("a."),
    "ids": repeated("gen-1700000000-"),
    "hyphens": repeated("-"),
    "tracebacks": repeated('  File "a.py", line 429, in f\n'),
    "errors": repeated('{"error":{"message":"Provider returned error","code":429}}\n'),
    "error sentences": repeated("is temporarily rate-limited upstream, please retry shortly "),
    "questions": repeated("why does it not work? "),
    "quoted lines": repeated("> "),
    "wide letters": repeated("错"),
    "combining marks": repeated("e\u0301"),
    "invisible": repeated("\u200b"),
    "emoji": repeated("😀"),
}


def milliseconds(work: Callable[[], object]) -> float:
    """The fastest of several runs: what the text costs, without what else the machine did."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def measure(templates: Path) -> dict[str, object]:
    knowledge, compiled = expertise(templates, cache=None)
    view = View(now=datetime(2026, 11, 24, tzinfo=UTC), knowledge=knowledge)

    def cost_ms(text: str) -> float:
        return milliseconds(lambda: diagnose(PostLine(id=0, text=text), view, compiled))

    found = {
        name: {
            "megabyte_ms": round(cost_ms(make(MEGABYTE)), 1),
            "twice_as_long": round(cost_ms(make(WHOLE)) / cost_ms(make(HALF)), 2),
        }
        for name, make in TEXTS.items()
    }
    return {
        "texts": found,
        "worst_megabyte_ms": max(row["megabyte_ms"] for row in found.values()),
        "worst_twice_as_long": max(row["twice_as_long"] for row in found.values()),
    }
