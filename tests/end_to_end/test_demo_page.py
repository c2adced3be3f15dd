"""The demo's page in a browser, the real Heron behind it: its samples, its *Why?*, and the picture in the README."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FloatRect
from playwright.async_api import Page as Tab

from bot.app import Mind, read_mind
from bot.demo.play import hurried, play_thread, read_samples
from bot.demo.stage import DemoClock, Stage, open_stage
from bot.lines import read_threads
from bot.playground import Playground, PlaygroundConfig
from bot.settings import Settings
from bot.shipped import shipped_folder
from bot.storage.migrate import upgrade
from tests import pictures
from tests.browser import browser

__all__ = ["browser"]

DEMO = shipped_folder("templates") / "demo"
PICTURE = pictures.FOLDER / "answer.png"
WIDTH, MARGIN = 1240, 4

#: What Heron decides about each sample, and a piece of what it says.
SAMPLES = {
    "Rate limited on a free model": ("answer", "Chutes refused deepseek/deepseek-chat-v3-0324:free"),
    "402 in Cline": ("answer", "set max tokens (or max output tokens) to 4000"),
    "No endpoints found??": ("answer", "Your privacy settings leave no provider for qwen/qwen3-coder:free"),
    "help": ("ask", "What do you see when it fails?"),
    "免费模型一直报错": ("answer", "不是你的账号"),
    "I want a refund": ("answer + escalate", "OpenRouter support decides on money back"),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path / 'demo.db'}")
    upgrade(settings.database_url)
    return settings


@pytest.fixture
def clock() -> DemoClock:
    return DemoClock()


@pytest.fixture
def mind(settings: Settings, clock: DemoClock) -> Mind:
    return hurried(read_mind(settings, clock=clock, salt=b""))


@pytest_asyncio.fixture
async def stage(settings: Settings, mind: Mind, clock: DemoClock) -> AsyncIterator[Stage]:
    playground = Playground(clock=clock.now, config=PlaygroundConfig(bot_name="Heron"))
    samples = read_samples(DEMO / "samples.jsonl")
    async with open_stage(playground, settings, mind, clock, samples=samples, on_handled=lambda _: None) as stage:
        yield stage


@pytest_asyncio.fixture
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    context = await browser.new_context(
        viewport={"width": WIDTH, "height": 820}, device_scale_factor=2, color_scheme="light", locale="en-GB"
    )
    yield await context.new_page()
    await context.close()


async def test_every_sample_can_be_pressed_and_shows_its_answer_and_why(stage: Stage, tab: Tab) -> None:
    assert [sample.title for sample in read_samples(DEMO / "samples.jsonl")] == list(SAMPLES)
    await tab.goto(stage.playground.base_url)
    for title, (action, piece) in SAMPLES.items():
        await tab.get_by_role("button", name=title, exact=True).click()
        await tab.wait_for_selector(f"#thread h2:has-text('{title}')")
        answer = tab.locator("#thread article.bot .content")
        await answer.wait_for(timeout=10_000)
        assert piece in await answer.inner_text()
        await tab.wait_for_selector("#why .read mark, #why .read")
        assert await tab.locator("#why h3").inner_text() == action


async def shown(tab: Tab) -> str:
    """The words of the answer and of *Why?*, without times and figures, which a picture need not follow."""
    answer = tab.locator("#thread article.bot").last
    pieces = [
        await answer.locator(".content").inner_text(),
        *await answer.locator(".buttons button").all_inner_texts(),
        *await tab.locator("#why > h3, #why > .read mark, #why > ol li:first-child > span").all_inner_texts(),
    ]
    return "\n".join(pieces)


async def framed(tab: Tab) -> FloatRect:
    """The pasted error, the answer below it and the panel beside both; the tab is made to show just that."""
    question, answer = tab.locator("#thread article").nth(-2), tab.locator("#thread article").last
    first, last, main = (
        await question.bounding_box(),
        await answer.bounding_box(),
        await tab.locator("main").bounding_box(),
    )
    assert first is not None
    assert last is not None
    assert main is not None
    height = last["y"] + last["height"] - first["y"] + 2 * MARGIN
    await tab.set_viewport_size({"width": WIDTH, "height": round(height)})
    await tab.evaluate("document.querySelectorAll('#why > details').forEach((older) => { older.hidden = true; })")
    await tab.evaluate("(top) => window.scrollTo(0, top)", first["y"] - MARGIN)
    return {"x": main["x"], "y": 0, "width": WIDTH - main["x"], "height": height}


async def test_the_picture_in_the_readme_shows_what_the_page_shows(stage: Stage, mind: Mind, tab: Tab) -> None:
    (seed,) = read_threads((DEMO / "seed.jsonl").read_text("utf-8"), "seed.jsonl")
    await play_thread(stage, seed, mind.templates)
    await tab.goto(stage.playground.base_url)
    answer = tab.locator("#thread article.bot").last
    assert (
        await answer.locator(".content strong").first.inner_text()
        == "Chutes refused qwen/qwen3-coder:free, not your account."
    )
    assert await answer.locator("ol li").count() == 3
    assert await answer.locator(".buttons button").all_inner_texts() == ["Solved", "Still stuck", "Ask a person"]
    assert await tab.locator("#why > h3").inner_text() == "answer"
    assert await tab.locator("#why > .read mark:has-text('Chutes')").count() == 1
    words = await shown(tab)
    if pictures.IS_DRAWING:
        pictures.save(PICTURE, await tab.screenshot(clip=await framed(tab)), words)
    assert pictures.words_of(PICTURE) == words, "docs/pictures/answer.png shows other words; draw it: make pictures"
    width, height = pictures.size_of(PICTURE)
    assert (width > 1200, 0.3 < height / width < 1.2, PICTURE.stat().st_size < 300_000) == (True, True, True)
    assert "docs/pictures/answer.png" in (pictures.FOLDER.parents[1] / "README.md").read_text("utf-8")
