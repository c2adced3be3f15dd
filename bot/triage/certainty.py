"""How sure each kind of evidence is: what the text model says of the whole post and of its parts, made one number.

The numbers are logistic regressions over posts of templates/examples, single ones and two joined into one, that the
text model in use had not learnt. They say how much to believe; how much it takes to speak is the policy's matter.
"""

from math import exp, log

#: Beyond this no model that learnt from two thousand posts knows anything.
_LEAST = 1e-3


def of_exact(*, share: float, out_of_scope: float, is_structured: bool) -> float:
    """Of an article whose rule an error satisfies. Who quotes an error need not have it: the words around it tell."""
    return _chance(-2.62 + 0.32 * _odds(share) - 0.83 * _odds(out_of_scope) + 2.03 * is_structured)


def of_whole(*, whole: float, side: float, parts: int) -> float:
    """Of the likeliest article of a post that proves none."""
    return _chance(1.65 + 0.91 * _odds(whole) + 0.21 * _odds(side) - 0.74 * log(1 + parts))


def of_second(*, whole: float, part: float, side: float, parts: int, is_beside_exact: bool) -> float:
    """Of an article beside another one: a sentence alone sounds like much that it is not."""
    told = 0.46 * _odds(whole) + 0.31 * _odds(part) + 0.21 * _odds(side)
    return _chance(2.43 + told + 1.20 * is_beside_exact - 1.56 * log(1 + parts))


def _odds(share: float) -> float:
    share = min(max(share, _LEAST), 1 - _LEAST)
    return log(share / (1 - share))


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-odds))
