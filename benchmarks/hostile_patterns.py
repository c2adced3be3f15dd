"""Every regular expression of Heron in runs of one character and of two in turn: is a run searched in linear time?

Patterns that only ever see a bounded piece are named, with the bound.
"""

import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import bot
from bot.knowledge.phrases import Phrases
from bot.recognition.segments import Segmenter

LENGTH = 12_000
#: A linear search of `LENGTH` takes about a millisecond, one with the square a second and more. What takes less than
#: this is no danger, and below it the clock says more about the machine than about the pattern.
LEAST_S = 0.05
#: Twice the text may take so many times as long.
MOST = 3.0
TRIES = 3
SIGNS = "a1 \n\t.-_/:@='\"`\\{}[](<>*#!?,|&错\u200b"
UNITS = (*SIGNS, *map("".join, itertools.permutations(" \na1.:/\"'\\*", 2)), "a.b.", "://", "eyJ", "token=", "sk-")

#: name -> what bounds the piece that it is applied to.
BOUNDED: Mapping[str, str] = {
    "app.shards._FORM": "what an operator types at a command line",
    "authoring.places._ITEM": "the start of a line of an article",
    "authoring.wording._TAG": "the body of an article",
    "demo.narrator._STYLED": "a line of a message, which Discord keeps to 2,000 characters",
    "extraction.json_text._TOKENS": "MAX_OBJECT_CHARS",
    "extraction.language._FOREIGN_TO_PROSE": "MAX_CHARACTERS",
    "extraction.providers._LINK_OR_PATH": "sixty characters before a name",
    "replies.paragraphs._LINK": "a message of Heron's own, with values that are cut",
    "replies.paragraphs._WHOLE": "a message of Heron's own, with values that are cut",
    "screenshots.mend._MODEL": "a line of a picture",
    "recognition.quotes._BEGIN": "MAX_QUOTE around a piece of evidence",
    "recognition.quotes._END": "MAX_QUOTE around a piece of evidence",
}

#: Seconds that a search of this text takes.
Cost = Callable[[str], float]


def patterns() -> Mapping[str, re.Pattern[str]]:
    """By room, module and name. The playground sees nobody's text."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name.endswith("__main__") or module.name.startswith("bot.playground"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, pattern in enumerate(_in(value)):
                found[f"{module.name.removeprefix('bot.')}.{name}" + (f"[{number}]" if number else "")] = pattern
    return found


def _in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        yield from (found for one in value for found in _in(one))
    elif isinstance(value, Mapping):
        yield from (found for one in value.values() for found in _in(one))


def slow_runs(cost: Cost, units: Sequence[str] = UNITS) -> dict[str, float]:
    """Runs of which twice as much takes more than `MOST` times as long, each time that it was tried; with how much."""
    growths = ((unit, _growth(unit, cost)) for unit in units)
    return {unit: round(growth, 1) for unit, growth in growths if growth > MOST}


def _growth(unit: str, cost: Cost) -> float:
    half, whole = _run(unit, LENGTH // 2), _run(unit, LENGTH)
    least = float("inf")
    for _ in range(TRIES):
        spent = cost(whole)
        least = min(least, spent / cost(half) if spent > LEAST_S else 0.0)
        if least <= MOST:
            break
    return least


def _run(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def searching(pattern: re.Pattern[str]) -> Cost:
    def seconds(text: str) -> float:
        start = time.process_time()
        for _ in pattern.finditer(text):
            pass
        return time.process_time() - start

    return seconds


def measure(phrases: Phrases) -> dict[str, object]:
    """Also of the patterns that are made of a community's phrases."""
    made = {f"recognition.segments[{n}]": p for n, p in enumerate(_in(vars(Segmenter(phrases))))}
    found = {**patterns(), **made}
    searched = {name: pattern for name, pattern in found.items() if name not in BOUNDED}
    slow = {name: slow_runs(searching(pattern)) for name, pattern in searched.items()}
    return {
        "searched": len(searched),
        "runs_of_each": len(UNITS),
        "slower_than_linear": {name: runs for name, runs in slow.items() if runs},
    }
