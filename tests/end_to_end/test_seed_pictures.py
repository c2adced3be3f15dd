"""The thread of the demo with the two pictures it names, drawn and read for real: nothing is asked that they show."""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
import pytest_asyncio

from bot.playground import Playground, Thread
from bot.screenshots.process import Bounds, ReadingProcess
from bot.screenshots.reader import can_read
from tests.browser import CHROMIUM
from tests.end_to_end.house import HandClock, labels
from tests.end_to_end.sensing import SensingHouse, sensing_house
from tests.end_to_end.test_seed_at_the_desk import SEED
from tests.screenshots.camera import photograph
from tests.screenshots.gallery import ACTIVITY, CREDITS, QWEN
from tests.shipped_knowledge import shipped

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not can_read(), reason="the extra for reading pictures is not installed"),
    # What pictures show is not stored differently by one database or the other, and to read them takes seconds.
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PAGES = {"credits-page.png": CREDITS, "activity-page.png": ACTIVITY}
#: Says neither what failed nor which model; the activity page shows both.
VAGUE = "I bought credits and it still stops, help please"
WHAT_FAILED = "What do you see when it fails?"
WHICH_WORDS = "Which words are in your error?"  # the pages show a code, and no words of it


class ReadingAloud:
    """The real process, and what it read."""

    def __init__(self) -> None:
        self.process = ReadingProcess(Bounds(start_s=60.0, picture_s=60.0))  # the machine may be busy
        self.lines: list[str] = []

    async def read(self, picture: bytes) -> Sequence[str]:
        lines = await self.process.read(picture)
        self.lines += lines
        return lines


@pytest.fixture(scope="module")
def pictures() -> Mapping[str, bytes]:
    taken = photograph(tuple(PAGES.values()))
    return {name: taken[page.name] for name, page in PAGES.items()}


@pytest_asyncio.fixture
async def aloud(pictures: Mapping[str, bytes]) -> AsyncIterator[ReadingAloud]:
    one = ReadingAloud()
    await one.process.read(next(iter(pictures.values())))  # started and warm
    yield one
    await one.process.stop()


@pytest_asyncio.fixture
async def house(
    playground: Playground, clock: HandClock, database_url: str, aloud: ReadingAloud
) -> AsyncIterator[SensingHouse]:
    made = sensing_house(playground, shipped(), database_url, clock, recogniser=aloud, gather_s=60.0)
    async with made as house:
        await house.start()
        yield house


async def played(house: SensingHouse, pictures: Mapping[str, bytes]) -> Thread:
    """The seed thread with these of its pictures; a message of which nothing is left is not sent."""
    seed = json.loads(SEED.read_text("utf-8"))
    first, *others = seed["events"]
    thread = await house.asks(first["text"], title=seed["title"])
    for event in others:
        files = [(name, pictures[name]) for name in event.get("attachments", ()) if name in pictures]
        if event["text"] or files:
            house.control.reply(thread, event["text"], attachments=files)
            await house.settle()
    return thread


def questions(text: str) -> Sequence[str]:
    return re.findall(r"[A-Z][^.?!*]*\?", text)


async def test_the_pages_are_read_and_the_answer_to_the_error_is_the_same_as_without_them(
    house: SensingHouse, pictures: Mapping[str, bytes], aloud: ReadingAloud
) -> None:
    with_pages = await played(house, pictures)
    shown = " ".join(aloud.lines)
    assert all(word in shown for word in ("$10.00", "Chutes", QWEN, "429"))
    without = await played(house, {})
    one, other = house.answers(with_pages)[-1], house.answers(without)[-1]
    assert f"**Chutes refused `{QWEN}`, not your account.**" in one.content
    assert (one.content, labels(one)) == (other.content, labels(other))


async def test_nothing_is_asked_that_the_pages_of_the_seed_show(
    house: SensingHouse, pictures: Mapping[str, bytes]
) -> None:
    thread = await played(house, pictures)
    *before, last = house.answers(thread)
    assert [questions(message.content) for message in before] == [[WHICH_WORDS]]
    assert questions(last.content) == []


async def test_what_a_page_shows_is_told_and_takes_the_place_of_the_question_for_it(
    house: SensingHouse, pictures: Mapping[str, bytes]
) -> None:
    unseen = await house.asks(VAGUE, title="It stops")
    assert questions(house.only_answer(unseen).content) == [WHAT_FAILED]
    thread = house.control.create_post("It stops", VAGUE, attachments=list(pictures.items()))
    await house.settle()
    answer = house.only_answer(thread)
    assert questions(answer.content) == [WHICH_WORDS]
    assert f"In your screenshot I read `HTTP 429`, `{QWEN}`, `moonshotai/kimi-k2:free`, `Chutes`." in answer.content
    assert not [label for label in labels(answer) if "402 or 429" in label]
