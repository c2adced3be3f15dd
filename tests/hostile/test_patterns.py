"""What `benchmarks/hostile_patterns.py` searches, and what it calls slow. Searching takes long: `make hostile`."""

import pytest

from benchmarks.hostile_patterns import BOUNDED, LEAST_S, LENGTH, UNITS, Cost, patterns, slow_runs


def cost(power: float) -> Cost:
    """Of a search that takes three times the least that is looked at for a whole run."""
    return lambda text: 3 * LEAST_S * (len(text) / LENGTH) ** power


@pytest.mark.parametrize(("power", "is_slow"), [(0.0, False), (1.0, False), (2.0, True), (3.0, True)])
def test_a_search_that_grows_with_the_square_is_told_of_and_a_linear_one_is_not(power: float, is_slow: bool) -> None:
    assert bool(slow_runs(cost(power), ["a"])) is is_slow


def test_a_machine_that_was_busy_once_makes_no_search_slow() -> None:
    spent = iter([9.0, 1.0, 2.0, 1.0])
    assert slow_runs(lambda _: next(spent), ["a"]) == {}


def test_every_run_is_looked_at_by_itself() -> None:
    linear, square = cost(1.0), cost(2.0)
    assert slow_runs(lambda text: square(text) if text.startswith("://") else linear(text)).keys() == {"://"}
    assert "://" in UNITS


def test_every_pattern_of_every_room_is_found_also_in_lists_and_tables() -> None:
    found = patterns()
    assert found.keys() >= BOUNDED.keys()
    assert {"extraction.read._WORD", "authoring.claims._PATTERNS[1]"} <= found.keys()
