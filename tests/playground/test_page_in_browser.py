"""The page as people meet it: pressing, writing, live updates, a phone, the keyboard, colours that can be read."""

from collections.abc import AsyncIterator

import discord
import pytest
import pytest_asyncio
import yarl
from discord import Interaction
from discord.gateway import DiscordWebSocket
from discord.http import Route
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from bot.playground import Message, Playground
from bot.playground.page import Explanation, Mark, Page, Ranked, Sample
from tests.browser import browser
from tests.playground.client import Client

__all__ = ["browser"]

LONG = "author/a-very-long-model-name-" + "x" * 80
EARLIER = Explanation(actions="silent", reason="nothing to say yet")
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
    Page(playground.world, playground.control, samples=samples, explain=lambda _: [EARLIER, EXPLANATION]).add_to(
        playground.app
    )
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
    assert tab.url.endswith(f"?post={thread.id}#thread")
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


async def test_what_somebody_opened_stays_open_when_something_else_changes(tab: Tab, playground: Playground) -> None:
    await tab.click("text=The lamp is dark")
    await tab.wait_for_selector("#thread article")
    await tab.click("#why summary")
    (thread,) = playground.world.threads
    playground.control.reply(thread, "one more", by=playground.world.cast.helper)
    await tab.wait_for_selector("#thread article:nth-of-type(2)")
    assert await tab.locator("#why details").get_attribute("open") is not None


def ask(playground: Playground, *labels: str) -> Message:
    """A bot's message with buttons in the styles of Discord's, in their order."""
    thread = playground.control.create_post("Colours", "# Large\n> quote\n-# small `code` <@1> https://example.com/")
    message = playground.control.reply(thread, "an answer", by=playground.world.cast.bot)
    buttons = [
        {"type": 2, "id": style, "style": style, "label": label, "custom_id": f"t:{label}"}
        for style, label in enumerate(labels, start=1)
    ]
    playground.world.edit_message(message, components=[{"type": 1, "components": buttons}])
    return message


class Obliging(Client):
    """Says who pressed what: in the message, and in private."""

    async def on_interaction(self, interaction: Interaction[discord.Client]) -> None:
        pressed = interaction.data["custom_id"] if interaction.data else ""  # type: ignore[typeddict-item]
        await interaction.response.edit_message(content=f"{interaction.user.name} pressed {pressed}", view=None)
        await interaction.followup.send("Thank you", ephemeral=True)


@pytest_asyncio.fixture
async def bot(playground: Playground, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(Route, "BASE", playground.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(playground.gateway_url))
    client = Obliging(playground)
    await client.run_beside()
    yield client
    await client.stop()


@pytest.mark.usefixtures("bot")
async def test_a_button_is_pressed_as_the_chosen_person_and_what_comes_of_it_appears(
    tab: Tab, playground: Playground
) -> None:
    ask(playground, "Solved", "Still stuck")
    await tab.goto(playground.base_url)
    await tab.select_option("#reply select", "moderator")
    await tab.get_by_role("button", name="Still stuck").focus()
    await tab.keyboard.press("Enter")
    await tab.wait_for_selector("#thread article.bot:has-text('moderator pressed t:Still stuck')")
    await tab.wait_for_selector("#thread article.bot:has-text('Thank you') >> text=can see this")
    assert await tab.locator("#thread .buttons").count() == 0


#: Every control that can be seen, by what it is called; and those that Tab reaches, with what shows that it is there.
CONTROLS = """() => [
    ...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary"),
  ].filter((e) => e.checkVisibility() && !e.disabled).map((e) => e.name + e.textContent.slice(0, 20))"""
FOCUSED = """() => {
  const e = document.activeElement;
  const seen = getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
  return e === document.body ? null : [(e.name ?? "") + e.textContent.slice(0, 20), seen];
}"""


async def test_every_control_is_reached_by_the_tab_key_in_the_order_of_the_page_and_shows_it(
    tab: Tab, playground: Playground
) -> None:
    ask(playground, "One", "Two")
    await tab.goto(playground.base_url)
    controls = [name.replace("undefined", "") for name in await tab.evaluate(CONTROLS)]
    reached = []
    for _ in range(len(controls) + 2):  # the text that was read can be focused, too
        await tab.keyboard.press("Tab")
        focused = await tab.evaluate(FOCUSED)
        if focused is not None:
            assert focused[1], f"{focused[0]} does not show that it has the focus"
            reached.append(focused[0])
    assert [name for name in reached if name in controls] == controls


SIDEWAYS = "document.documentElement.scrollWidth"


async def test_a_phone_never_scrolls_sideways(tab: Tab, playground: Playground) -> None:
    ask(playground, "A button with a long name", "B another one with a long name", "C and one more")
    thread = playground.control.create_post(LONG[:100], f"{LONG}\n```\n{'y' * 400}\n```")
    playground.control.reply(thread, f"1. {LONG}\n> {LONG}", attachments=[(f"{LONG}.png", b"")])
    for post in playground.world.threads:
        await tab.goto(f"{playground.base_url}/?post={post.id}")
        await tab.wait_for_selector("#thread article:nth-of-type(2)")
        assert await tab.evaluate(SIDEWAYS) <= 360
    await tab.evaluate("document.querySelector('#thread').style.width = '400px'")
    assert await tab.evaluate(SIDEWAYS) > 360  # it would be noticed


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
  const judge = (style, element, words) => {
    const [a, b] = [light(rgb(style.color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < worst[0]) worst = [contrast, words];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("script, .hidden, .spoiler")) continue;
    judge(getComputedStyle(element), element, walker.currentNode.data.slice(0, 60));
  }
  for (const field of document.querySelectorAll("[placeholder]")) {
    judge(getComputedStyle(field, "::placeholder"), field, field.placeholder);
  }
  return worst;
}"""


async def test_every_text_can_be_read(tab: Tab, playground: Playground) -> None:
    ask(playground, "One", "Two", "Three", "Four")
    await tab.goto(playground.base_url)
    await tab.wait_for_selector(".buttons button")
    contrast, words = await tab.evaluate(CONTRAST)
    assert contrast >= 4.5, words
    await tab.evaluate("document.querySelector('#why small').style.color = '#888'")
    assert (await tab.evaluate(CONTRAST))[0] < 4.5  # it would be noticed
