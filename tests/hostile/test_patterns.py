"""No regular expression of Heron takes longer than its text is long, whatever run of characters it is given.

Each is searched for in runs of one character and of two in turn, of a length at which a search whose time grows with
the square of it takes many times what a linear one takes. Patterns that only ever see a bounded piece are named, with
the bound.
"""

import importlib
import itertools
import os
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping

import pytest

import bot

LENGTH = 12_000
#: A linear search of so much takes about a millisecond, one with the square takes a second and more.
LIMIT_S = 0.25
SIGNS = "a1 \n\t.-_/:@='\"`\\{}[](<>*#!?,|&错\u200b"
UNITS = (*SIGNS, *map("".join, itertools.permutations(" \na1.:/\"'\\*", 2)), "a.b.", "://", "eyJ", "token=", "sk-")
#: `make hostile` takes all of them.
TAKEN = UNITS if os.environ.get("HOSTILE") == "all" else UNITS[::5]

#: name -> what bounds the piece that it is applied to.
BOUNDED: Mapping[str, str] = {
    "app.shards._FORM": "what an operator types at a command line",
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


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name.endswith("__main__") or module.name.startswith("bot.playground"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            yield from _in(f"{module.name.removeprefix('bot.')}.{name}", value)


def _in(name: str, value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield name, value
    elif isinstance(value, tuple | list | frozenset):
        yield from (found for one in value for found in _in(name, one))
    elif isinstance(value, Mapping):
        yield from (found for one in value.values() for found in _in(name, one))


FOUND = dict(patterns())


def seconds(pattern: re.Pattern[str], text: str) -> float:
    start = time.process_time()
    for _ in pattern.finditer(text):
        if time.process_time() - start > LIMIT_S:
            break
    return time.process_time() - start


@pytest.mark.parametrize("name", sorted(FOUND.keys() - BOUNDED.keys()))
def test_a_run_of_characters_is_searched_in_linear_time(name: str) -> None:
    slow = []
    for unit in TAKEN:
        text = (unit * LENGTH)[:LENGTH]
        if min(seconds(FOUND[name], text) for _ in range(2)) > LIMIT_S:
            slow.append(unit)
    assert slow == []


def test_the_patterns_that_are_bounded_are_patterns() -> None:
    assert BOUNDED.keys() <= FOUND.keys()


def test_a_pattern_with_the_square_would_be_found() -> None:
    assert seconds(re.compile(r"\S+://"), "a" * (3 * LENGTH)) > LIMIT_S
