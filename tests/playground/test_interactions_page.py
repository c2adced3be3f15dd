"""Buttons on the page: pressed as the chosen person, and private answers marked as such."""

from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.playground import Playground, Thread
from bot.playground.page import Page
from tests.browser import browser
from tests.playground.client import Client
from tests.playground.conftest import Connect, OpenPlayground

__all__ = ["browser"]


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def playground(open_playground: OpenPlayground, monkeypatch: pytest.MonkeyPatch) -> Playground:
    begun = Playground.__aenter__

    async def with_page(playground: Playground) -> Playground:
        Page(playground.world, playground.control).add_to(playground.app)
        return await begun(playground)

    monkeypatch.setattr(Playground, "__aenter__", with_page)
    return await open_playground()


async def asked(client: Client, playground: Playground) -> Thread:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="One <b>", custom_id="t:one"))
    view.stop()
    thread = playground.control.create_post("429", "help")
    await (await client.thread(thread.id)).send("which?", view=view)
    return thread


def address(playground: Playground, thread: Thread) -> str:
    message = (playground.control.whispers(thread) or playground.control.answers(thread))[-1]
    return f"{playground.base_url}/page/posts/{thread.id}/messages/{message.id}/presses"


async def test_a_press_on_the_page_is_the_chosen_persons(
    playground: Playground, connect: Connect, http: aiohttp.ClientSession
) -> None:
    client = await connect(playground)
    thread = await asked(client, playground)
    async with http.post(address(playground, thread), data={"button": "t:one", "by": "helper"}) as answer:
        assert answer.status == 200
        assert "One &lt;b&gt;" in await answer.text()
    press: discord.Interaction[discord.Client] = await client.saw("interaction")
    assert press.user.id == playground.world.cast.helper.id


async def test_a_private_answer_says_who_sees_it(
    playground: Playground, connect: Connect, http: aiohttp.ClientSession
) -> None:
    client = await connect(playground)
    thread = await asked(client, playground)
    await http.post(address(playground, thread), data={"button": "t:one"})
    press: discord.Interaction[discord.Client] = await client.saw("interaction")
    await press.response.send_message("psst", ephemeral=True)
    async with http.get(playground.base_url) as answer:
        page = await answer.text()
    assert page.index("psst") < page.index("Only Asker can see this.")


@pytest.mark.parametrize("data", [{"button": "t:two"}, {}])
async def test_a_button_that_is_not_there_is_refused_with_a_reason(
    playground: Playground, connect: Connect, http: aiohttp.ClientSession, data: dict[str, str]
) -> None:
    thread = await asked(await connect(playground), playground)
    async with http.post(address(playground, thread), data=data) as answer:
        assert answer.status == 400
        assert "sees no button" in await answer.text()
    async with http.post(f"{playground.base_url}/page/posts/{thread.id}/messages/7/presses", data=data) as answer:
        assert await answer.text() == "That message is gone."


async def test_in_a_browser_a_press_needs_no_reload(playground: Playground, connect: Connect, browser: Browser) -> None:
    client = await connect(playground)
    await asked(client, playground)
    tab = await browser.new_page()
    await tab.goto(playground.base_url)
    await tab.evaluate("window.stays = true")
    await tab.select_option("#reply select", "moderator")
    await tab.click("#thread button:has-text('One')")
    press: discord.Interaction[discord.Client] = await client.saw("interaction")
    assert press.user.id == playground.world.cast.moderator.id
    await press.response.send_message("psst", ephemeral=True)
    await tab.wait_for_selector("#thread .whisper:has-text('Only Moderator can see this.')")
    assert await tab.evaluate("window.stays")
    await tab.close()
