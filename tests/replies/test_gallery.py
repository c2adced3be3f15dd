"""Every message that Heron can post, as a page: nothing is cut or scrolls sideways, on a phone and on a desk.

The page stands in the test's folder, for whoever wants to read it aloud; with DRAW_PICTURES=1 also in build/.
"""

import re
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.playground import Message as Written
from bot.playground import Playground
from bot.playground.page.views import thread_view
from bot.replies.message import Button, Message
from tests.browser import browser
from tests.pictures import IS_DRAWING
from tests.replies.gallery import ELSEWHERE, gallery, to_askers
from tests.replies.messages import COMFORTABLE, HARD, faults, template_faults, without_code
from tests.shipped_knowledge import shipped

__all__ = ["browser"]

STYLES = {"primary": 1, "secondary": 2, "success": 3, "danger": 4}
#: A step, or a choice.
PART = re.compile(r"\d\. |\*\*[A-C]\*\* ")
#: Dates that Discord shows in each reader's own time, and people and threads that Heron names; nobody is pinged.
OWN_MARKUP = re.compile(r"```[^`]*```|<t:\d+:[fR]>|<[@#]1[34]\d{17}>|<@11>")
ADDRESS = re.compile(r"https://[^\s)]+")
BUILD = Path(__file__).parents[2] / "build"
# What stands out of its message (a blank at the end of a line of code may), or is hidden by a box that does not grow,
# or is wider than the screen.
FAULTS = """() => {
  const cut = [...document.querySelectorAll(".message .body *")].filter(e => {
    const box = e.getBoundingClientRect(), around = e.closest(".message").getBoundingClientRect();
    const hides = getComputedStyle(e).overflow !== "visible";
    return box.right > around.right + 9 || box.left < around.left - 1
      || (hides && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1));
  });
  const sideways = document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : [];
  return [...sideways, ...cut.map(e => e.tagName + ": " + e.textContent.slice(0, 80))];
}"""


def test_the_gallery_holds_every_article_and_every_message_to_askers() -> None:
    names = [name for name, _ in gallery()]
    firsts = {name.split()[0] for name in names}
    said = {name for name, _ in shipped().base.messages if not name.startswith(ELSEWHERE)}
    assert firsts >= shipped().base.articles.keys() | said
    assert len(names) > 400


def test_every_message_is_short_numbered_and_has_few_links() -> None:
    found = [f"{name}: {fault}" for name, m in gallery() for fault in (*of_text(name, m), *template_faults(text_of(m)))]
    assert found == []


def of_text(name: str, message: Message) -> list[str]:
    limit = HARD if name.endswith("for staff") else COMFORTABLE  # these are lines of a longer list
    return faults(Message(content=text_of(message), rows=message.rows), limit=limit)


def text_of(message: Message) -> str:
    return OWN_MARKUP.sub("·", message.content)


def test_no_message_asks_two_questions() -> None:
    found = {name: asked for name, message in to_askers() if len(asked := asked_in(message)) > 1}
    assert found == {}


def asked_in(message: Message) -> list[str]:
    """A step such as "Saved, and still refused? Wait a minute." tells when it applies, and wants no answer; a choice is
    part of the question above it."""
    lines = (without_code(line) for line in ADDRESS.sub("", message.content).splitlines() if not PART.match(line))
    return [line for line in lines for _ in re.finditer("[?？]", line)]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_cut_on_a_phone_and_on_a_desk(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = await context.new_page()
    page = html()
    (tmp_path / "gallery.html").write_text(page, "utf-8")
    if IS_DRAWING:
        BUILD.mkdir(exist_ok=True)
        (BUILD / "gallery.html").write_text(page, "utf-8")
    await tab.goto((tmp_path / "gallery.html").as_uri())
    assert await tab.locator("article.message").count() >= len(gallery())
    found = await tab.evaluate(FAULTS)
    await context.close()
    assert found == []


@cache
def html() -> str:
    """As the playground's page shows a thread."""
    playground = Playground()
    world = playground.world
    thread = playground.control.create_post("Every message", "Each as long as it can become.")
    for name, message in gallery():
        playground.control.reply(thread, name)
        rows = [{"type": 1, "components": [_button(b) for b in row]} for row in message.rows]
        world.post(thread, Written(author_id=world.cast.bot.id, content=message.content, components=rows))
    style = (resources.files("bot.playground.page") / "static" / "style.css").read_text("utf-8")
    shown = f'<div class="columns"><nav></nav><main><div id="thread">{thread_view(world, thread)}</div></main></div>'
    phone = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return f'<!doctype html><html lang="en"><head>{phone}<style>{style}</style></head><body>{shown}</body></html>'


def _button(button: Button) -> dict[str, object]:
    return {"type": 2, "label": button.label, "custom_id": button.custom_id, "style": STYLES[button.style]}
