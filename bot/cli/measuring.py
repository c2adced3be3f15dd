"""`heron kb evaluate`, `calibrate` and `diff`: how good the articles are on posts that people labelled."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.common import At, expert, failure, print_json, read_settings, read_source

if TYPE_CHECKING:
    from bot.authoring.evaluation import Evaluation
    from bot.authoring.judged import Judged
    from bot.authoring.labelled import LabelledPost
    from bot.authoring.thresholds import Thresholds
    from bot.cli.common import Expert
    from bot.knowledge.calibration import Beliefs
    from bot.lines import PostLine
    from bot.replay import Played
    from bot.triage.view import Policy

T = TypeVar("T")

Labelled = Annotated[str, typer.Argument(metavar="FILE.jsonl", help="Labelled posts, one JSON object a line.")]
ManyLabelled = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE.jsonl…]", help="Files of labelled posts. None: the examples alone, see below."),
]
Precision = Annotated[float, typer.Option(help="Least share of right answers, as the lower bound of 95 %.")]
Posts = Annotated[str, typer.Argument(metavar="FILE.jsonl", help="Posts as `heron diagnose` reads them.")]
Folder = Annotated[Path, typer.Argument(help="A templates folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Also write figures and charts (PNG) there.")]


def evaluate(file: Labelled, as_json: Json = False, out: Out = None, at: At = None) -> None:
    """Measure on labelled posts: how often Heron is right, how often it speaks, and what it gets wrong."""
    from rich.console import Console

    from bot.authoring.evaluation import evaluate as measure
    from bot.authoring.evaluation_json import evaluation_json
    from bot.authoring.evaluation_text import show

    _refuse_a_file(out)
    ready = expert(at)
    found = measure(judge_all(labelled(file, ready), ready))
    if as_json:
        print_json(evaluation_json(found))
    else:
        show(found, Console(highlight=False, width=None if Console().is_terminal else 120))
    if out is not None:
        _write(found, out)


def calibrate(files: ManyLabelled = None, precision: Precision = 0.93, as_json: Json = False, at: At = None) -> None:
    """Fit the thresholds of speaking to labelled posts, and write calibration.json beside the articles.

    Without a file: fit how much each kind of evidence is believed, to the examples, each judged by a model without it.
    """
    from rich.console import Console

    from bot.authoring.calibrating import calibrate as fit
    from bot.authoring.calibrating import calibrated_json, show_calibrated

    if not 0 < precision < 1:
        raise failure(f"--precision {precision}: write a share between 0 and 1, such as 0.93")
    ready = expert(at)
    if not files:
        _believe(ready, as_json)
        return
    posts = [post for file in files for post in labelled(file, ready)]

    def judge(some: "Sequence[LabelledPost]", policy: "Policy") -> "list[Judged]":
        return judge_all(some, replace(ready, view=replace(ready.view, policy=policy)))

    found = fit(posts, judge, precision, ready.view.policy)
    if not found.fitted.reaches:
        best = f"the best lower bound on {len(posts)} posts is {found.fitted.said.low or 0.0:.3f}"
        raise failure(f"--precision {precision}: {best}; label more posts, or ask for less. Nothing was written")
    path = _keep(found.fitted.thresholds, _beliefs_of(ready), len(posts), ready)
    if as_json:
        print_json(calibrated_json(found))
    else:
        show_calibrated(found, Console(highlight=False, width=None if Console().is_terminal else 120))
        print(f"written to {path}")


def _believe(ready: "Expert", as_json: bool) -> None:
    from rich.console import Console

    from bot.authoring.believing import beliefs_json, fit_beliefs, kept, show_beliefs
    from bot.authoring.thresholds import Thresholds

    found = fit_beliefs(ready.view.knowledge.base, lambda posts: progress(posts, "judging"))
    number = sum(belief.cases for belief in found.values())
    path = _keep(Thresholds.of(ready.view.policy), kept(found), number, ready)
    if as_json:
        print_json(beliefs_json(found))
    else:
        show_beliefs(found, Console(highlight=False, width=None if Console().is_terminal else 120))
        print(f"written to {path}; weigh the thresholds again")


def _beliefs_of(ready: "Expert") -> "Beliefs | None":
    """As an earlier calibration left them."""
    calibration = ready.view.knowledge.base.calibration
    return calibration.beliefs if calibration is not None else None


def _keep(thresholds: "Thresholds", beliefs: "Beliefs | None", n: int, ready: "Expert") -> Path:
    from bot.authoring.calibrating import write

    base = ready.view.knowledge.base
    path = read_settings().templates_dir / "calibration.json"
    found = thresholds.calibration(n=n, on=ready.view.now.date(), knowledge_base=base.hash)
    try:
        write(found.model_copy(update={"beliefs": beliefs}), path)
    except OSError as error:
        raise failure(f"{path}: {error.strerror or error}; the folder must be writable") from None
    return path


def diff(old: Folder, new: Folder, file: Posts, as_json: Json = False, at: At = None) -> None:
    """Say whose answer changes between two templates folders."""
    from rich.console import Console

    from bot.authoring.changes import changes, changes_json, show_changes
    from bot.lines import BadLine, read_posts

    try:
        posts = read_posts(*read_source(file))
    except BadLine as error:
        raise failure(error) from None
    sides = [expert(at, templates) for templates in (old, new)]
    before, after = ([play(post, side) for post in progress(posts, "judging")] for side in sides)
    found = changes(posts, before, after)
    if as_json:
        print_json(changes_json(found, len(posts)))
    else:
        show_changes(found, len(posts), Console(highlight=False))


def labelled(source: str, ready: "Expert") -> "Sequence[LabelledPost]":
    from bot.authoring.labelled import read_labelled
    from bot.lines import BadLine

    try:
        return read_labelled(*read_source(source), ready.view.knowledge.base.articles)
    except BadLine as error:
        raise failure(error) from None


def judge_all(posts: "Sequence[LabelledPost]", ready: "Expert") -> "list[Judged]":
    from bot.authoring.judged import Judged

    return [Judged(post=post, played=play(post, ready)) for post in progress(posts, "judging")]


def play(post: "PostLine", ready: "Expert") -> "Played":
    from bot.replay import diagnose

    return diagnose(post, ready.view, ready.templates)


def progress(items: Sequence[T], what: str) -> Iterable[T]:
    """A bar on the standard error, and only where somebody watches it."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if not console.is_terminal:
        return items
    return track(items, description=what, console=console, transient=True)


def _refuse_a_file(out: Path | None) -> None:
    if out is not None and out.exists() and not out.is_dir():
        raise failure(f"--out {out}: is a file; name a folder")


def _write(found: "Evaluation", out: Path) -> None:
    from bot.authoring.charts import NoCharts, draw
    from bot.authoring.evaluation_json import evaluation_json

    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "evaluation.json").write_text(json.dumps(evaluation_json(found), ensure_ascii=False, indent=1), "utf-8")
        draw(found, out)
    except NoCharts as missing:
        typer.echo(missing, err=True)
    except OSError as error:
        raise failure(f"--out {out}: {error.strerror or error}; name a folder that can be written") from None
