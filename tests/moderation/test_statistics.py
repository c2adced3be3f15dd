"""Figures: each post is counted once, times are times that somebody waited, and what nobody judged is not guessed."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.moderation.ports import CaseRecord, Track
from bot.moderation.statistics import Figures, Waits, chart_words, figures_message, figures_of, in_words
from tests.shipped_knowledge import shipped
from tests.storage.samples import NOW


def record(**changes: object) -> CaseRecord:
    return CaseRecord(opened_at=NOW, **changes)  # type: ignore[arg-type]


def after(minutes: float, **changes: object) -> CaseRecord:
    """Answered so much later."""
    return record(answered_at=NOW + timedelta(minutes=minutes), was_told=True, **changes)


def figures(records: Iterable[CaseRecord] = (), judged: Track | None = None) -> Figures:
    return figures_of(list(records), judged or Track())


def said(records: Iterable[CaseRecord] = (), judged: Track | None = None) -> str:
    return figures_message(figures(records, judged), shipped().templates, has_picture=True).content


def test_every_post_is_one_of_four() -> None:
    found = figures(
        [
            after(1, was_asked=True),  # asked first, answered then
            record(was_told=True, was_asked=True),
            record(was_told=True, people_asked_at=NOW),
            record(people_asked_at=NOW),  # a card alone
            record(was_told=True),  # a warning alone
            record(),
            record(),
        ]
    )
    assert (found.posts, found.answered, found.asked, found.passed_on, found.left_alone) == (7, 1, 1, 3, 2)


def test_who_asked_for_people_and_still_waits_for_the_first_of_them_is_unheard() -> None:
    found = figures(
        [
            record(people_asked_at=NOW, waits=True),
            record(people_asked_at=NOW, waits=True, people_came_at=NOW + timedelta(hours=1)),
            record(people_asked_at=NOW),  # settled without anybody
            record(),
        ]
    )
    assert found.unheard == 1
    assert found.people == Waits(median=timedelta(hours=1), most=timedelta(hours=1))


def test_median_and_most_are_times_that_somebody_waited() -> None:
    found = figures(after(minutes) for minutes in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100))
    assert found.first_answer == Waits(median=timedelta(minutes=5), most=timedelta(minutes=9))
    assert figures().first_answer is None


def test_a_clock_that_is_ahead_makes_no_negative_wait() -> None:
    assert figures([after(-1)]).first_answer == Waits(median=timedelta(), most=timedelta())


def test_articles_are_counted_once_a_post_and_the_most_told_are_named() -> None:
    several = [after(1, articles=("a", "a", "b")), after(1, articles=("b",)), after(1, articles=("c", "d", "e", "f"))]
    assert figures(several).articles == [("b", 2), ("a", 1), ("c", 1), ("d", 1), ("e", 1)]


def test_what_is_said_names_the_share_its_bounds_and_its_bias() -> None:
    content = said([after(0.05, articles=("refund",), is_solved=True)], Track(right=9, wrong=1))
    assert "Right: 90 % of the 10 answers that somebody judged (likely between 60 % and 98 %)" in content
    assert "Most people judge nothing, so the share of right answers may be higher or lower." in content
    assert "First answer: median 3 s · p90 3 s" in content
    assert "nobody asked for people in vain" in content
    assert "People came" not in content


def test_without_a_judgement_no_share_is_claimed() -> None:
    assert "Right:" not in said([record()])


def test_who_waits_in_vain_is_marked() -> None:
    assert "🔴 **1 asked for people, and nobody came**" in said([record(people_asked_at=NOW, waits=True)])


def test_without_a_picture_one_sentence_says_what_is_missing() -> None:
    content = figures_message(figures(), shipped().templates, has_picture=False).content
    assert content.splitlines()[-1] == "-# With the `charts` extra installed there would be a picture here."


def test_the_words_of_the_picture_name_every_number_that_needs_one() -> None:
    words = chart_words(figures([after(2)], Track(right=3, wrong=1)), shipped().templates)
    assert words["title"] == "The last week: 1 posts"
    assert words["right"].startswith("right, of 4")
    assert (words["first_answer_took"], words["people_took"]) == ("median 2 min · p90 2 min", "–")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (3.4, "3 s"), (119, "119 s"), (120, "2 min"), (7_100, "118 min"), (7_200, "2 h"), (172_800, "2 d")],
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
