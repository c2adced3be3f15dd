"""Calibration: thresholds for labelled posts, and an honest figure of what they will do on posts not yet seen."""

import json
import os
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.authoring.evaluation import Evaluation, evaluate
from bot.authoring.evaluation_json import evaluation_json
from bot.authoring.evaluation_text import interval, percent
from bot.authoring.judged import Judged
from bot.authoring.labelled import LabelledPost
from bot.authoring.thresholds import NEVER, OPEN, Answer, Fit, Thresholds, fit
from bot.knowledge.calibration import Calibration
from bot.triage.view import Policy

#: Judges posts under a policy.
Judge = Callable[[Sequence[LabelledPost], Policy], Sequence[Judged]]

#: Parts for cross-validation, and what shuffles the posts into them.
FOLDS, SEED = 5, 20_261_124


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    fitted: Fit
    before: Evaluation  # with the thresholds of today
    after: Evaluation  # with the fitted ones, on the posts that they were fitted to: flattering
    held_out: Evaluation  # each post under thresholds that were fitted without it
    folds: tuple[Thresholds, ...]


def calibrate(posts: Sequence[LabelledPost], judge: Judge, precision: float, policy: Policy) -> Calibrated:
    """Starts at the thresholds that Heron comes with, so that what was fitted before leaves no trace."""
    start = Thresholds.of(Policy())
    answers = [Answer.to(one) for one in judge(posts, OPEN.applied(policy))]

    def fitted_on(places: Sequence[int]) -> Fit:
        return fit([a for place in places if (a := answers[place]) is not None], precision, start)

    everything = fitted_on(range(len(posts)))
    folds: list[Thresholds] = []
    held_out: list[Judged] = []
    for fold in _folds(len(posts)):
        thresholds = fitted_on([place for place in range(len(posts)) if place not in fold]).thresholds
        folds.append(thresholds)
        held_out += judge([posts[place] for place in sorted(fold)], thresholds.applied(policy))
    return Calibrated(
        fitted=everything,
        before=evaluate(judge(posts, policy)),
        after=evaluate(judge(posts, everything.thresholds.applied(policy))),
        held_out=evaluate(held_out),
        folds=tuple(folds),
    )


def _folds(n: int) -> list[frozenset[int]]:
    places = list(range(n))
    random.Random(SEED).shuffle(places)
    return [frozenset(places[number::FOLDS]) for number in range(min(FOLDS, n))]


def calibrated_json(found: Calibrated) -> dict[str, Any]:
    thresholds = found.fitted.thresholds
    return {
        "exact_floor": thresholds.exact_floor,
        "text_floor": thresholds.text_floor,
        "out_of_scope_ceiling": thresholds.out_of_scope_ceiling,
        "floors": dict(thresholds.floors),
        "posts": len(found.before.judged),
        **{name: _figures(getattr(found, name)) for name in ("before", "after", "held_out")},
    }


def show_calibrated(found: Calibrated, console: Console) -> None:
    thresholds = found.fitted.thresholds
    console.print(
        f"exact evidence from {thresholds.exact_floor:.2f}, the asker's words from {thresholds.text_floor:.2f}"
    )
    for name, floor in thresholds.floors.items():
        console.print(f"  {escape(name)}: {'never on words alone' if floor == NEVER else f'from {floor:.2f}'}")
    console.print(f"silent where nobody asks with {thresholds.out_of_scope_ceiling:.2f} or more")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(("", "precision", "95 % interval", "coverage", "right")):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    rows = {"before": found.before, "fitted, on the same posts": found.after, "posts not fitted on": found.held_out}
    for name, figures in rows.items():
        said = figures.answer_precision
        table.add_row(
            name, percent(said.share), interval(said), percent(figures.coverage.share), percent(figures.right.share)
        )
    console.print(table)


def _figures(found: Evaluation) -> dict[str, float | None]:
    figures = evaluation_json(found)
    wanted = ("answer_precision", "answer_precision_low", "coverage", "right", "answers_out_of_scope")
    return {name: figures[name] for name in wanted}


def write(calibration: Calibration, path: Path) -> None:
    """The whole file or nothing: a bot that reloads sees the old one or the new one."""
    text = json.dumps(calibration.model_dump(mode="json"), indent=2, sort_keys=True) + "\n"
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, "utf-8")
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise
