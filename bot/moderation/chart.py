"""The figures as a picture that can be read on a phone, on a dark page and on a light one. Needs the `charts` extra."""

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.moderation.statistics import Figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Of the picture, in pixels. A phone shows its width on about 390 points.
WIDTH, HEIGHT = 1080, 1420
_DPI = 100
#: A background of its own: Discord's is dark or light. Every other colour stands out from it by 4.5 to 1 and more.
BACKGROUND = "#17191d"
TEXT, FAINT = "#f4f5f7", "#b4bac4"
GREEN, BLUE, YELLOW, GREY, RED = "#4ade80", "#6cb6ff", "#f5c451", "#9aa3af", "#ff7b72"
COLOURS = (TEXT, FAINT, GREEN, BLUE, YELLOW, GREY, RED)
#: Sizes of letters in pixels; the smallest is 12 points on a phone.
_NUMBER, _HUGE, _LARGE, _PLAIN = 84, 54, 38, 34
_LEFT, _RIGHT = 60, WIDTH - 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn, with the words for it by name: `title`, `answered`, `solved` …"""

    figures: Figures
    words: Mapping[str, str]


class Charts:
    """Draws one at a time, in a thread: Discord's heartbeat must not wait for it."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def draw(self, chart: Chart) -> bytes | None:
        """A PNG; None where matplotlib is not installed."""
        async with self._turn:
            return await asyncio.to_thread(drawn, chart)


def drawn(chart: Chart) -> bytes | None:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(HEIGHT, 0)  # downwards, as one reads
    _Page(axes, chart).draw()
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()


class _Page:
    def __init__(self, axes: "Axes", chart: Chart) -> None:
        self._axes = axes
        self._figures = chart.figures
        self._words = chart.words

    def draw(self) -> None:
        self._text(_LEFT, 80, self._words["title"], size=_HUGE, weight="bold")
        self._posts(135)
        self._tiles(430)
        self._waits(640)
        self._articles(795)
        self._lines(_LEFT, HEIGHT - 100, self._words["note"], colour=FAINT)

    def _posts(self, top: float) -> None:
        """One bar for all posts, and below it what each piece of it is."""
        f = self._figures
        pieces = [("answered", f.answered, GREEN), ("asked", f.asked, BLUE)]
        pieces += [("passed_on", f.passed_on, YELLOW), ("left_alone", f.left_alone, GREY)]
        x: float = _LEFT
        for _, count, colour in pieces:
            width = (_RIGHT - _LEFT) * count / max(1, f.posts)
            self._bar(x, top, width, 64, colour)
            x += width
        for number, (name, count, colour) in enumerate(pieces):
            column, row = number % 2, number // 2
            x, y = _LEFT + 490 * column, top + 115 + 60 * row
            self._bar(x, y - 16, 32, 32, colour)
            self._text(x + 50, y, f"{count}  {self._words[name]}", size=_LARGE)

    def _tiles(self, top: float) -> None:
        f = self._figures
        share = f.precision.share
        tiles = [(str(f.solved), "solved", GREEN), (str(f.unheard), "unheard", RED if f.unheard else TEXT)]
        tiles.append(("–" if share is None else f"{share:.0%}", "right", TEXT))
        for number, (value, name, colour) in enumerate(tiles):
            x = _LEFT + (0, 270, 630)[number]
            self._text(x, top, value, size=_NUMBER, colour=colour, weight="bold")
            self._lines(x, top + 75, self._words[name], colour=RED if colour == RED else FAINT)

    def _waits(self, top: float) -> None:
        for number, name in enumerate(("first_answer", "people")):
            y = top + 62 * number
            self._text(_LEFT, y, self._words[name], size=_LARGE)
            self._text(_RIGHT, y, self._words[f"{name}_took"], size=_LARGE, weight="bold", align="right")

    def _articles(self, top: float) -> None:
        most = max((count for _, count in self._figures.articles), default=1)
        if self._figures.articles:
            self._text(_LEFT, top, self._words["articles"], colour=FAINT)
        for number, (article_id, count) in enumerate(self._figures.articles):
            y = top + 60 + 88 * number
            self._bar(_LEFT, y + 26, (_RIGHT - _LEFT) * count / most, 14, BLUE)
            self._text(_LEFT, y, article_id)
            self._text(_RIGHT, y, str(count), weight="bold", align="right")

    def _lines(self, x: float, top: float, text: str, *, colour: str) -> None:
        for number, line in enumerate(text.splitlines()):
            self._text(x, top + 44 * number, line, colour=colour)

    def _bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._axes.bar(x, height, width, bottom=y, align="edge", color=colour)

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = _PLAIN,
        colour: str = TEXT,
        weight: str = "normal",
        align: str = "left",
    ) -> None:
        # Sizes are pixels here and points of a 72nd of an inch there; `$` would start a formula.
        self._axes.text(
            x,
            y,
            text,
            fontsize=size * 72 / _DPI,
            color=colour,
            fontweight=weight,
            ha=align,
            va="center",
            parse_math=False,
        )
