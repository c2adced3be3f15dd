"""How good Heron is on labelled posts, as figures. How they are drawn and printed is not known here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.authoring.curve import Bin, CurvePoint, curve, reliability
from bot.authoring.entity_scores import EntityScore, entity_scores
from bot.authoring.judged import Judged
from bot.authoring.labelled import SILENT
from bot.proportions import Proportion, f1

#: A label with fewer posts than this says too little to count in the mean of all labels.
FEWEST_FOR_F1 = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleScore:
    """One label, over the posts that need an answer."""

    label: str
    posts: int
    right: int
    predicted: int  # posts that got this label, rightly or not
    answered: Proportion  # what Heron said by itself with this article, and how much of it was right

    @property
    def f1(self) -> float:
        return f1(self.right, self.predicted, self.posts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    judged: tuple[Judged, ...]
    right: Proportion
    exact: Proportion  # the label itself, not one of `also`
    must_right: Proportion  # of the posts that need an answer
    coverage: Proportion  # of them, answered
    macro_f1: float | None
    answer_precision: Proportion
    answers_out_of_scope: Proportion
    best_action: Proportion  # of the posts that say which actions are acceptable
    near_misses_answered: Proportion
    both_named: Proportion  # of the posts with several problems
    secrets_told: Proportion  # of the posts that hold one
    entities: Mapping[str, EntityScore]
    articles: tuple[ArticleScore, ...]
    confusion: Mapping[tuple[str, str], int]  # (label, what Heron took it for) -> posts
    curve: tuple[CurvePoint, ...]
    reliability: tuple[Bin, ...]

    @property
    def wrong(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.judged if not one.is_right)


def evaluate(judged: Sequence[Judged]) -> Evaluation:
    must = [one for one in judged if not one.post.accepts_silence]
    quiet = [one for one in judged if one.post.label in SILENT]
    answered = [one for one in judged if one.answers]
    articles = _articles(must, answered)
    counted = [score.f1 for score in articles if score.posts >= FEWEST_FOR_F1]
    return Evaluation(
        judged=tuple(judged),
        right=Proportion.of(one.is_right for one in judged),
        exact=Proportion.of(one.verdict == one.post.label for one in judged),
        must_right=Proportion.of(one.is_right for one in must),
        coverage=Proportion.of(one.answers for one in must),
        macro_f1=sum(counted) / len(counted) if counted else None,
        answer_precision=Proportion.of(one.is_best_right for one in answered),
        answers_out_of_scope=Proportion.of(one.answers and not one.is_best_right for one in quiet),
        best_action=Proportion.of(one.is_action_accepted for one in judged if one.post.action_ok),
        near_misses_answered=Proportion.of(one.answers for one in judged if one.post.kind == "near-miss"),
        both_named=Proportion.of(one.names_all for one in judged if len(one.post.problems) > 1),
        secrets_told=Proportion.of(one.tells_a_secret for one in judged if one.post.entities.secrets),
        entities=entity_scores(judged),
        articles=articles,
        confusion=Counter((one.post.label, _taken_for(one)) for one in judged),
        curve=curve(judged),
        reliability=reliability(judged),
    )


def _taken_for(one: Judged) -> str:
    """The label that a post counts under: its own when an accepted other one, or a question, was right."""
    return one.post.label if one.is_right else one.verdict


def _articles(must: Sequence[Judged], answered: Sequence[Judged]) -> tuple[ArticleScore, ...]:
    posts = Counter(one.post.label for one in must)
    right = Counter(one.post.label for one in must if one.is_right)
    predicted = Counter(_taken_for(one) for one in must)
    said: dict[str, list[bool]] = {}
    for one in answered:
        said.setdefault(one.verdict, []).append(one.is_best_right)
    return tuple(
        ArticleScore(
            label=label,
            posts=posts[label],
            right=right[label],
            predicted=predicted[label],
            answered=Proportion.of(said.get(label, ())),
        )
        for label in sorted({*posts, *predicted, *said})
    )
