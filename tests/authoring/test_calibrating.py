"""Calibration as a whole: what is fitted, and the figure for posts that were kept out."""

from collections.abc import Sequence

from bot.authoring.calibrating import FOLDS, calibrate, calibrated_json
from bot.authoring.judged import Judged
from bot.authoring.labelled import LabelledPost
from bot.triage.view import Policy
from tests.authoring.judging import ANSWER, SILENT, judged


class Court:
    """Judges by a list: the confidence of the best article stands in each post's title. Remembers who was judged."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, frozenset[str | int]]] = []

    def __call__(self, posts: Sequence[LabelledPost], policy: Policy) -> list[Judged]:
        self.seen.append((policy.text_floor, frozenset(post.id for post in posts)))
        return [self._judge(post, policy) for post in posts]

    def _judge(self, post: LabelledPost, policy: Policy) -> Judged:
        confidence = float(post.title)
        does = (ANSWER,) if confidence >= policy.floors.get(post.text, policy.text_floor) else (SILENT,)
        return judged(post.label, (post.text, confidence), does=does, id=post.id, title=post.title, text=post.text)


def post(number: int, confidence: float, said: str) -> LabelledPost:
    return LabelledPost.model_validate({"id": number, "title": str(confidence), "text": said, "label": "a"})


RIGHT = [post(n, 0.8, "a") for n in range(80)]
WRONG = [post(100 + n, 0.5, f"b{n}") for n in range(20)]


def test_the_fitted_thresholds_are_measured_on_the_posts_themselves() -> None:
    found = calibrate([*RIGHT, *WRONG], Court(), 0.9, Policy(text_floor=0.3))
    assert found.fitted.reaches
    assert 0.5 < found.fitted.thresholds.text_floor <= 0.8
    assert found.before.answer_precision.share == 0.8  # the thresholds of today let the wrong ones through
    assert found.after.answer_precision.share == 1.0


def test_every_post_is_judged_once_by_thresholds_that_have_not_seen_it() -> None:
    court = Court()
    posts = [*RIGHT, *WRONG]
    found = calibrate(posts, court, 0.9, Policy())
    kept_out = [ids for _, ids in court.seen if len(ids) == len(posts) // FOLDS]
    assert len(kept_out) == FOLDS
    assert frozenset.union(*kept_out) == {p.id for p in posts}
    assert sum(map(len, kept_out)) == len(posts)
    assert len(found.held_out.judged) == len(posts)


def test_what_was_fitted_to_chance_shows_in_the_posts_that_were_kept_out() -> None:
    """Six wrong posts in a row of right ones: whether they cost anything hangs on which of them were seen."""
    some = [
        *(post(n, 0.6 + n / 1000, "a") for n in range(60)),
        *(post(100 + n, 0.6 + n / 100, f"b{n}") for n in range(6)),
    ]
    found = calibrate(some, Court(), 0.82, Policy())
    row = calibrated_json(found)
    assert row["after"]["answer_precision"] == 1.0
    assert row["held_out"]["answer_precision"] < 1.0


def test_a_handful_of_posts_is_cut_into_as_many_parts() -> None:
    found = calibrate(RIGHT[:3], Court(), 0.2, Policy())
    assert len(found.folds) == 3
