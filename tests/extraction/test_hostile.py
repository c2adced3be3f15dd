"""Posts that were made to be slow: of a megabyte a bounded piece is read, and the work grows no faster than the text.

How long it takes, and what a regular expression does inside itself, is measured by `benchmarks/hostile.py`.
"""

import sys
from collections.abc import Callable

import pytest

from benchmarks.hostile import MEGABYTE, TEXTS
from bot.extraction import CAP_BYTES, Catalogue, Vocabulary, read
from bot.extraction.normalise import without_invisible

#: Characters; twice as many lie far below the cap.
SOME = 8_000
#: Work that grows with the square grows fourfold when the text doubles.
MOST = 2.5


def calls(work: Callable[[], object]) -> int:
    """How many functions are called and left, in Python and in C: the same number on every machine, however busy."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def test_work_with_the_square_would_be_counted() -> None:
    def work(text: str) -> Callable[[], object]:
        return lambda: [text.count(sign) for _ in text for sign in text]

    assert calls(work("a" * 80)) > MOST * calls(work("a" * 40))


@pytest.mark.parametrize("name", TEXTS)
def test_of_a_hostile_megabyte_no_more_is_read_than_of_any_post(
    name: str, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    text = TEXTS[name](MEGABYTE)
    report = read("help", text, vocabulary, catalogue)
    assert report.was_cut is (len(without_invisible(text).encode()) > CAP_BYTES)
    assert len(report.text.encode()) <= CAP_BYTES


@pytest.mark.parametrize("name", TEXTS)
def test_twice_the_text_is_at_most_twice_the_work_and_a_little(
    name: str, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    half, whole = TEXTS[name](SOME), TEXTS[name](2 * SOME)
    read("help", half, vocabulary, catalogue)  # whatever is worked out once is at hand from now on
    once = calls(lambda: read("help", half, vocabulary, catalogue))
    assert calls(lambda: read("help", whole, vocabulary, catalogue)) <= MOST * once


def test_sixty_thousand_quotes_around_a_body_do_not_hide_it(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = '{"error":{"message":"Insufficient credits","code":402}}\n\n' + '"' * 60_000
    assert [error.message for error in read("", text, vocabulary, catalogue).errors] == ["Insufficient credits"]


def test_a_body_a_thousand_objects_deep_raises_nothing(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    depth = 1200
    text = '{"error":' * depth + '{"message":"Provider returned error","code":502}' + "}" * depth
    report = read("", text, vocabulary, catalogue)
    assert [code.value for code in report.status_codes] == [502]
    assert [error.message for error in report.errors] == ["Provider returned error"]
