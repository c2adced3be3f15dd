"""Puts right what reading a picture gets wrong: ids that a line break cut, and letters that look like digits. Pure.

Nothing is guessed: a reading changes only into something that is known, or that has the shape of an id.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.extraction import Catalogue, Vocabulary
from bot.extraction.catalogue_index import VARIANTS, base, index_of

_ALIKE = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1"})
_ID_END = re.compile(r"[\w~.@/:-]+\Z")
_ID_START = re.compile(r"[\w~.@/:-]+")
_MODEL = re.compile(r"~?[A-Za-z0-9][\w.-]*/[\w.|-]+")
_VARIANT_APART = re.compile(r"(/[\w.-]+): (?=(\w+))")
#: "4O4": three signs, of which the first is a digit of an error.
_STATUS = re.compile(r"(?<![\w./-])[45][0-9OoIl|]{2}(?![\w/-])")
#: The version inside a key or an address.
_VERSION = re.compile(r"(?<=[-/]v)[lI|](?=[-/])")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.|]*")
#: A JSON key or text that broke before its closing quotation mark.
_QUOTE_GOES_ON = re.compile(r"\"\s{0,2}[:,}\]]")


def mended(lines: Sequence[str], catalogue: Catalogue, vocabulary: Vocabulary) -> str:
    """The lines as one text, as it most likely stands in the picture."""
    known = _known_models(catalogue)
    names = _known_names(vocabulary)
    shapes = _shapes(vocabulary)
    told: list[str] = []
    for line in (_plain(line, known, names) for line in lines):
        if told and _goes_on(told[-1], line, known, shapes):
            told[-1] += line
        else:
            told.append(line)
    return "\n".join(_models_right(line, known) for line in told)


def _plain(line: str, known: Mapping[str, str], names: Mapping[str, str]) -> str:
    line = _VERSION.sub("1", line)
    line = _STATUS.sub(lambda match: match[0].lower().translate(_ALIKE), line)
    line = _VARIANT_APART.sub(lambda match: f"{match[1]}:" if match[2] in VARIANTS else match[0], line)
    line = _models_right(line, known)
    return _WORD.sub(lambda match: names.get(_alike(match[0]), match[0]), line)


def _models_right(line: str, known: Mapping[str, str]) -> str:
    return _MODEL.sub(lambda match: known.get(_alike(match[0]), match[0]), line) if "/" in line else line


def _goes_on(line: str, following: str, known: Mapping[str, str], shapes: Sequence[re.Pattern[str]]) -> bool:
    """The next line begins inside a word of this one."""
    if _QUOTE_GOES_ON.match(following) and line[-1:].isalnum():
        return True
    tail, head = _ID_END.search(line), _ID_START.match(following)
    if tail is None or head is None:
        return False
    whole = tail[0] + head[0].rstrip(".:")
    is_cut = not _is_known(tail[0], known) or head[0][0] in "-:./"
    if is_cut and "/" in whole and _is_known(whole, known):
        return True
    return any(shape.fullmatch(whole) and not shape.fullmatch(tail[0]) for shape in shapes)


def _is_known(token: str, known: Mapping[str, str]) -> bool:
    model = token.rpartition("=")[2]
    name, _, variant = model.rpartition(":")
    return _alike(name if variant in VARIANTS else model) in known


def _alike(text: str) -> str:
    """The same for everything that looks the same."""
    return text.lower().translate(_ALIKE)


@lru_cache(maxsize=2)
def _known_models(catalogue: Catalogue) -> Mapping[str, str]:
    return _unmistakable(base(model_id) for model_id in sorted(index_of(catalogue).known))


@lru_cache(maxsize=2)
def _known_names(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Names of one word in which a letter can be taken for another one."""
    return _unmistakable(
        name for name in vocabulary.provider_names if _WORD.fullmatch(name) and set(name) & set("IlO0")
    )


@lru_cache(maxsize=2)
def _shapes(vocabulary: Vocabulary) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(s.pattern) for s in vocabulary.id_shapes if s.kind in ("generation", "request"))


def _unmistakable(names: Iterable[str]) -> Mapping[str, str]:
    """By looks; what looks like two of them is nobody's."""
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for name in names:
        looks = _alike(name)
        if found.setdefault(looks, name) != name:
            doubtful.add(looks)
    return {looks: name for looks, name in found.items() if looks not in doubtful}
