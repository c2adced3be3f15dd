"""Pieces with places become lines, in the order in which people read them."""

from bot.screenshots.rows import Piece, lines


def piece(text: str, left: float, top: float, *, width: float | None = None, region: int = 0) -> Piece:
    right = left + (width if width is not None else 8 * len(text))
    return Piece(text=text, left=left, top=top, right=right, bottom=top + 16, region=region)


def test_lines_stand_from_top_to_bottom() -> None:
    assert lines([piece("second", 0, 20), piece("first", 0, 0)]) == ("first", "second")


def test_what_stands_side_by_side_is_one_line() -> None:
    row = [piece("429", 200, 1), piece("Chutes", 0, 0), piece("qwen/qwen3-coder", 60, -1)]
    assert lines(row) == ("Chutes  qwen/qwen3-coder  429",)


def test_two_runs_of_one_sentence_stay_a_sentence() -> None:
    assert lines([piece("most recent", 0, 0), piece("call last", 92, 0)]) == ("most recent call last",)


def test_a_slanted_line_does_not_swallow_its_neighbour() -> None:
    assert lines([piece("one", 0, 0), piece("two", 300, 12)]) == ("one", "two")


def test_windows_side_by_side_are_read_one_after_the_other() -> None:
    left = [piece("left 1", 0, 0), piece("left 2", 0, 20)]
    right = [piece("right 1", 500, 0, region=1), piece("right 2", 500, 20, region=1)]
    assert lines([*left, *right]) == ("left 1", "left 2", "right 1", "right 2")


def test_a_line_that_two_tiles_show_is_told_once_and_whole() -> None:
    cut = piece("Error 4", 0, 100, width=50)
    whole = piece("Error 429", 0, 101, width=70, region=1)
    assert lines([cut, whole]) == ("Error 429",)


def test_nothing_is_no_line() -> None:
    assert lines([]) == ()
