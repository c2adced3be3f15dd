"""Fits the thresholds of speaking to labelled posts: as many right answers as a wished precision allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from bot.authoring.judged import Judged
from bot.knowledge.articles import EvidenceKind
from bot.knowledge.calibration import Calibration
from bot.proportions import Proportion
from bot.triage.view import Policy

#: Values that are tried. Finer ones would only fit the posts at hand.
FLOORS = tuple(n / 50 for n in range(1, 50))
CEILINGS = tuple(n / 20 for n in range(4, 20))
#: Posts in the asker's own words from which on an article may have a floor of its own, and answers that it must keep.
ENOUGH, KEEPS = 20, 5
#: A share of right answers more or less is chance, no reason to move a threshold.
NOISE = 0.01
#: A floor that no confidence reaches: the article does not speak on the asker's words.
NEVER = 1.0

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    exact_floor: float
    text_floor: float
    out_of_scope_ceiling: float
    floors: Mapping[str, float] = field(default_factory=dict)  # by article, for evidence in the asker's words

    @classmethod
    def of(cls, policy: Policy) -> "Thresholds":
        return cls(
            exact_floor=policy.exact_floor,
            text_floor=policy.text_floor,
            out_of_scope_ceiling=policy.out_of_scope_ceiling,
            floors=policy.floors,
        )

    def calibration(self, *, n: int, on: date, knowledge_base: str) -> Calibration:
        return Calibration(
            exact_floor=self.exact_floor,
            text_floor=self.text_floor,
            floors=self.floors,
            out_of_scope_ceiling=self.out_of_scope_ceiling,
            n=n,
            date=on,
            knowledge_base=knowledge_base,
        )

    def applied(self, policy: Policy) -> Policy:
        return replace(
            policy,
            exact_floor=self.exact_floor,
            text_floor=self.text_floor,
            out_of_scope_ceiling=self.out_of_scope_ceiling,
            floors=self.floors,
        )


#: Under these Heron says whatever it has an idea of, so that one judgement of a post serves all thresholds.
OPEN = Thresholds(exact_floor=0.0, text_floor=0.0, out_of_scope_ceiling=2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Heron would say to a post if confidence were no object."""

    article_id: str
    kind: EvidenceKind
    confidence: float
    out_of_scope: float
    is_right: bool

    @classmethod
    def to(cls, one: Judged) -> "Answer | None":
        if not one.answers:
            return None
        first = one.decision.diagnosis.ranked[0]
        return cls(
            article_id=first.article_id,
            kind=first.kind,
            confidence=first.confidence,
            out_of_scope=one.decision.diagnosis.out_of_scope,
            is_right=one.is_best_right,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    thresholds: Thresholds
    said: Proportion  # on the posts that were fitted
    reaches: bool  # whether the lower bound of `said` is as high as was wished


def fit(answers: Sequence[Answer], precision: float, start: Thresholds) -> Fit:
    """As many right answers as there can be while the lower bound of their precision is `precision`.

    Among thresholds that are as good, but for chance, those nearest to `start`.
    Where nothing reaches it: whatever has the highest lower bound.
    """
    everywhere = _everywhere(answers, precision, start)
    floors = _floors(answers, precision, everywhere.thresholds.out_of_scope_ceiling)
    if not floors:
        return everywhere
    others = [a for a in answers if a.article_id not in floors or a.kind is EvidenceKind.EXACT]
    rest = _everywhere(others, precision, start).thresholds
    apart = _fit(answers, replace(rest, floors=floors), precision)
    return max(everywhere, apart, key=lambda found: (found.reaches, found.said.hits, found is everywhere))


def says(answer: Answer, thresholds: Thresholds) -> bool:
    if answer.kind is EvidenceKind.EXACT:
        floor = thresholds.exact_floor
    else:
        floor = thresholds.floors.get(answer.article_id, thresholds.text_floor)
    return answer.confidence >= floor and answer.out_of_scope < thresholds.out_of_scope_ceiling


def _fit(answers: Sequence[Answer], thresholds: Thresholds, precision: float) -> Fit:
    said = Proportion.of(a.is_right for a in answers if says(a, thresholds))
    return Fit(thresholds=thresholds, said=said, reaches=(said.low or 0.0) >= precision)


def _everywhere(answers: Sequence[Answer], precision: float, start: Thresholds) -> Fit:
    exact = _Column.of([a for a in answers if a.kind is EvidenceKind.EXACT])
    text = _Column.of([a for a in answers if a.kind is EvidenceKind.TEXT])
    said = exact.said[:, :, None] + text.said[:, None, :]  # by ceiling, exact floor, text floor
    right = exact.right[:, :, None] + text.right[:, None, :]
    low = _lower_bound(right, said)
    allowed = low >= precision
    most = np.max(right, where=allowed, initial=0.0)
    is_good = allowed & (right >= most - NOISE * len(answers)) if allowed.any() else low == low.max()
    far = (
        np.abs(np.array(CEILINGS) - start.out_of_scope_ceiling)[:, None, None]
        + np.abs(np.array(FLOORS) - start.exact_floor)[None, :, None]
        + np.abs(np.array(FLOORS) - start.text_floor)[None, None, :]
    )
    ceiling, row, column = np.unravel_index(np.argmin(np.where(is_good, far, np.inf)), far.shape)
    thresholds = Thresholds(exact_floor=FLOORS[row], text_floor=FLOORS[column], out_of_scope_ceiling=CEILINGS[ceiling])
    return _fit(answers, thresholds, precision)


def _lower_bound(hits: Numbers, n: Numbers) -> Numbers:
    """Wilson's, for a table of counts at once."""
    z = 1.96
    some = np.maximum(n, 1.0)
    share = hits / some
    width = z * np.sqrt(share * (1 - share) / some + z * z / (4 * some * some))
    return np.where(n > 0, (share + z * z / (2 * some) - width) / (1 + z * z / some), 0.0)


@dataclass(frozen=True, slots=True)
class _Column:
    """Answers on one kind of evidence, counted by ceiling and floor."""

    said: Numbers
    right: Numbers  # of what is said

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "_Column":
        confidence = np.array([a.confidence for a in answers], dtype=np.float64)
        out_of_scope = np.array([a.out_of_scope for a in answers], dtype=np.float64)
        is_right = np.array([a.is_right for a in answers], dtype=np.bool_)
        passed = (out_of_scope[None, :] < np.array(CEILINGS)[:, None])[:, None, :] & (
            confidence[None, :] >= np.array(FLOORS)[:, None]
        )
        return cls(passed.sum(axis=2, dtype=np.float64), (passed & is_right).sum(axis=2, dtype=np.float64))


def _floors(answers: Sequence[Answer], precision: float, ceiling: float) -> dict[str, float]:
    """Floors of the articles about which enough posts tell: the lowest at which they are as precise as wished."""
    by_article: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.kind is EvidenceKind.TEXT and answer.out_of_scope < ceiling:
            by_article.setdefault(answer.article_id, []).append(answer)
    return {
        article_id: _floor(held, precision) for article_id, held in sorted(by_article.items()) if len(held) >= ENOUGH
    }


def _floor(answers: Sequence[Answer], precision: float) -> float:
    for floor in FLOORS:
        said = Proportion.of(a.is_right for a in answers if a.confidence >= floor)
        if said.n >= KEEPS and (said.share or 0.0) >= precision:
            return floor
    return NEVER
