"""Texts that were written to make a reader slow: how long one megabyte takes, and whether time grows with length."""

import json
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import hostile_patterns
from bot.expertise import expertise
from bot.extraction import CAP_BYTES
from bot.lines import PostLine
from bot.replay import diagnose
from bot.triage.view import View

MEGABYTE = 1_000_000
#: Both lie below the cap, so that twice the text is twice the work.
HALF, WHOLE = CAP_BYTES // 2 - 1, CAP_BYTES - 2
#: Bytes of a text that is still read whole, while twice as much is cut: all of it has to be looked at, and the cut too.
ACROSS_BYTES = CAP_BYTES // 2 + 1024
REPEATS = 3
TRIES = 3
#: Twice the text may take so many times as long: twice, and what a busy machine adds.
MOST = 3.0

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


def noise(size: int) -> str:
    """Signs in no order, and always the same ones."""
    dice = random.Random(7)
    return "".join(dice.choices("{}[]\"\\':,ea/1@. \n`>#", k=size))


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
    "at signs again": repeated("@"),
    "mail addresses": repeated("a@b."),
    "key in pieces": repeated("sk-or-v1-ab12 ab12 "),
    "token starts": repeated("eyJ"),
    "private keys": repeated("-----BEGIN PRIVATE KEY-----\n"),
    "named values": repeated("token="),
    "addresses with passwords": repeated("http://a:b"),
    "digits": repeated("1234567890"),
    "hexadecimal": repeated("ab12 "),
    "base64": repeated("QUJDRA"),
    "doubly escaped quotes": repeated('\\\\"'),
    "nested objects": repeated('{"error":'),
    "nested messages": repeated('{"error":{"message":"'),
    "nested reprs": repeated("{'error': {'message': '"),
    "escaped bodies": repeated('{\\"error\\":{\\"message\\":\\"'),
    "whole bodies": repeated('{"error":{"message":"x","code":429}}'),
    "empty objects": repeated("{}"),
    "loose keys": repeated('"raw":"'),
    "entities": repeated("&quot;message&quot;:"),
    "codes": repeated("404 "),
    "keyed codes": repeated('"code":404,'),
    "error lines": repeated("error: "),
    "classes": repeated("A.Error: "),
    "words of a sentence": repeated("rate limit exceeded "),
    "one word": repeated("error "),
    "whole sentences": repeated("no endpoints found matching your data policy "),
    "ends of a sentence": repeated(" is not a valid model ID"),
    "upstream": repeated("Upstream error from A: "),
    "model ids again": repeated("openai/gpt-"),
    "slashes again": repeated("a/b "),
    "links": repeated("https://openrouter.ai/a/b "),
    "providers": repeated("groq, "),
    "cues": repeated("provider: "),
    "spoken names": repeated("kimi k2 "),
    "quoted lines again": repeated("> x\n"),
    "letters that grow": repeated("İ"),
    "another script": repeated("错误"),
    "accents": repeated("e\u0301\u0301\u0301\u0301"),
    "direction marks": repeated("\u202e\u2066gpj.exe\u2069\u202c"),
    "terminal codes": repeated("\r\x1b[2K\x1b[1A\x1b]0;owned\x07"),
    "control characters": repeated("\x00\x01\x02\x7f\x9f"),
    "hidden in names": repeated("@\u200beveryone @\u2060here"),
    "hidden in letters": repeated("a\u200b"),
    "half characters": repeated("\udfff"),
    "mentions": repeated("<@1> <@!22> <@&333> <#4444>"),
    "named links": repeated("[free credits](https://evil.example.com/a)"),
    "rulers": repeated("~~~ === --- ***"),
    "templates": repeated("{{ config }} {% raw %}"),
    "markup": repeated("||spoiler|| __under__ **bold** *it*"),
    "noise of signs": noise,
}


def milliseconds(work: Callable[[], object]) -> float:
    """The fastest of several runs: what the text costs, without what else the machine did."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return min(times)


def growth(cost: Callable[[str], float], make: Maker, size: int) -> float:
    """How many times as long twice the text takes; the least of several tries, if it seems to be too long."""
    least = float("inf")
    for _ in range(TRIES):
        least = min(least, cost(make(2 * size)) / cost(make(size)))
        if least <= MOST:
            break
    return round(least, 2)


def characters(make: Maker, size_bytes: int) -> int:
    """How many characters of such a text have so many bytes."""
    sample = make(1_000)
    return size_bytes * len(sample) // len(sample.encode("utf-8", "surrogatepass"))


def measure(templates: Path) -> dict[str, object]:
    knowledge, compiled = expertise(templates, cache=None)
    view = View(now=datetime(2026, 11, 24, tzinfo=UTC), knowledge=knowledge)

    def cost_ms(text: str) -> float:
        return milliseconds(lambda: diagnose(PostLine(id=0, text=text), view, compiled))

    found = {
        name: {
            "megabyte_ms": round(cost_ms(make(MEGABYTE)), 1),
            "twice_as_long": growth(cost_ms, make, HALF),
            "twice_across_the_cap": growth(cost_ms, make, characters(make, ACROSS_BYTES)),
        }
        for name, make in TEXTS.items()
    }
    twice = {name: max(row["twice_as_long"], row["twice_across_the_cap"]) for name, row in found.items()}
    return {
        "texts": found,
        "worst_megabyte_ms": max(row["megabyte_ms"] for row in found.values()),
        "worst_twice_as_long": max(twice.values()),
        "slower_than_linear": [name for name, times in twice.items() if times > MOST],
        "patterns": hostile_patterns.measure(knowledge.base.phrases),
    }


def faults(measured: Mapping[str, Any]) -> list[str]:
    """What must not be, of what `measure` gave: texts and patterns that take longer than their length allows."""
    texts = [
        f"twice the text takes more than {MOST:g} times as long: {name}" for name in measured["slower_than_linear"]
    ]
    slow = measured["patterns"]["slower_than_linear"].items()
    return texts + [f"{name} is slower than linear in runs of {', '.join(map(repr, runs))}" for name, runs in slow]
