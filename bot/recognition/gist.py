"""What a long post says: people's words and the errors, without the log around them, which would drown both."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

#: Characters that are read: people say what they want in the first lines or in the last.
HEAD, TAIL = 700, 700
#: Lines that open alike from which on they are a log, or a file.
LOG = 4
#: Errors that are kept, and characters of each.
ERRORS, LENGTH = 5, 400
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")


def gist(text: str, errors: Sequence[str] = ()) -> str:
    """The text itself, if it is short enough to be read as a whole."""
    if len(text) <= HEAD + TAIL:
        return text
    errors = [error[:LENGTH] for error in errors[:ERRORS]]
    said = "\n".join(_without_log(text, [error.split("\n")[0] for error in errors]))
    if len(said) <= HEAD + TAIL:
        return said
    head, tail = said[:HEAD], said[-TAIL:]
    return "\n".join((head, *(error for error in errors if error not in head and error not in tail), tail))


def _without_log(text: str, kept: Sequence[str]) -> Iterator[str]:
    lines = text.split("\n")
    openings = {line: _opening(line) for line in set(lines)}  # a log says the same again and again
    often = Counter(openings[line] for line in lines)
    for line in lines:
        opening = openings[line]
        if not opening or often[opening] < LOG or any(piece in line for piece in kept):
            yield line


def _opening(line: str) -> tuple[str, ...]:
    """Its first two words, with all numbers alike."""
    return tuple(_WORD.findall(_NUMBER.sub("0", line[:100]))[:2])
