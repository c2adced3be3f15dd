"""Fits how much to believe: each example is judged by a text model that has not learnt it, alone and joined to another.

Nothing but the examples is looked at, so that labelled posts stay what they are: a measure.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.extraction import read
from bot.knowledge.calibration import Beliefs, Weights
from bot.knowledge.examples import Example
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.recognition.certainty import Basis, Certainty, Signs
from bot.recognition.chances import fit_logistic
from bot.recognition.classifier import Classifier
from bot.recognition.diagnosis import OTHER, OUT_OF_SCOPE, Hypothesis
from bot.recognition.learning import examples_of, learn
from bot.recognition.rules import RuleIndex

#: A post, its labels, and how much it counts.
Post = tuple[Example, frozenset[str], float]
#: Something that shows how far one has got with some posts.
Progress = Callable[[Sequence[Post]], Iterable[Post]]
#: Parts for cross-validation, and what shuffles the examples into them.
FOLDS, SEED = 3, 20_261_124
#: Joined posts for each single one, and how many there are of them in a forum; weights make up the difference.
JOINED, TRUE_SHARE = 0.4, 0.1
#: What stands before the first problem and before the second.
BRIDGES = (
    ("", "\n\n"),
    ("", "\n\nAlso, "),
    ("", "\n\nAnother thing: "),
    ("1. ", "\n2. "),
    ("", " And second: "),
    ("1) ", " 2) "),
    ("Two things. ", "\n\n"),
    ("a) ", "\nb) "),
)
#: Fewer cases than this say nothing; the weights stay as they are.
ENOUGH = 200


@dataclass(frozen=True, slots=True)
class Case:
    """One article that a model named for a post that it had not learnt."""

    signs: Signs
    is_right: bool
    importance: float
    fold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """Weights for one basis, and what they are worth on cases that they were not fitted to, as log loss."""

    weights: Weights
    cases: int
    loss_before: float  # with the weights of today
    loss: float


Cases = dict[Basis, list[Case]]


def fit_beliefs(base: KnowledgeBase, progress: Progress = iter) -> Mapping[Basis, Belief]:
    """For each basis the fitted weights, or those of today where the fitted ones are no better on unseen cases."""
    today = Certainty.fitted(base.calibration).weights
    return {basis: _fit(cases, today[basis]) for basis, cases in _cases(base, progress).items()}


def _cases(base: KnowledgeBase, progress: Progress) -> Cases:
    examples = list(examples_of(base))
    randomness = random.Random(SEED)
    randomness.shuffle(examples)
    articles = base.articles.values()
    rules, cases = RuleIndex(articles), {basis: list[Case]() for basis in Basis}
    for fold in range(FOLDS):
        held = examples[fold::FOLDS]
        rest = [one for number, one in enumerate(examples) if number % FOLDS != fold]
        classifier = Classifier(articles, rules, learn(base, rest), phrases=base.phrases)
        posts = [(one, _labels(one), 1.0) for one in held]
        posts += [(post, labels, TRUE_SHARE / JOINED) for post, labels in _joined(held, randomness)]
        for post, labels, importance in progress(posts):
            for found in _named(post, classifier, base):
                if found.basis is not None:
                    case = Case(found.signs, found.article_id in labels, importance, fold)
                    cases[found.basis].append(case)
    return cases


def _named(post: Example, classifier: Classifier, base: KnowledgeBase) -> Sequence[Hypothesis]:
    return classifier.classify(read(post.title, post.text, base.community.vocabulary(), base.catalogue)).ranked


def _joined(held: Sequence[Example], randomness: random.Random) -> Iterator[tuple[Example, frozenset[str]]]:
    """Posts with two problems, out of posts with one in the same language."""
    asking: dict[str, list[Example]] = {one.language: [] for one in held}
    for one in held:
        if one.label not in (OUT_OF_SCOPE, OTHER):
            asking[one.language].append(one)
    for _ in range(int(JOINED * len(held))):
        first = randomness.choice(held)
        others = [one for one in asking[first.language] if not _labels(one) & _labels(first)]
        if first.label in (OUT_OF_SCOPE, OTHER) or not others:
            continue
        second = randomness.choice(others)
        opening, bridge = randomness.choice(BRIDGES)
        text = f"{opening}{first.text}{bridge}{second.text}"
        joined = Example(label=first.label, language=first.language, title=first.title, text=text)
        yield joined, _labels(first) | _labels(second)


def _labels(example: Example) -> frozenset[str]:
    return frozenset((example.label, *example.also))


def _fit(cases: Sequence[Case], today: Weights) -> Belief:
    before = _loss(cases, today)
    if len(cases) < ENOUGH:
        return Belief(weights=today, cases=len(cases), loss_before=before, loss=before)
    unseen = 0.0
    for fold in range(FOLDS):
        held = [case for case in cases if case.fold == fold]
        fitted = _fitted([case for case in cases if case.fold != fold])
        unseen += _loss(held, fitted) * _weight(held) / _weight(cases)
    weights = _fitted(cases) if unseen < before else today
    return Belief(weights=weights, cases=len(cases), loss_before=before, loss=min(unseen, before))


def _fitted(cases: Sequence[Case]) -> Weights:
    signs = np.array([case.signs for case in cases])
    is_right = np.array([case.is_right for case in cases])
    importance = np.array([case.importance for case in cases])
    return tuple(round(float(weight), 3) for weight in fit_logistic(signs, is_right, importance))


def _loss(cases: Sequence[Case], weights: Weights) -> float:
    """Mean log loss."""
    if not cases:
        return 0.0
    odds = np.array([case.signs for case in cases]) @ np.array(weights)
    wrong_way = np.where([case.is_right for case in cases], -odds, odds)
    return float(np.average(np.logaddexp(0, wrong_way), weights=[case.importance for case in cases]))


def _weight(cases: Sequence[Case]) -> float:
    return sum(case.importance for case in cases)


def kept(found: Mapping[Basis, Belief]) -> Beliefs:
    return Beliefs(**{basis.value: belief.weights for basis, belief in found.items()})


def beliefs_json(found: Mapping[Basis, Belief]) -> dict[str, Any]:
    return {basis.value: asdict(belief) for basis, belief in found.items()}


def show_beliefs(found: Mapping[Basis, Belief], console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(("believed on", "cases", "log loss before", "on cases not fitted on", "weights")):
        table.add_column(column, justify="right" if 0 < number < 4 else "left", no_wrap=number < 4)
    for basis, one in found.items():
        weights = " ".join(f"{weight:.2f}" for weight in one.weights)
        table.add_row(basis.value, str(one.cases), f"{one.loss_before:.3f}", f"{one.loss:.3f}", weights)
    console.print(table)
