"""The arithmetic behind the figures of burst and catching up."""

from benchmarks.crowd import SEND, TAG, Calls


def test_calls_between_two_moments_are_held_against_what_is_allowed() -> None:
    calls = Calls(made=[(second / 45, SEND if second % 3 else TAG) for second in range(90)], too_fast=1)
    figures = calls.figures(begin=0.0, end=2.0)
    assert (figures["calls"], figures["calls_a_second"], figures["of_what_is_allowed"]) == (90, 45.0, 1.0)
    assert (figures["tags_before_the_last_send"], figures["too_fast"]) == (30, 1)
    assert calls.figures(begin=0.0, end=1.0)["calls"] == 46  # both ends count


def test_the_last_send_ends_the_measurement() -> None:
    assert Calls(made=[(1.0, SEND), (2.0, SEND), (3.0, TAG)]).last(SEND) == 2.0
