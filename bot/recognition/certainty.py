"""How sure each kind of evidence is: what the text model says of the whole post and of its parts, made one number.

The weights are logistic regressions over posts of the examples, single ones and two joined into one, that the text
model in use had not learnt; `heron kb calibrate` fits them. They say how much to believe; how much it takes to speak is
the policy's matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, log

from bot.knowledge.calibration import Calibration, Weights

#: Beyond this no model that learnt from two thousand posts knows anything.
_LEAST = 1e-3

#: What is weighed, in the order of the weights; the first is always 1.
Signs = tuple[float, ...]


class Basis(StrEnum):
    """On what an article is believed in."""

    EXACT = "exact"  # a rule that an error satisfies
    WHOLE = "whole"  # the likeliest article of a post that proves none
    SECOND = "second"  # beside another one


#: Fitted to the shipped examples, and kept where a later fit measured no better on posts that were kept out of it.
SHIPPED: Mapping[Basis, Weights] = {
    Basis.EXACT: (-1.5, 0.17, -0.96, 0.85),
    Basis.WHOLE: (0.45, 1.0, 0.1, 0.0),
    Basis.SECOND: (0.8, 0.54, 0.2, 0.3, 0.36, -0.41, 1.3),
}


@dataclass(frozen=True, slots=True)
class Certainty:
    weights: Mapping[Basis, Weights] = field(default_factory=lambda: SHIPPED)

    @classmethod
    def fitted(cls, calibration: Calibration | None) -> "Certainty":
        if calibration is None or (beliefs := calibration.beliefs) is None:
            return cls()
        return cls({basis: getattr(beliefs, basis.value) for basis in Basis})

    def of(self, basis: Basis, signs: Signs) -> float:
        odds = sum(weight * sign for weight, sign in zip(self.weights[basis], signs, strict=True))
        return 1 / (1 + exp(-odds))


def exact(*, share: float, out_of_scope: float, is_structured: bool) -> Signs:
    """Who quotes an error need not have it: the words around it tell."""
    return 1.0, _odds(share), _odds(out_of_scope), float(is_structured)


def whole(*, whole: float, side: float, parts: int) -> Signs:
    return 1.0, _odds(whole), _odds(side), log(1 + parts)


def second(*, whole: float, part: float, side: float, parts: int, is_beside: bool, is_announced: bool) -> Signs:
    """A sentence alone sounds like much that it is not, unless its asker said that there is more than one thing."""
    told = _odds(whole), _odds(part), _odds(side)
    return 1.0, *told, float(is_beside), log(1 + parts), float(is_announced)


def _odds(share: float) -> float:
    share = min(max(share, _LEAST), 1 - _LEAST)
    return log(share / (1 - share))
