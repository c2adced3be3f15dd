"""The page without a browser: what it serves, what it accepts, and that no message can become markup."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
import pytest_asyncio

from bot.playground import Message, Playground
from bot.playground.page import Explanation, Mark, Page, Sample
from bot.playground.page.markdown import to_html
from bot.playground.page.views import marked, thread_view

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SAMPLE = Sample(title="A lamp", text="It is <b>dark</b> here")


@pytest_asyncio.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground()
    Page(playground.world, playground.control, samples=[SAMPLE]).add_to(playground.app)
    async with playground:
        yield playground


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_sample_becomes_a_post_and_the_page_shows_it(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    async with http.post(f"{playground.base_url}/page/samples", data={"sample": "0"}) as answer:
        page = await answer.text()
    (thread,) = playground.world.threads
    assert answer.url.query["post"] == str(thread.id)
    assert "A lamp" in page
    assert "<b>dark</b>" not in page
    assert "&lt;b&gt;dark&lt;/b&gt;" in page


async def test_posts_and_replies_of_ones_own_are_written_as_the_chosen_person(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    base = playground.base_url
    await http.post(f"{base}/page/posts", data={"title": "Mine", "text": "words"})
    (thread,) = playground.world.threads
    await http.post(f"{base}/page/posts/{thread.id}/replies", data={"text": "I help", "by": "moderator"})
    asked, replied = playground.control.messages(thread)
    assert (thread.name, asked.content, asked.author_id) == ("Mine", "words", playground.world.cast.asker.id)
    assert (replied.content, replied.author_id) == ("I help", playground.world.cast.moderator.id)


async def test_the_moderators_channel_is_shown_and_only_moderators_are_in_it(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    channel, cast = playground.world.moderators, playground.world.cast
    desk = playground.control.reply(channel, "Nobody waits", by=cast.bot)
    playground.world.pin(desk, by=cast.bot.id)
    async with http.get(f"{playground.base_url}/?post={channel.id}") as answer:
        page = await answer.text()
    assert "# moderators</h2>" in page
    assert page.count('<article class="message bot">') == 1  # that it was pinned is said on the message itself
    assert "<small>pinned</small>" in page
    assert "a moderator</option>" in page
    assert "the asker</option>" not in page


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("samples", {"sample": "7"}),
        ("samples", {"sample": "x"}),
        ("posts", {"title": "", "text": "words"}),
        ("posts", {"title": "t" * 101, "text": ""}),
        ("posts/12345/replies", {"text": "nowhere"}),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_reason(
    playground: Playground, http: aiohttp.ClientSession, path: str, data: dict[str, str]
) -> None:
    async with http.post(f"{playground.base_url}/page/{path}", data=data) as answer:
        assert answer.status == 400
        assert len(await answer.text()) > 10
    assert playground.world.threads == []


async def test_another_site_cannot_post_through_somebodys_browser(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    headers = {"Origin": "http://example.com"}
    async with http.post(f"{playground.base_url}/page/samples", data={"sample": "0"}, headers=headers) as answer:
        assert answer.status == 403
    assert playground.world.threads == []


async def test_a_change_is_told_to_whoever_watches(playground: Playground, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{playground.base_url}/page/changes") as stream:
        assert await stream.content.readline() == b"data: changed\n"
        await stream.content.readline()
        playground.control.create_post("New", "words")
        assert await stream.content.readline() == b"data: changed\n"


async def test_nothing_may_be_loaded_from_elsewhere(playground: Playground, http: aiohttp.ClientSession) -> None:
    async with http.get(playground.base_url) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "http://" not in page
    assert "https://" not in page


def names(sign: str, number: int) -> str:
    return f"{sign}somebody" if number else "?"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**bold** and `a*b*`", "<p><strong>bold</strong> and <code>a*b*</code></p>"),
        ("__under__ ~~gone~~ *lean* _low_", "<p><u>under</u> <s>gone</s> <em>lean</em> <em>low</em></p>"),
        ("snake_case_name 2*3*4", "<p>snake_case_name 2*3*4</p>"),
        ("-# small", "<small>small</small>"),
        ("# Large", '<p class="h1">Large</p>'),
        ("> said\nmore", "<blockquote><div>said</div></blockquote><p>more</p>"),
        ("1. one\n2. two", '<ol><li value="1">one</li><li value="2">two</li></ol>'),
        ("- one", "<ul><li>one</li></ul>"),
        ("```py\nx = '<b>'\n```", "<pre><code>x = &#x27;&lt;b&gt;&#x27;</code></pre>"),
        (r"\*not lean\*", "<p>*not lean*</p>"),
        ("since <t:12345:R> (<t:12345>)", "<p>since <time>tRsomebody</time> (<time>tsomebody</time>)</p>"),
        (
            "<@12345> in <#12345>",
            '<p><span class="mention">@somebody</span> in <span class="mention">#somebody</span></p>',
        ),
        (
            "[the page](https://example.com/a)",
            '<p><a href="https://example.com/a" rel="noopener noreferrer nofollow">the page</a></p>',
        ),
    ],
)
def test_discords_dialect_is_shown_as_discord_shows_it(typed: str, shown: str) -> None:
    assert to_html(typed, names) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(5, "5 seconds ago"), (60, "1 minute ago"), (-7_200, "in 2 hours"), (200_000, "2 days ago"), (0, "0 seconds ago")],
)
def test_a_time_is_shown_as_how_long_ago_it_is(seconds: int, shown: str) -> None:
    assert f"<time>{shown}</time>" in said(f"it was <t:{int(NOW.timestamp()) - seconds}:R>")


def test_a_moment_is_shown_with_its_date() -> None:
    assert "made <time>4 October 2026 03:22</time>" in said("made <t:1791084135:f>")


def said(text: str) -> str:
    """The page of a world in which time stands still."""
    world = Playground(clock=lambda: NOW).world
    world.post(world.moderators, Message(author_id=world.cast.asker.id, content=text))
    return thread_view(world, world.moderators)


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '[x](https://example.com/"onmouseover="alert(1))',
        "`<img src=x onerror=alert(1)>`",
        "```<script>```",
        "**<b>**",
    ],
)
def test_no_text_becomes_markup(typed: str) -> None:
    shown = to_html(typed, names)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>" not in shown
    assert "javascript:" not in shown or "href" not in shown
    assert 'onmouseover="' not in shown


def test_marks_that_overlap_or_lie_outside_are_left_out() -> None:
    marks = (Mark(start=0, end=3, label="a"), Mark(start=2, end=5, label="b"), Mark(start=9, end=99, label="c"))
    assert marked("one<two", marks) == "<mark>one<small>a</small></mark>&lt;two"


async def test_the_newest_decision_stands_first(http: aiohttp.ClientSession) -> None:
    playground = Playground()
    decisions = [
        Explanation(actions="ask", reason="too little"),
        Explanation(actions="answer", reason="now it is clear"),
    ]
    Page(playground.world, playground.control, explain=lambda _: decisions).add_to(playground.app)
    async with playground:
        playground.control.create_post("One", "words")
        async with http.get(playground.base_url) as answer:
            page = await answer.text()
    assert page.index("now it is clear") < page.index("too little")
