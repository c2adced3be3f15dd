"""Figures of an evaluation, against figures computed on paper."""

import pytest

from bot.authoring.curve import calibration_error, curve, reliability
from bot.authoring.evaluation import evaluate
from bot.authoring.evaluation_json import evaluation_json
from bot.proportions import Proportion
from tests.authoring.judging import ANSWER, ASK, ESCALATE, WARN, judged, leaked

#: Ten posts. Five with `a`, so that it counts in the mean of all labels; the others have too few.
POSTS = (
    judged("a", ("a", 0.9), does=(ANSWER,)),
    judged("a", ("a", 0.8), does=(ANSWER,)),
    judged("a", ("b", 0.7), ("a", 0.2), does=(ANSWER,)),  # wrong, and said
    judged("a", ("a", 0.4)),  # right, and not said
    judged("a", ("b", 0.3), does=(ASK,), needs_info=True),  # asking is right
    judged("b", ("c", 0.6), does=(ANSWER,), also=["c"]),  # another label that is right
    judged("c"),  # no idea
    judged("not-support", ("a", 0.1)),  # silence, as it should be
    judged("not-support", ("a", 0.5), does=(ANSWER,)),  # wrong: nobody asked
    judged("other", ("b", 0.5), does=(ANSWER,), also=["b"]),  # accepts an answer too
)


def test_right_counts_silence_questions_and_what_is_right_as_well() -> None:
    found = evaluate(POSTS)
    assert found.right == Proportion(7, 10)
    assert [one.post.label for one in found.wrong] == ["a", "c", "not-support"]


def test_the_very_label_is_counted_apart() -> None:
    assert evaluate(POSTS).exact == Proportion(4, 10)  # a, a, a, not-support


def test_posts_that_need_an_answer_are_those_for_which_silence_is_wrong() -> None:
    found = evaluate(POSTS)
    assert found.must_right == Proportion(5, 7)
    assert found.coverage == Proportion(4, 7)


def test_precision_is_about_what_was_said_by_itself() -> None:
    found = evaluate(POSTS)
    assert found.answer_precision == Proportion(4, 6)
    assert found.answers_out_of_scope == Proportion(1, 3)


def test_the_mean_of_all_labels_leaves_out_those_with_few_posts() -> None:
    # a: five posts, four right, four taken for it. Precision 1, recall 4/5.
    assert evaluate(POSTS).macro_f1 == pytest.approx(2 * 1 * 0.8 / 1.8)


def test_a_label_has_its_own_line() -> None:
    a, b, c, nothing = evaluate(POSTS).articles
    assert (a.label, a.posts, a.right, a.predicted, a.answered) == ("a", 5, 4, 4, Proportion(2, 3))
    assert (b.label, b.posts, b.right, b.predicted, b.answered) == ("b", 1, 1, 2, Proportion(1, 2))
    assert (c.label, c.posts, c.right, c.predicted, c.answered) == ("c", 1, 0, 0, Proportion(1, 1))
    assert (nothing.label, nothing.posts, nothing.predicted) == ("not-support", 0, 1)  # no idea about the post with c


def test_what_was_taken_for_what_is_counted() -> None:
    assert evaluate(POSTS).confusion == {
        ("a", "a"): 4,
        ("a", "b"): 1,
        ("b", "b"): 1,
        ("c", "not-support"): 1,
        ("not-support", "not-support"): 1,
        ("not-support", "a"): 1,
        ("other", "other"): 1,
    }


def test_wilsons_bounds_are_those_of_the_book() -> None:
    assert Proportion(9, 10).low == pytest.approx(0.5958, abs=1e-4)
    assert Proportion(9, 10).high == pytest.approx(0.9821, abs=1e-4)
    assert (Proportion(0, 0).share, Proportion(0, 0).low, Proportion(0, 0).high) == (None, None, None)
    assert Proportion(0, 20).low == 0.0


def test_the_curve_has_a_point_for_each_confidence_the_highest_first() -> None:
    points = curve(POSTS)
    assert [p.threshold for p in points] == [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.1]
    assert [p.precision for p in points[:5]] == [
        Proportion(1, 1),
        Proportion(2, 2),
        Proportion(2, 3),
        Proportion(3, 4),
        Proportion(4, 6),  # two posts have the same confidence: one point
    ]
    assert [p.coverage.hits for p in points] == [1, 2, 3, 4, 4, 5, 6, 6]
    assert {p.coverage.n for p in points} == {7}


def test_confidence_is_compared_with_the_truth_in_slices() -> None:
    slices = reliability((judged("a", ("a", 0.95)), judged("a", ("b", 0.91)), judged("a", ("a", 1.0)), judged("a")))
    (only,) = slices
    assert (only.low, only.high, only.right) == (0.9, 1.0, Proportion(2, 3))
    assert only.confidence == pytest.approx((0.95 + 0.91 + 1.0) / 3)
    assert calibration_error(slices) == pytest.approx(abs(2.86 - 2) / 3)


def test_actions_problems_and_secrets_are_judged_where_a_post_says_what_is_right() -> None:
    found = evaluate(
        (
            judged("a", does=(ANSWER, ESCALATE), action_ok=["answer"]),
            judged("a", does=(ASK,), action_ok=["answer", "escalate"]),
            leaked(does=(WARN, ASK)),
            leaked(does=(ANSWER,)),
            judged("a", ("a", 0.9), ("b", 0.8), labels_all=["b", "a"]),
            judged("a", ("a", 0.9), ("c", 0.8), ("b", 0.7), labels_all=["a", "b"]),
            judged("a", message="it was FAKE-1", entities={"secrets": ["FAKE-1"]}),
            judged("a", message="gone", entities={"secrets": ["FAKE-2"]}),
        )
    )
    assert found.best_action == Proportion(2, 4)
    assert found.both_named == Proportion(1, 2)
    assert found.secrets_told == Proportion(1, 2)


def test_without_posts_of_a_kind_there_is_no_figure_instead_of_a_good_one() -> None:
    row = evaluation_json(evaluate((judged("not-support"),)))
    for name in ("must_right", "coverage", "answer_precision", "answer_precision_low", "macro_f1", "both_named"):
        assert row[name] is None
    assert row["right"] == 1.0
