"""The known id that is nearest to a mistyped one, among ten thousand: with its indexes at hand, and without."""

import random
import statistics
from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.diagnose import spread, took_us
from bot.extraction import Catalogue, closest_models
from bot.settings import Settings

IDS, TYPED, REFRESHES = 10_000, 300, 7
AUTHORS = [
    f"{first}{last}" for first in ("north", "open", "deep", "blue", "meta") for last in ("lab", "ai", "mind", "works")
]
NAMES = ("falcon", "sonnet", "coder", "maple", "orca", "quill", "river", "stone")
KINDS = ("instruct", "chat", "mini", "preview", "thinking", "vision", "flash", "large")


def measure(_: Settings) -> dict[str, object]:
    dice = random.Random(10)
    ids = some_ids(dice)
    known = Catalogue(current=frozenset(ids), past=frozenset())
    typed = [mistyped(dice.choice(ids), dice) for _ in range(TYPED)]
    closest_models(typed[0], known)
    return {
        "ids": len(known.current),
        "us": spread(took_us(partial(closest_models, one, known)) for one in typed),
        "without_indexes_us": round(statistics.median(without_indexes_us(ids, typed))),
    }


def some_ids(dice: random.Random) -> Sequence[str]:
    found: set[str] = set()
    while len(found) < IDS:
        size, version = dice.randint(1, 400), f"{dice.randint(1, 9)}.{dice.randint(0, 9)}"
        found.add(f"{dice.choice(AUTHORS)}/{dice.choice(NAMES)}-{version}-{size}b-{dice.choice(KINDS)}")
    return sorted(found)


def mistyped(model_id: str, dice: random.Random) -> str:
    """Without one of its letters; every other time without its author, too."""
    at = dice.randrange(model_id.index("/") + 1, len(model_id))
    shorter = model_id[:at] + model_id[at + 1 :]
    return shorter if dice.random() < 0.5 else shorter.partition("/")[2]


def without_indexes_us(ids: Sequence[str], typed: Sequence[str]) -> Iterator[int]:
    """The first question to a list that nobody prepared."""
    for number in range(REFRESHES):
        known = Catalogue(current=frozenset([*ids, f"new/one-{number}"]), past=frozenset())
        yield took_us(partial(closest_models, typed[number], known))
