"""The picture of a report: how soon an answer is asked for, and how often it is right, beside what else there is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

SUBJECTS = {"floor": "discord.py alone", "sqlite": "Heron on SQLite", "postgresql": "Heron on PostgreSQL"}
WAYS = {
    "heron": "Heron",
    "regular_expressions": "regular expressions",
    "bm25": "BM25",
    "tf_idf_linear": "TF-IDF, linear",
    "mini_lm_linear": "MiniLM, linear",
}
QUALITY = {
    "right": "right",
    "answer_precision": "precision",
    "coverage": "coverage",
    "answers_out_of_scope": "out of scope",
}
_WIDTH = 0.8


def draw(report: Mapping[str, Any], file: Path) -> None:
    """What was not measured stays empty."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    times, quality = figure.subplots(1, 2)
    _bars(
        times, _times(report.get("end_to_end", {})), "ms, 95th percentile", "From a post to the request that answers it"
    )
    _bars(quality, _quality(report.get("recognition", {})), "share of posts", "Recognition on posts that nobody learnt")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120)


def _times(found: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        label: {name.replace("_a_second", " a second"): row["p95_ms"] for name, row in found[key].items()}
        for key, label in SUBJECTS.items()
        if key in found and "skipped" not in found[key]
    }


def _quality(found: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        label: {name: found[key][figure] or 0.0 for figure, name in QUALITY.items()}
        for key, label in WAYS.items()
        if key in found and "skipped" not in found[key]
    }


def _bars(axes: Axes, rows: Mapping[str, Mapping[str, float]], unit: str, title: str) -> None:
    names: Sequence[str] = list(next(iter(rows.values()), {}))
    width = _WIDTH / max(1, len(rows))
    for number, (label, values) in enumerate(rows.items()):
        places = [place + (number - (len(rows) - 1) / 2) * width for place in range(len(names))]
        axes.bar(places, [values[name] for name in names], width, label=label)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel(unit)
    axes.set_title(title, fontsize=11)
    if rows:
        axes.legend(fontsize=8)
