"""How recognition is scored, and that every baseline learns and keeps still where it is not sure."""

import math

import pytest

from benchmarks.baselines import SEED, Taught, Trainer, bm25, expressions, fitted, least_score, tf_idf
from benchmarks.recognition import quality
from bot.authoring.labelled import LabelledPost
from bot.recognition.diagnosis import OUT_OF_SCOPE
from tests.tiny_knowledge import tiny


def test_the_least_score_is_the_lowest_above_which_enough_answers_are_right() -> None:
    sure = [(("a", 10.0 + n), "a") for n in range(19)]
    assert least_score([*sure, (("b", 9.0), "a"), (("b", 8.0), "a")]) == 9.0
    assert least_score([(("b", 9.0), "a")]) == math.inf
    assert least_score([((OUT_OF_SCOPE, 9.0), "a"), ((None, 9.0), "a")]) == math.inf


@pytest.mark.parametrize("train", [bm25, tf_idf])
def test_a_baseline_finds_what_it_was_taught(train: Trainer) -> None:
    rows = [Taught(f"the lamp is dim and flickers {n}", "dim") for n in range(20)]
    rows += [Taught(f"the wick burnt out at night {n}", "wick") for n in range(20)]
    guess, least = fitted(train, rows)
    for text, label in [("my lamp flickers", "dim"), ("a burnt wick", "wick")]:
        found, score = guess(text)
        assert found == label
        assert score > 0
    assert least < math.inf
    assert SEED == 1  # figures of two days can be compared


def test_regular_expressions_are_the_articles_own_sentences() -> None:
    guess = expressions(tiny().base)
    assert guess("503: Upstream is dim, wait 5 seconds")[0] is not None
    assert guess("I built a lamp shelf")[0] is None


def test_quality_counts_answers_and_silence() -> None:
    posts = [
        LabelledPost(id="1", text="x", label="a"),
        LabelledPost(id="2", text="x", label="a"),
        LabelledPost(id="3", text="x", label="not-support"),
        LabelledPost(id="4", text="x", label="not-support"),
    ]
    found = quality(posts, [("a", True), ("b", False), ("b", True), ("b", False)])
    assert found == {"right": 0.5, "answer_precision": 0.5, "coverage": 0.5, "answers_out_of_scope": 0.5}
