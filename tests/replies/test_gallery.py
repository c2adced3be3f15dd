"""Every message that askers can meet, as a page: nothing is cut or scrolls sideways, on a phone and on a desk.

With DRAW_PICTURES=1 the page is also written to build/gallery.html.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.authoring.samples import WORST_PROOF, usual_proof, usual_values, worst_values
from bot.playground import Message as Written
from bot.playground import Playground
from bot.playground.page.views import thread_view
from bot.posts import MessageId
from bot.replies.message import Button, Message
from bot.replies.render import render
from bot.triage.plans import Answer, Buttons, Form, Part, Question, Quote, ReplyPlan, Value, Words
from tests.browser import browser
from tests.pictures import IS_DRAWING
from tests.replies.messages import COMFORTABLE, faults, template_faults, without_code
from tests.shipped_knowledge import shipped

__all__ = ["browser"]

KEY = "0123456789abcdefghijkl-a"
PLACE = Quote(message_id=MessageId(1), start=0, end=1)
STYLES = {"primary": 1, "secondary": 2, "success": 3, "danger": 4}
#: What only moderators read, labels, and what stands inside of other messages.
ELSEWHERE = ("button-", "choice-", "card-", "desk-", "staff-", "why-", "order-", "need-", "question-", "proof")
#: A step, or a choice.
PART = re.compile(r"\d\. |\*\*[A-C]\*\* ")
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


def rendered(*parts: Part, language: str, buttons: Buttons = Buttons.NONE, proof: str | None = WORST_PROOF) -> Message:
    plan = ReplyPlan(parts=parts, buttons=buttons, language=language, has_footer=True)
    return render(plan, key=KEY, words=lambda _: proof, templates=shipped().templates)


def answers() -> Iterator[tuple[str, Message]]:
    base = shipped().base
    for article in base.articles.values():
        for language, body in article.bodies.items():
            for form in (Form.FULL, Form.BRIEF, *([Form.MORE] if body.more_steps else [])):
                for kind, values, proof in (
                    ("usual", usual_values(article, base), usual_proof(article)),
                    ("worst", worst_values(article, base), WORST_PROOF),
                ):
                    part = Answer(article_id=article.id, form=form, proof=PLACE if proof else None, values=values)
                    message = rendered(part, language=language, buttons=Buttons.ANSWER, proof=proof)
                    yield f"{article.id} {form} {language} {kind}", message


def questions() -> Iterator[tuple[str, Message]]:
    titles = sorted(
        shipped().base.articles.values(), key=lambda article: -len(article.front.title + article.front.tell)
    )
    for language in shipped().base.languages:
        for start in range(0, len(titles), 3):
            candidates = tuple(article.id for article in titles[start : start + 3])
            asked = rendered(Question(candidates=candidates, status=429), language=language, buttons=Buttons.QUESTION)
            yield f"question {candidates} {language}", asked
        for beside in ((), ("question-open-picture",), ("file-cut",), ("file-unread",), ("picture-read",)):
            words = (Words(name=name, values=longest_words(name)) for name in beside)
            yield (
                f"open question {beside} {language}",
                rendered(Question(), *words, language=language, buttons=Buttons.QUESTION),
            )


def longest_words(name: str) -> dict[str, Value]:
    """As long as what the community has."""
    community = shipped().base.community
    models = sorted(shipped().base.catalogue.current, key=len, reverse=True)
    return {
        "known": ("HTTP 429", models[0], models[1], max(community.providers.names, key=len)),
        "other_models": tuple(models[:8]),
        "destination": max(community.destinations, key=lambda d: len(f"{d.name}{d.address}{d.link}{d.bring}")).id,
        "generation_id": "gen-1700000000-" + "F" * 20,
        "since": 1_800_000_000,
        "late_by": "23 h 59 min",
        "title": max((article.front.title for article in shipped().base.articles.values()), key=len),
        "number": 429,
        **({"need": "generation-id"} if name == "hand-over-missing" else {}),
    }


def words() -> Iterator[tuple[str, Message]]:
    for name, language in sorted(shipped().base.messages):
        if not name.startswith(ELSEWHERE):
            message = rendered(Words(name=name, values=longest_words(name)), language=language)
            if message.content:
                yield f"{name} {language}", message


@cache
def gallery() -> Sequence[tuple[str, Message]]:
    return (*answers(), *questions(), *words())


def test_the_gallery_holds_every_article_and_every_message_to_askers() -> None:
    names = [name for name, _ in gallery()]
    firsts = {name.split()[0] for name in names}
    said = {name for name, _ in shipped().base.messages if not name.startswith(ELSEWHERE)}
    assert firsts >= shipped().base.articles.keys() | said
    assert len(names) > 400


def test_every_message_is_short_numbered_and_has_few_links() -> None:
    found = [f"{name}: {fault}" for name, m in gallery() for fault in (*of_text(m), *template_faults(m.content))]
    assert found == []


def of_text(message: Message) -> list[str]:
    # A date that Discord shows in each reader's own time looks like a mention.
    return [f for f in faults(message, limit=COMFORTABLE) if f != "mentions somebody" or "<@" in message.content]


def test_no_message_asks_two_questions() -> None:
    found = {name: asked for name, message in gallery() if len(asked := asked_in(message)) > 1}
    assert found == {}


def asked_in(message: Message) -> list[str]:
    """A step such as "Saved, and still refused? Wait a minute." tells when it applies, and wants no answer; a choice is
    part of the question above it."""
    lines = (without_code(line) for line in message.content.splitlines() if not PART.match(line))
    return [line for line in lines for _ in re.finditer("[?？]", line)]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_cut_on_a_phone_and_on_a_desk(browser: Browser, width: int, scheme: str) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = await context.new_page()
    page = html()
    if IS_DRAWING:
        BUILD.mkdir(exist_ok=True)
        (BUILD / "gallery.html").write_text(page, "utf-8")
    await tab.set_content(page)
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
