"""How well ids, numbers and messages were found, against those that people marked in the posts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.authoring.judged import Judged, entities
from bot.proportions import f1

KINDS = ("status_codes", "model_ids", "providers", "generation_ids", "error_messages")
#: Characters from which on a message that stands inside the other is the same one; and the likeness that will do.
INSIDE, ALIKE = 12, 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityScore:
    hits: int = 0
    invented: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.invented) if self.hits + self.invented else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        return f1(self.hits, self.hits + self.invented, self.hits + self.missed)


def entity_scores(judged: Sequence[Judged]) -> dict[str, EntityScore]:
    return {kind: _score(kind, judged) for kind in KINDS}


def _score(kind: str, judged: Sequence[Judged]) -> EntityScore:
    same = _same_message if kind == "error_messages" else _same
    hits = invented = missed = 0
    for one in judged:
        want, found = one.post.entities.of(kind), entities(one.decision).get(kind, ())
        used = _matched(want, found, same)
        unsure = one.post.entities_unsure.of(kind)
        left = [value for place, value in enumerate(found) if place not in used]
        hits += len(used)
        invented += sum(not any(same(value, other) for other in unsure) for value in left)
        missed += len(want) - len(used)
    return EntityScore(hits=hits, invented=invented, missed=missed)


def _matched(want: Sequence[str], found: Sequence[str], same: Callable[[str, str], bool]) -> set[int]:
    """Places in `found` that were wanted; each serves one wish."""
    used: set[int] = set()
    for wish in want:
        place = next((n for n, value in enumerate(found) if n not in used and same(wish, value)), None)
        if place is not None:
            used.add(place)
    return used


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _same_message(one: str, other: str) -> bool:
    one, other = _plain(one), _plain(other)
    if one == other or (min(len(one), len(other)) >= INSIDE and (one in other or other in one)):
        return True
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _plain(text: str) -> str:
    """Escapes and quotation marks don't count."""
    for character in "\\\"'":
        text = text.replace(character, "")
    return " ".join(text.lower().split())
