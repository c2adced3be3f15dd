"""An evaluation as pictures. matplotlib is an extra; without it there are none."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.authoring.evaluation import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INSTALL = "charts need matplotlib: pip install 'heron[charts]'"


class NoCharts(Exception):
    """matplotlib is not installed; the text says what to do."""


def draw(found: Evaluation, folder: Path) -> tuple[Path, ...]:
    """PNG files in `folder`, which exists."""
    return tuple(
        _save(folder / f"{name}.png", size, drawing, found)
        for name, size, drawing in (
            ("reliability", (6.0, 6.0), _reliability),
            ("precision-coverage", (7.0, 5.0), _curve),
            ("confusion", (11.0, 11.0), _confusion),
        )
    )


def _save(
    path: Path, size: tuple[float, float], drawing: Callable[[Evaluation, "Axes"], None], found: Evaluation
) -> Path:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise NoCharts(INSTALL) from None
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    FigureCanvasAgg(figure)  # draws into memory: needs neither a screen nor a setting of this machine
    drawing(found, figure.add_subplot())
    figure.savefig(path, format="png", metadata={"Software": None})
    return path


def _reliability(found: Evaluation, axes: "Axes") -> None:
    bins = [b for b in found.reliability if b.right.share is not None]
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey", label="confidence that means what it says")
    for b in bins:
        axes.plot([b.confidence] * 2, [b.right.low or 0.0, b.right.high or 0.0], color="tab:blue", alpha=0.4)
        axes.annotate(str(b.right.n), (b.confidence, b.right.share or 0.0), xytext=(6, -10), textcoords="offset points")
    axes.plot([b.confidence for b in bins], [b.right.share or 0.0 for b in bins], marker="o", label="best article")
    axes.set(xlabel="confidence", ylabel="share that is right (95 % interval)", xlim=(0, 1), ylim=(0, 1.02))
    axes.legend(loc="upper left")


def _curve(found: Evaluation, axes: "Axes") -> None:
    points = [p for p in found.curve if p.coverage.share is not None]
    coverage = [p.coverage.share or 0.0 for p in points]
    axes.fill_between(
        coverage, [p.precision.low or 0.0 for p in points], [p.precision.high or 0.0 for p in points], alpha=0.15
    )
    axes.plot(coverage, [p.precision.share or 0.0 for p in points], label="by confidence of the best article")
    if (covered := found.coverage.share) is not None and (precision := found.answer_precision.share) is not None:
        axes.plot([covered], [precision], marker="o", linestyle="", color="tab:red", label="with today's thresholds")
    axes.set(xlabel="coverage of the posts that need an answer", ylabel="precision of what is said", xlim=(0, 1.02))
    axes.legend(loc="lower left")


def _confusion(found: Evaluation, axes: "Axes") -> None:
    labels = sorted({label for pair in found.confusion for label in pair})
    table = [[found.confusion.get((label, other), 0) for other in labels] for label in labels]
    most = max((posts for row in table for posts in row), default=0)
    axes.imshow(table, cmap="Blues", vmin=0, vmax=max(most, 1))
    axes.set_xticks(range(len(labels)), labels=labels, rotation=90)
    axes.set_yticks(range(len(labels)), labels=labels)
    axes.set(xlabel="taken for", ylabel="label")
    for row, counts in enumerate(table):
        for column, posts in enumerate(counts):
            if posts:
                colour = "white" if posts > most / 2 else "black"
                axes.text(column, row, str(posts), ha="center", va="center", color=colour)
