"""The pictures of the moderators' side: desk and card as the demo's page shows them, and the figures of a week."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
from playwright.async_api import Browser, Locator
from playwright.async_api import Page as Tab

from bot.app import Mind
from bot.demo.stage import Stage
from bot.moderation.chart import Chart, drawn
from bot.moderation.rounds import DESK_REST
from bot.moderation.statistics import chart_words
from bot.playground import Thread
from bot.posts import GuildId
from tests import pictures
from tests.browser import browser
from tests.end_to_end.test_demo_page import clock, mind, settings, stage
from tests.moderation.test_chart import BUSY

#: The demo as its page's tests open it.
__all__ = ["browser", "clock", "mind", "settings", "stage"]

PAGE = pictures.FOLDER.parent / "commands.md"
#: As long ago as it is when the picture is drawn; Discord's readers see it too, and it is no part of what is compared.
AGO = re.compile(r"\b\d+ (?:second|minute)s? ago|\bin \d+ seconds?")
#: Machines that draw may have no font for it; what is compared does not change.
DISC = """(message) => {
    const texts = document.createTreeWalker(message, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) if (texts.currentNode.data.startsWith("🟠")) found.push(texts.currentNode);
    for (const text of found) {
        const disc = Object.assign(document.createElement("span"), { textContent: "⬤" });
        disc.style.color = "#f4900c";
        text.data = text.data.replace("🟠", "");
        text.before(disc);
    }
}"""
LIMITED = (
    "429 Provider returned error. raw: deepseek/deepseek-chat-v3-0324:free is temporarily rate-limited upstream. "
    "Please retry shortly. provider_name: Chutes. gen-1791084135-FAKEFAKEFAKEFAKEFAKE"
)
REFUND = "I bought 20 dollars of credits this morning by mistake and have not used any of them. I want a refund please."


@pytest_asyncio.fixture
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    context = await browser.new_context(
        viewport={"width": 1000, "height": 820}, device_scale_factor=2, color_scheme="dark", locale="en-GB"
    )
    yield await context.new_page()
    await context.close()


async def handed_over(stage: Stage, title: str, text: str) -> Thread:
    thread = stage.playground.control.create_post(title, text)
    await stage.settle()
    answer = stage.playground.control.answers(thread)[-1]
    stage.playground.control.press(answer, "Ask a person")
    await stage.settle()
    return thread


async def follow(stage: Stage) -> None:
    """The desk has rested, and shows what is known."""
    stage.clock.put_forward(DESK_REST.total_seconds())
    stage.heron.moderation.rounds.changed(GuildId(stage.playground.world.guild.id))
    await stage.settle()


async def shown(message: Locator) -> str:
    pieces = [
        await message.locator(".content").inner_text(),
        *await message.locator(".buttons button").all_inner_texts(),
    ]
    return AGO.sub("…", "\n".join(pieces))


async def keep(message: Locator, name: str) -> None:
    """The picture shows the words that the page shows, and the documentation shows the picture."""
    path, words = pictures.FOLDER / name, await shown(message)
    if pictures.IS_DRAWING:
        await message.evaluate(DISC)
        pictures.save(path, await message.screenshot(), words)
    assert pictures.words_of(path) == words, f"docs/pictures/{name} shows other words; draw it: make pictures"
    assert path.stat().st_size < 200_000
    assert f"](pictures/{name})" in PAGE.read_text("utf-8")


async def test_the_pictures_of_card_and_desk_show_what_the_page_shows(stage: Stage, tab: Tab) -> None:
    await handed_over(stage, "Rate limited on a free model", LIMITED)
    stage.clock.put_forward(timedelta(minutes=26).total_seconds())
    await handed_over(stage, "I want a refund", REFUND)
    await follow(stage)
    await tab.goto(f"{stage.playground.base_url}/?post={stage.playground.world.moderators.id}")
    desk = tab.locator("#thread article.bot", has_text="Waiting for people")
    card = tab.locator("#thread article.bot", has_text="Who can act")
    assert await desk.count() == 1
    assert "Waiting for people: 2" in await desk.locator(".content").inner_text()
    assert "deepseek/deepseek-chat-v3-0324:free" in await card.first.locator(".content").inner_text()
    assert await card.first.locator(".buttons button").all_inner_texts() == ["Claim", "Answer…", "Resolve", "More…"]
    await keep(desk, "desk.png")
    await keep(card.first, "card.png")


def test_the_picture_of_the_figures_shows_what_is_drawn(mind: Mind) -> None:
    path, words = pictures.FOLDER / "stats.png", chart_words(BUSY, mind.templates)
    as_text = "\n".join(f"{name}: {word}" for name, word in sorted(words.items()))
    if pictures.IS_DRAWING:
        png = drawn(Chart(figures=BUSY, words=words))
        assert png is not None
        pictures.save(path, png, as_text)
    assert pictures.words_of(path) == as_text, "docs/pictures/stats.png shows other words; draw it: make pictures"
    assert "](pictures/stats.png)" in PAGE.read_text("utf-8")
