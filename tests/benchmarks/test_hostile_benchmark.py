"""The hostile texts of the benchmark are as long as asked, and growth is measured below the cap."""

import itertools

import pytest

from benchmarks.hostile import HALF, TEXTS, WHOLE, milliseconds
from bot.extraction import CAP_BYTES


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("size", [10, HALF, WHOLE, 1_000_000])
def test_a_hostile_text_has_the_length_that_was_asked_for(name: str, size: int) -> None:
    assert len(TEXTS[name](size)) == size


def test_the_longer_text_is_twice_the_shorter_one_and_below_the_cap() -> None:
    assert WHOLE == 2 * HALF
    assert WHOLE < CAP_BYTES


def test_the_fastest_run_counts() -> None:
    turns = itertools.count()

    def work() -> None:
        if next(turns) != 1:
            sum(range(200_000))

    slow = milliseconds(lambda: sum(range(200_000)))
    assert milliseconds(work) < slow
