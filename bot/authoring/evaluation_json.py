"""An evaluation as JSON. No text of a post but the titles of the wrong ones, masked as Heron kept them."""

from collections.abc import Sequence
from typing import Any

from bot.authoring.curve import Bin, CurvePoint, calibration_error
from bot.authoring.entity_scores import EntityScore
from bot.authoring.evaluation import ArticleScore, Evaluation
from bot.authoring.judged import Judged

#: Characters of a title that are shown.
TITLE = 70


def evaluation_json(found: Evaluation) -> dict[str, Any]:
    return {
        "posts": len(found.judged),
        "right": _rounded(found.right.share),
        "exact": _rounded(found.exact.share),
        "must_posts": found.must_right.n,
        "must_right": _rounded(found.must_right.share),
        "macro_f1": _rounded(found.macro_f1),
        "coverage": _rounded(found.coverage.share),
        "coverage_low": _rounded(found.coverage.low),
        "coverage_high": _rounded(found.coverage.high),
        "answers": found.answer_precision.n,
        "answer_precision": _rounded(found.answer_precision.share),
        "answer_precision_low": _rounded(found.answer_precision.low),
        "answer_precision_high": _rounded(found.answer_precision.high),
        "answers_out_of_scope": _rounded(found.answers_out_of_scope.share),
        "best_action_accepted": _rounded(found.best_action.share),
        "near_misses_answered": _rounded(found.near_misses_answered.share),
        "both_named": _rounded(found.both_named.share),
        "secrets_told": found.secrets_told.hits,
        "entities": {kind: _entity(score) for kind, score in found.entities.items()},
        "per_label": {score.label: f"{score.right}/{score.posts}" for score in found.articles if score.posts},
        "per_article": [_article(score) for score in found.articles],
        "confusion": _confusion(found),
        "calibration_error": _rounded(calibration_error(found.reliability)),
        "reliability": [_bin(b) for b in found.reliability],
        "curve": [_point(point) for point in found.curve],
        "wrong": wrong_rows(found.wrong),
    }


def wrong_rows(wrong: Sequence[Judged]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.post.id,
            "label": one.post.label,
            "taken_for": one.verdict,
            "confidence": _rounded(one.confidence),
            "actions": [action.value for action in one.decision.actions],
            "reason": one.decision.reason,
            "title": title_of(one),
        }
        for one in wrong
    ]


def title_of(one: Judged) -> str:
    """The title as Heron read it, without keys and personal ids."""
    report = one.decision.report
    title = report.text[: report.title_length] if report else ""
    return " ".join(title.split())[:TITLE]


def _confusion(found: Evaluation) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for (label, taken_for), posts in sorted(found.confusion.items()):
        table.setdefault(label, {})[taken_for] = posts
    return table


def _entity(score: EntityScore) -> dict[str, float]:
    return {"p": round(score.precision, 4), "r": round(score.recall, 4), "f1": round(score.f1, 4)}


def _article(score: ArticleScore) -> dict[str, Any]:
    return {
        "id": score.label,
        "posts": score.posts,
        "right": score.right,
        "predicted": score.predicted,
        "f1": round(score.f1, 4),
        "answers": score.answered.n,
        "answer_precision": _rounded(score.answered.share),
    }


def _bin(b: Bin) -> dict[str, Any]:
    return {
        "from": b.low,
        "to": b.high,
        "posts": b.right.n,
        "confidence": _rounded(b.confidence),
        "right": _rounded(b.right.share),
    }


def _point(point: CurvePoint) -> dict[str, Any]:
    return {
        "threshold": _rounded(point.threshold),
        "coverage": _rounded(point.coverage.share),
        "precision": _rounded(point.precision.share),
        "precision_low": _rounded(point.precision.low),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
