"""An evaluation for people at a terminal: figures first, then where they come from, then every wrong post."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.authoring.curve import CurvePoint, calibration_error
from bot.authoring.evaluation import Evaluation
from bot.authoring.evaluation_json import title_of
from bot.proportions import Proportion

#: Thresholds at which the curve is printed, in steps of a hundredth.
SHOWN = range(95, 0, -5)


def show(found: Evaluation, console: Console) -> None:
    for part in (_figures(found), _curve(found), _reliability(found), _articles(found), _confusion(found)):
        console.print(*part, sep="\n")
        console.print()
    for line in _wrong(found):
        console.print(line, soft_wrap=True)


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %"


def interval(proportion: Proportion) -> str:
    if proportion.low is None or proportion.high is None:
        return ""
    return f"{proportion.low * 100:.1f} to {proportion.high * 100:.1f}"


def _figures(found: Evaluation) -> tuple[Text, Table]:
    title, table = _table("figures", "figure", "share", "95 % interval", "of")
    rows = {
        "right": found.right,
        "right, the very label": found.exact,
        "right where an answer is needed": found.must_right,
        "answer precision": found.answer_precision,
        "coverage": found.coverage,
        "answers out of scope": found.answers_out_of_scope,
        "best action accepted": found.best_action,
        "near misses answered": found.near_misses_answered,
        "both problems named": found.both_named,
        "secrets told": found.secrets_told,
    }
    for name, proportion in rows.items():
        table.add_row(name, percent(proportion.share), interval(proportion), f"{proportion.hits}/{proportion.n}")
    table.add_row("macro F1", "–" if found.macro_f1 is None else f"{found.macro_f1:.4f}", "", "")
    for kind, score in found.entities.items():
        said = f"{score.hits} found, {score.missed} missed, {score.invented} invented"
        table.add_row(f"{kind.replace('_', ' ')}, F1", f"{score.f1:.4f}", "", said)
    return title, table


def _curve(found: Evaluation) -> tuple[Text, Table]:
    title, table = _table(
        "if every best article with this confidence were said", "confidence", "coverage", "precision", "95 % interval"
    )
    for point in _shown(found.curve):
        table.add_row(
            f"{point.threshold:.2f}",
            percent(point.coverage.share),
            percent(point.precision.share),
            interval(point.precision),
        )
    return title, table


def _shown(points: tuple[CurvePoint, ...]) -> Iterator[CurvePoint]:
    """The last point that each printed threshold lets through, each once."""
    shown: list[CurvePoint] = []
    for hundredths in SHOWN:
        let_through = [p for p in points if p.threshold >= hundredths / 100]
        if let_through and let_through[-1] not in shown:
            shown.append(let_through[-1])
    yield from shown


def _reliability(found: Evaluation) -> tuple[Text, Table]:
    error = percent(calibration_error(found.reliability))
    title, table = _table(f"what confidence is worth: {error} off on average", "confidence", "mean", "right", "posts")
    for b in found.reliability:
        table.add_row(
            f"{b.low:.1f} to {b.high:.1f}", f"{b.confidence:.2f}", percent(b.right.share), f"{b.right.hits}/{b.right.n}"
        )
    return title, table


def _articles(found: Evaluation) -> tuple[Text, Table]:
    title, table = _table("articles", "article", "posts", "right", "taken for it", "F1", "answers", "answer precision")
    for score in found.articles:
        table.add_row(
            score.label,
            str(score.posts),
            str(score.right),
            str(score.predicted),
            f"{score.f1:.2f}" if score.posts else "–",
            str(score.answered.n),
            percent(score.answered.share),
        )
    return title, table


def _confusion(found: Evaluation) -> tuple[Text, Table]:
    title, table = _table("what was taken for something else", "label", "taken for", "posts")
    mistaken = [(posts, pair) for pair, posts in found.confusion.items() if pair[0] != pair[1]]
    for posts, (label, taken_for) in sorted(mistaken, key=lambda item: (-item[0], item[1])):
        table.add_row(label, taken_for, str(posts))
    return title, table


def _wrong(found: Evaluation) -> Iterator[Text]:
    yield Text(f"wrong: {len(found.wrong)} of {len(found.judged)}", style="bold")
    for one in found.wrong:
        actions = "+".join(action.value for action in one.decision.actions)
        yield Text(f"{one.post.id}  {one.post.label} → {one.verdict}  {actions}  {title_of(one)}")


def _table(title: str, *columns: str) -> tuple[Text, Table]:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    return Text(title, style="bold"), table
