"""What a post costs to recognise, and how often that is right: Heron beside usual ways, on posts nobody learnt."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.baselines import Guesser, NotInstalled, Trainer, bm25, expressions, fitted, mini_lm, taught, tf_idf
from benchmarks.diagnose import spread
from bot.app import read_mind
from bot.authoring.judged import Judged
from bot.authoring.labelled import LabelledPost, read_labelled
from bot.helpdesk.clock import SystemClock
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.proportions import Proportion
from bot.recognition.diagnosis import OUT_OF_SCOPE
from bot.replay import diagnose
from bot.settings import Settings

FIXTURE = Path(__file__).parents[1] / "tests" / "fixtures" / "labelled.jsonl"
LEARNING: dict[str, Trainer] = {"bm25": bm25, "tf_idf_linear": tf_idf, "mini_lm_linear": mini_lm}

#: What was made of a post: the label, and whether it would have been answered.
Outcome = tuple[str | None, bool]


def measure(settings: Settings) -> dict[str, object]:
    mind = read_mind(settings, clock=SystemClock(), salt=b"")
    base = mind.view.knowledge.base
    posts = read_labelled(FIXTURE.read_text("utf-8"), FIXTURE.name, base.articles)

    def heron(post: LabelledPost) -> Outcome:
        judged = Judged(post=post, played=diagnose(post, mind.view, mind.templates))
        return (judged.articles[0] if judged.articles else None), judged.answers

    found: dict[str, object] = {"posts": len(posts), "heron": _figures(posts, heron)}
    found["regular_expressions"] = _figures(posts, partial(_by, expressions(base), 0.0))
    return found | {name: _learnt(posts, train, base) for name, train in LEARNING.items()}


def _learnt(posts: Sequence[LabelledPost], train: Trainer, base: KnowledgeBase) -> dict[str, object]:
    try:
        guess, least = fitted(train, taught(base))
    except NotInstalled as missing:
        return {"skipped": str(missing)}
    return _figures(posts, partial(_by, guess, least))


def _by(guess: Guesser, least: float, post: LabelledPost) -> Outcome:
    label, score = guess(f"{post.title}\n\n{post.text}")
    is_article = label not in (None, OUT_OF_SCOPE)
    return (label if is_article else None), is_article and score >= least


def _figures(posts: Sequence[LabelledPost], recognise: Callable[[LabelledPost], Outcome]) -> dict[str, object]:
    recognise(posts[0])  # whatever is done once
    outcomes, times = [], []
    for post in posts:
        start = time.perf_counter_ns()
        outcomes.append(recognise(post))
        times.append((time.perf_counter_ns() - start) // 1000)
    return {"a_post_us": spread(times), **quality(posts, outcomes)}


def quality(posts: Sequence[LabelledPost], outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """`right` is the best label, or silence where that is accepted; a question counts as no answer, for everybody."""
    pairs = list(zip(posts, outcomes, strict=True))
    answered = [label in post.gold for post, (label, answers) in pairs if answers]
    quiet = [answers and label not in post.gold for post, (label, answers) in pairs if post.accepts_silence]
    shares = {
        "right": Proportion.of(label in p.gold or (p.accepts_silence and not answers) for p, (label, answers) in pairs),
        "answer_precision": Proportion.of(answered),
        "coverage": Proportion.of(answers for post, (_, answers) in pairs if not post.accepts_silence),
        "answers_out_of_scope": Proportion.of(quiet),
    }
    return {name: None if share.share is None else round(share.share, 3) for name, share in shares.items()}
