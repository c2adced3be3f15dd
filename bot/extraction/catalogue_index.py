"""The catalogue made fast to ask: is this id known, whose is it, which ids look like it.

Nothing is read out of text here.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.extraction.report import Catalogue

#: Variants that a router gives to any model.
VARIANTS = frozenset("free extended thinking batch online nitro floor exacto beta self-moderated".split())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CatalogueIndex:
    known: frozenset[str]  # lower case, without variants and tilde
    authors: frozenset[str]
    by_author: Mapping[str, tuple[str, ...]]
    dotted: Mapping[str, str]  # "author.slug", as some clients write it
    by_name: Mapping[tuple[str, ...], str]  # words of a slug that only one id has

    def has(self, model_id: str) -> bool:
        return base(model_id) in self.known


@lru_cache(maxsize=4)
def index_of(catalogue: Catalogue) -> CatalogueIndex:
    known = frozenset(base(model_id) for model_id in (*catalogue.current, *catalogue.past))
    by_author: dict[str, list[str]] = defaultdict(list)
    for model_id in sorted(known):
        by_author[model_id.partition("/")[0]].append(model_id)
    return CatalogueIndex(
        known=known,
        authors=frozenset(by_author),
        by_author={author: tuple(ids) for author, ids in by_author.items()},
        dotted={model_id.replace("/", ".", 1): model_id for model_id in known},
        by_name=_by_name(known, frozenset(base(model_id) for model_id in catalogue.current)),
    )


def base(model_id: str) -> str:
    """Without what does not change which model it is: letter case, tilde, preset, a known variant."""
    plain = model_id.lower().partition("@preset/")[0].removeprefix("~")
    name, _, variant = plain.partition(":")
    return name if variant in VARIANTS else plain


_NAME_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)*[a-z]?")


def name_words(text: str) -> tuple[str, ...]:
    """ "glm-5.2-flash" and "GLM 5.2 flash" are the same words."""
    return tuple(_NAME_WORD.findall(text))


def _by_name(known: frozenset[str], current: frozenset[str]) -> Mapping[tuple[str, ...], str]:
    """Names that firmly mean one id: with a number, and with nobody else's model called alike.

    What is current goes before what is past.
    """
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for model_id in known:
        words = name_words(model_id.partition("/")[2])
        names = {words, words[1:]} if len(words) >= 3 and not words[1][0].isdigit() else {words}
        for name in names:
            if len(name) >= 2 and any(word[0].isdigit() for word in name) and not name[0][0].isdigit():
                owners[name].add(model_id)
    firm = {}
    for name, ids in owners.items():
        candidates = (ids & current) or ids
        if len(candidates) == 1:
            firm[name] = next(iter(candidates))
    return firm


@lru_cache(maxsize=2)
def _current_ids(catalogue: Catalogue) -> Mapping[str, str]:
    """The current ids by what they are without variants; the plain one before its variants."""
    return {base(model_id): model_id for model_id in sorted(catalogue.current, key=len, reverse=True)}


@lru_cache(maxsize=2)
def _current_slugs(catalogue: Catalogue) -> Mapping[str, str]:
    return {name: name.rpartition("/")[2] for name in _current_ids(catalogue)}


def prepare(catalogue: Catalogue) -> None:
    """Builds what is remembered of a list, so that no post waits for it."""
    index_of(catalogue)
    _current_slugs(catalogue)


def closest_models(
    typed: str, catalogue: Catalogue, *, limit: int = 3, floor: float = 70.0
) -> tuple[tuple[str, float], ...]:
    """Current ids that somebody may have meant, best first, with a likeness of 0 to 100."""
    from rapidfuzz import fuzz, process, utils

    wanted = base(typed)
    author, _, slug = wanted.rpartition("/")

    def blend(choice: str) -> float:
        return (
            0.25 * fuzz.ratio(wanted, choice)
            + 0.35 * fuzz.ratio(slug, choice.rpartition("/")[2])
            + 0.25 * fuzz.token_sort_ratio(wanted, choice, processor=utils.default_process)
            + 0.15 * fuzz.token_set_ratio(wanted, choice, processor=utils.default_process)
        )

    ids = _current_ids(catalogue)
    # The blend is dear: only what looks alike at all gets it.
    near = process.extract(
        wanted if author else slug, ids if author else _current_slugs(catalogue), scorer=fuzz.ratio, limit=40
    )
    names = {name for _, _, name in near}
    scored = sorted(((blend(name), ids[name]) for name in names), reverse=True)
    return tuple((model_id, round(score, 1)) for score, model_id in scored[:limit] if score >= floor)
