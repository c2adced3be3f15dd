"""The page as people meet it: pressing, writing, live updates, a phone, the keyboard, colours that can be read."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from bot.playground import Playground
from bot.playground.page import Explanation, Mark, Page, Ranked, Sample
from tests.browser import browser

__all__ = ["browser"]

LONG = "author/a-very-long-model-name-" + "x" * 80
EXPLANATION = Explanation(
    actions="answer",
    reason="sure of it",
    text=f"429 {LONG}",
    marks=(Mark(start=0, end=3, label="status"),),
    ranking=(Ranked(name="lamp-dark", confidence=0.97, note="exact"),),
)


@pytest_asyncio.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground()
    samples = [Sample(title="The lamp is dark", text=f"It is dark, **really**. `{LONG}`")]
    Page(playground.world, playground.control, samples=samples, explain=lambda _: [EXPLANATION]).add_to(playground.app)
    async with playground:
        yield playground


@pytest_asyncio.fixture(params=["light", "dark"])
async def tab(browser: Browser, playground: Playground, request: pytest.FixtureRequest) -> AsyncIterator[Tab]:
    context = await browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=request.param)
    tab = await context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    await tab.goto(playground.base_url)
    yield tab
    await context.close()
    assert problems == []


async def test_a_press_on_a_sample_opens_the_post(tab: Tab, playground: Playground) -> None:
    await tab.click("text=The lamp is dark")
    await tab.wait_for_selector("#thread strong:has-text('really')")
    (thread,) = playground.world.threads
    assert tab.url.endswith(f"?post={thread.id}")
    assert await tab.inner_text("#why h3") == "answer"


async def test_a_post_of_ones_own_and_a_reply_by_keyboard_alone(tab: Tab, playground: Playground) -> None:
    await tab.focus("summary")
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("Tab")
    await tab.keyboard.type("Mine")
    await tab.keyboard.press("Tab")
    await tab.keyboard.type("some words")
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Enter")
    await tab.wait_for_selector("#thread h2:has-text('Mine')")
    await tab.focus("#reply textarea")
    await tab.keyboard.type("and more")
    await tab.keyboard.press("Enter")
    await tab.wait_for_selector("#thread article:nth-of-type(2)")
    (thread,) = playground.world.threads
    assert [m.content for m in playground.control.messages(thread)] == ["some words", "and more"]
    assert await tab.input_value("#reply textarea") == ""


async def test_what_others_do_appears_without_a_reload(tab: Tab, playground: Playground) -> None:
    await tab.click("text=The lamp is dark")
    await tab.wait_for_selector("#thread article")
    await tab.fill("#reply textarea", "half a sentence")
    (thread,) = playground.world.threads
    message = playground.control.reply(thread, "Did you plug it in?", by=playground.world.cast.helper)
    await tab.wait_for_selector("#thread article:has-text('plug it in')")
    playground.control.edit(message, "Is it **plugged** in?")
    await tab.wait_for_selector("#thread strong:has-text('plugged')")
    playground.control.delete(message)
    await tab.wait_for_selector("#thread article:nth-of-type(2)", state="detached")
    assert await tab.input_value("#reply textarea") == "half a sentence"


async def test_a_phone_never_scrolls_sideways(tab: Tab, playground: Playground) -> None:
    playground.control.create_post("Long", f"{LONG}\n```\n{'y' * 400}\n```")
    await tab.wait_for_selector("#posts :text('Long')")
    await tab.goto(playground.base_url)
    await tab.wait_for_selector("#thread pre")
    assert await tab.evaluate("document.documentElement.scrollWidth") <= 360


#: Contrast of every piece of text with what is behind it, by the formula of WCAG 2; the worst and its words.
CONTRAST = """() => {
  const light = (c) => c.map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c.slice(0, 3);
    }
    return rgb(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  };
  let worst = [21, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("script, .hidden, .spoiler")) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < worst[0]) worst = [contrast, walker.currentNode.data.slice(0, 60)];
  }
  return worst;
}"""


async def test_every_text_can_be_read(tab: Tab, playground: Playground) -> None:
    bot = playground.world.cast.bot
    thread = playground.control.create_post("Colours", "# Large\n> quote\n-# small `code` <@1> https://example.com/")
    message = playground.control.reply(thread, "an answer", by=bot)
    styles = [(1, "One"), (2, "Two"), (3, "Three"), (4, "Four")]
    buttons = [{"type": 2, "style": style, "label": label, "custom_id": label} for style, label in styles]
    message.components = [{"type": 1, "components": buttons}]
    await tab.goto(playground.base_url)
    await tab.wait_for_selector(".buttons button")
    contrast, words = await tab.evaluate(CONTRAST)
    assert contrast >= 4.5, words
