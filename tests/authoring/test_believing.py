"""How much to believe, fitted to examples: what was kept out of the fit decides whether it is taken."""

import json
import random

import pytest

from bot.authoring.believing import ENOUGH, FOLDS, Case, _fit, beliefs_json, fit_beliefs, kept
from bot.recognition.certainty import SHIPPED, Basis
from tests.tiny_knowledge import tiny

CAUTIOUS, SURE = (0.0, -4.0, 0.0, 0.0), (0.0, 4.0, 0.0, 0.0)


def cases(number: int, *, tells: bool) -> list[Case]:
    """Whether the first sign tells the truth, or has nothing to do with it."""
    dice = random.Random(7)
    found = []
    for place in range(number):
        sign = dice.choice((-1.0, 1.0))
        is_right = sign > 0 if tells else dice.random() < 0.5
        found.append(Case((1.0, sign, dice.random(), 0.0), is_right, 1.0, place % FOLDS))
    return found


def test_weights_follow_the_signs_that_tell() -> None:
    belief = _fit(cases(2 * ENOUGH, tells=True), CAUTIOUS)
    assert belief.weights[1] > 1
    assert belief.loss < 0.1 < belief.loss_before


def test_weights_that_are_no_better_on_unseen_cases_are_not_taken() -> None:
    truth = _fit(cases(2 * ENOUGH, tells=False), (0.0, 0.0, 0.0, 0.0))
    assert truth.weights == (0.0, 0.0, 0.0, 0.0)
    assert truth.loss == truth.loss_before


def test_few_cases_change_nothing() -> None:
    assert _fit(cases(ENOUGH - 1, tells=True), CAUTIOUS).weights == CAUTIOUS
    assert _fit([], SURE).loss == 0.0


def test_a_handful_of_examples_leaves_the_weights_of_today() -> None:
    found = fit_beliefs(tiny().base)
    assert {basis: belief.weights for basis, belief in found.items()} == SHIPPED
    assert json.loads(json.dumps(beliefs_json(found)))["exact"]["weights"] == list(SHIPPED[Basis.EXACT])
    assert kept(found).second == pytest.approx(SHIPPED[Basis.SECOND])
