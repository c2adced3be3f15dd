"""A failure that repeats itself is told once a minute, and how often it was left out."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.app.logs import OnceAMinute


class Watch:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def said(watch: Watch) -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(OnceAMinute(watch))
    logger = logging.getLogger("heron.test")
    logger.addHandler(handler)
    logger.propagate = False
    yield out
    logger.removeHandler(handler)


def fails(thread: int, error: Exception) -> None:
    try:
        raise error
    except Exception:
        logging.getLogger("heron.test").exception("unit of thread %s failed", thread)


def lines(said: io.StringIO) -> list[str]:
    return [line for line in said.getvalue().splitlines() if line.startswith("unit of")]


def test_the_same_failure_of_many_threads_is_one_line_and_the_next_says_how_many(
    said: io.StringIO, watch: Watch
) -> None:
    for thread in range(1_000):
        fails(thread, OSError("the database is away"))
    assert lines(said) == ["unit of thread 0 failed"]
    watch.now += 61
    fails(1_000, OSError("the database is away"))
    assert lines(said)[1:] == ["unit of thread 1000 failed (and 999 times since this was last told)"]


def test_another_kind_of_failure_is_told_at_once(said: io.StringIO) -> None:
    fails(1, OSError("away"))
    fails(1, ValueError("odd"))
    assert len(lines(said)) == 2


def test_warnings_about_different_things_are_all_told(said: io.StringIO) -> None:
    for thread in (1, 2, 2):
        logging.getLogger("heron.test").warning("unit of %s is given up", thread)
    assert lines(said) == ["unit of 1 is given up", "unit of 2 is given up"]


def test_what_is_no_trouble_is_always_told(said: io.StringIO) -> None:
    logger = logging.getLogger("heron.test")
    logger.setLevel(logging.INFO)
    for _ in range(3):
        logger.info("unit of work")
    assert lines(said) == ["unit of work"] * 3


def test_what_was_said_is_not_remembered_without_bound() -> None:
    once = OnceAMinute(Watch())
    for number in range(1_000):
        record = logging.LogRecord("heron.test", logging.WARNING, "", 0, f"trouble {number}", (), None)
        assert once.filter(record)
    assert len(once._last) <= 256
