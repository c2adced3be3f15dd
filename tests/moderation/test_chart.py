"""The picture of the figures: drawn beside the loop, legible on a phone on a dark and a light page."""

import io
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from PIL import Image

from bot.moderation import chart
from bot.moderation.chart import BACKGROUND, COLOURS, HEIGHT, WIDTH, Chart, Charts, drawn
from bot.moderation.ports import Track
from bot.moderation.statistics import Figures, Waits, chart_words, figures_of
from bot.proportions import Proportion
from tests.shipped_knowledge import shipped

BUSY = Figures(
    posts=214,
    answered=131,
    asked=38,
    passed_on=17,
    left_alone=28,
    solved=96,
    unheard=7,
    first_answer=Waits(median=timedelta(seconds=3), most=timedelta(seconds=41)),
    people=Waits(median=timedelta(minutes=26), most=timedelta(hours=5)),
    articles=[
        ("rate-limit-upstream", 44),
        ("credits-insufficient", 31),
        ("data-policy", 19),
        ("key-invalid", 14),
        ("context-too-long", 9),
    ],
    precision=Proportion(71, 78),
)
EMPTY = figures_of([], Track())


def a_chart(figures: Figures) -> Chart:
    return Chart(figures=figures, words=chart_words(figures, shipped().templates))


def picture(figures: Figures) -> Image.Image:
    png = drawn(a_chart(figures))
    assert png is not None
    return Image.open(io.BytesIO(png)).convert("RGB")


def luminance(colour: str) -> float:
    """As WCAG has it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_stands_out_from_the_pictures_own_background(colour: str) -> None:
    assert (luminance(colour) + 0.05) / (luminance(BACKGROUND) + 0.05) >= 4.5


@pytest.mark.parametrize("figures", [BUSY, EMPTY], ids=["busy", "empty"])
def test_it_has_its_own_opaque_background_and_leaves_a_margin(figures: Figures) -> None:
    image = picture(figures)
    assert image.size == (WIDTH, HEIGHT)
    border = {image.getpixel((x, y)) for x in (0, 20, WIDTH - 21, WIDTH - 1) for y in range(HEIGHT)}
    border |= {image.getpixel((x, y)) for x in range(WIDTH) for y in (0, 20, HEIGHT - 21, HEIGHT - 1)}
    assert border == {rgb(BACKGROUND)}


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def test_red_is_there_only_when_somebody_waits_in_vain() -> None:
    reds = [sum(p == rgb(chart.RED) for p in pixels(figures)) for figures in (BUSY, replace(BUSY, unheard=0))]
    assert reds[0] > 500
    assert reds[1] == 0


def pixels(figures: Figures) -> list[object]:
    image = picture(figures)
    return [image.getpixel((x, y)) for y in range(0, HEIGHT, 2) for x in range(0, WIDTH, 2)]


def test_longest_words_and_largest_numbers_stay_inside() -> None:
    longest = sorted(shipped().base.articles, key=len)[-5:]
    large = replace(
        BUSY, posts=99_999, answered=60_000, asked=20_000, passed_on=9_999, left_alone=10_000, solved=9_999,
        unheard=999, articles=[(name, 99_999) for name in longest], precision=Proportion(9_000, 9_000),
    )  # fmt: skip
    image = picture(large)
    assert {image.getpixel((WIDTH - 25, y)) for y in range(HEIGHT)} == {rgb(BACKGROUND)}


async def test_it_is_drawn_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []

    def drawing(_: Chart) -> bytes:
        threads.append(threading.get_ident())
        return b""

    monkeypatch.setattr(chart, "drawn", drawing)
    assert await Charts().draw(a_chart(EMPTY)) == b""
    assert threads
    assert threads[0] != threading.get_ident()


def test_without_matplotlib_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert drawn(a_chart(EMPTY)) is None


def test_the_pieces_of_the_bar_are_as_wide_as_their_share() -> None:
    image = picture(BUSY)
    row = [image.getpixel((x, 165)) for x in range(WIDTH)]
    edges = [x for x, (left, right) in enumerate(pairwise(row), 1) if left != right]
    green = sum(pixel == rgb(chart.GREEN) for pixel in row)
    assert len(edges) >= 5
    assert abs(green - (WIDTH - 120) * 131 / 214) < 4
