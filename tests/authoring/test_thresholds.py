"""Fitting of thresholds, on answers whose best thresholds are known."""

import pytest

from bot.authoring.thresholds import NEVER, OPEN, Answer, Thresholds, fit, says
from bot.knowledge.articles import EvidenceKind
from bot.proportions import Proportion
from bot.triage.view import Policy
from tests.authoring.judging import ANSWER, judged

EXACT, TEXT = EvidenceKind.EXACT, EvidenceKind.TEXT
START = Thresholds(exact_floor=0.44, text_floor=0.7, out_of_scope_ceiling=0.6)


def answers(
    n: int, confidence: float, *, right: bool, on: EvidenceKind = TEXT, scope: float = 0.1, of: str = ""
) -> list[Answer]:
    return [
        Answer(article_id=of or f"a{place}", kind=on, confidence=confidence, out_of_scope=scope, is_right=right)
        for place in range(n)
    ]


def test_the_floor_goes_where_the_wrong_ones_stay_silent() -> None:
    found = fit([*answers(60, 0.9, right=True), *answers(20, 0.5, right=False)], 0.9, START)
    assert found.reaches
    assert found.said == Proportion(60, 60)
    assert 0.5 < found.thresholds.text_floor <= 0.9


def test_as_much_is_said_as_the_precision_allows() -> None:
    some = [*answers(60, 0.9, right=True), *answers(30, 0.3, right=True), *answers(1, 0.25, right=False)]
    assert fit(some, 0.9, START).said.hits == 90


def test_each_kind_of_evidence_has_a_floor_of_its_own() -> None:
    some = [
        *answers(60, 0.6, right=True, on=EXACT),
        *answers(60, 0.9, right=True),
        *answers(30, 0.7, right=False),
        *answers(30, 0.3, right=False, on=EXACT),
    ]
    found = fit(some, 0.95, START).thresholds
    assert 0.3 < found.exact_floor <= 0.6
    assert 0.7 < found.text_floor <= 0.9


def test_posts_that_sound_like_talk_are_kept_out_by_the_ceiling() -> None:
    some = [*answers(80, 0.9, right=True, on=EXACT), *answers(20, 0.95, right=False, on=EXACT, scope=0.5)]
    found = fit(some, 0.95, START)
    assert found.said == Proportion(80, 80)
    assert 0.1 < found.thresholds.out_of_scope_ceiling <= 0.5


def test_among_equals_the_thresholds_stay_near_where_they_were() -> None:
    found = fit(answers(60, 0.9, right=True), 0.9, START).thresholds
    assert (found.exact_floor, found.text_floor, found.out_of_scope_ceiling) == (0.44, 0.7, 0.6)


def test_where_nothing_is_precise_enough_it_says_so_with_the_best_there_is() -> None:
    found = fit([*answers(10, 0.9, right=True), *answers(10, 0.5, right=False)], 0.97, START)
    assert not found.reaches
    assert found.said == Proportion(10, 10)


def test_without_answers_nothing_is_reached() -> None:
    found = fit([], 0.5, START)
    assert (found.reaches, found.said.n) == (False, 0)


def test_an_article_that_many_posts_tell_about_gets_a_floor_of_its_own() -> None:
    some = [
        *answers(80, 0.7, right=True),
        *answers(20, 0.95, right=True, of="vague"),
        *answers(15, 0.8, right=False, of="vague"),
    ]
    found = fit(some, 0.9, START)
    assert 0.8 < found.thresholds.floors["vague"] <= 0.95
    assert found.thresholds.text_floor <= 0.7
    assert found.said == Proportion(100, 100)


def test_an_article_that_is_never_right_in_words_does_not_speak_on_them() -> None:
    some = [*answers(80, 0.7, right=True), *answers(20, 0.9, right=False, of="guess")]
    found = fit(some, 0.9, START).thresholds
    assert found.floors == {"guess": NEVER}
    assert not says(answers(1, 0.99, right=True, of="guess")[0], found)
    assert says(answers(1, 0.99, right=True, of="guess", on=EXACT)[0], found)


def test_few_posts_are_no_reason_for_a_floor_of_ones_own() -> None:
    some = [*answers(80, 0.7, right=True), *answers(5, 0.5, right=False, of="rare")]
    assert fit(some, 0.9, START).thresholds.floors == {}


def test_thresholds_are_put_into_a_policy_and_read_back() -> None:
    policy = OPEN.applied(Policy(quiet_s=3.0))
    assert policy.quiet_s == 3.0
    assert Thresholds.of(policy) == OPEN


def test_an_answer_is_what_was_said_and_silence_is_none() -> None:
    one = judged("a", ("b", 0.6), ("a", 0.3), does=(ANSWER,), on=EXACT, out_of_scope=0.2)
    assert Answer.to(one) == Answer(article_id="b", kind=EXACT, confidence=0.6, out_of_scope=0.2, is_right=False)
    assert Answer.to(judged("a", ("a", 0.6))) is None


@pytest.mark.parametrize("precision", [0.5, 0.8, 0.9])
def test_the_same_answers_give_the_same_thresholds(precision: float) -> None:
    some = [*answers(40, 0.8, right=True), *answers(9, 0.6, right=False), *answers(30, 0.5, right=True, on=EXACT)]
    assert fit(some, precision, START) == fit(list(reversed(some)), precision, START)
