"""A text as a sparse vector: hashed words, word pairs and character runs, the same in learning and in reading."""

import re
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.extraction.masking import PLACEHOLDER
from bot.recognition.cues import cues
from bot.recognition.sparse import Indices, SparseVector

#: Number of hashes: so many that two words rarely share one, which costs accuracy (measured by leaving out).
HASHES = 1 << 21
#: Lengths of the character runs.
SHORTEST_RUN, LONGEST_RUN = 4, 5
#: Thai; behind it come Korean, kana and Chinese, and little else that people write in.
FIRST_SPACELESS = 0x0E00
_FACTOR = np.uint64(0x100000001B3)
_URL = re.compile(r"https?://\S+")
#: A line of its own says what somebody looked at, not what is wrong.
_URL_LINE = re.compile(r"^[ \t]*+https?://\S+[ \t]*+$", re.MULTILINE)
_LONG_NUMBER = re.compile(r"\d{4,}")
_NOISE = re.compile(r"[^\w?!']+")
_WORD = re.compile(r"[\w']+|[?!]+")


def plain(text: str) -> str:
    """Lower case, addresses and long numbers replaced, punctuation folded; what was masked says nothing."""
    text = PLACEHOLDER.sub(" ", text.lower())
    text = _LONG_NUMBER.sub("0", _URL.sub(" url ", _URL_LINE.sub("", text)))
    return _NOISE.sub(" ", text).strip()


def counts(text: str) -> SparseVector:
    """Hashes and how often each occurs."""
    hints = cues(text)
    text = plain(text)
    words = _WORD.findall(text)
    hashed = [crc32(word.encode()) for word in words]
    hashed += [crc32(f"{a} {b}".encode()) for a, b in pairwise(words)]
    hashed += [crc32(hint.encode()) for hint in hints]
    found = np.concatenate([np.array(hashed, dtype=np.int64) & (HASHES - 1), *_character_runs(f" {text} ")])
    found.sort()
    is_new = np.ones(len(found) + 1, dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=is_new[1:-1])
    edges = np.flatnonzero(is_new)
    first, count = edges[:-1], edges[1:] - edges[:-1]
    return SparseVector(found[first], count.astype(np.float32))


def _character_runs(text: str) -> Sequence[Indices]:
    """Hashes of all runs of characters by a polynomial, of which a longer run goes on from a shorter one.

    Where words are not parted by spaces, two characters are often one.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    value, found = codes[:-1] * _FACTOR + codes[1:], list[Indices]()
    is_spaceless = codes >= FIRST_SPACELESS
    if is_spaceless.any():
        found.append(_folded(value[is_spaceless[:-1] & is_spaceless[1:]]))
    for size in range(3, LONGEST_RUN + 1):
        value = value[: len(codes) - size + 1] * _FACTOR + codes[size - 1 :]
        if size >= SHORTEST_RUN:
            found.append(_folded(value))
    return found


def _folded(value: npt.NDArray[np.uint64]) -> Indices:
    return ((value ^ (value >> np.uint64(29))) & np.uint64(HASHES - 1)).astype(np.int64)
