"""Pictures and live facts through a whole Heron: fetched from the playground, read, told; never waited for long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
import pytest_asyncio

from bot.playground import Playground, wire
from bot.playground.model import Payload
from tests.end_to_end.house import DIM, HandClock
from tests.end_to_end.sensing import SensingHouse, sensing_house
from tests.end_to_end.test_no_traces import everything_kept, everything_said
from tests.end_to_end.test_pauses_and_timers import KEY, WARNED, order
from tests.openrouter.service import Service, hangs, served
from tests.replies.test_hostile_posts import leaked
from tests.tiny_knowledge import tiny


class Recogniser:
    """Reads what stands in the file, once it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.may.set()
        self.read_so_far = 0

    async def read(self, picture: bytes) -> Sequence[str]:
        await self.may.wait()
        self.read_so_far += 1
        return picture.decode().split("\n")


def forwarding(payload_of: Callable[..., Payload]) -> Callable[..., Payload]:
    """Makes of each message with files one that was forwarded, as Discord tells of it."""

    def told(*arguments: Any, **options: Any) -> Payload:
        payload = payload_of(*arguments, **options)
        if not payload["attachments"]:
            return payload
        kept = "type content timestamp edited_timestamp flags mentions mention_roles attachments embeds components"
        snapshot = {name: payload[name] for name in kept.split()}
        return payload | {"content": "", "attachments": [], "message_snapshots": [{"message": snapshot}]}

    return told


@pytest.fixture
def recogniser() -> Recogniser:
    return Recogniser()


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with served() as running:
        yield running


@pytest_asyncio.fixture
async def house(
    playground: Playground, clock: HandClock, database_url: str, recogniser: Recogniser, service: Service
) -> AsyncIterator[SensingHouse]:
    sensing = sensing_house(playground, tiny(), database_url, clock, recogniser=recogniser, service_url=service.base)
    async with sensing as house:
        await house.start()
        yield house


async def test_an_error_in_a_picture_is_answered(house: SensingHouse) -> None:
    thread = house.control.create_post("The lamp", "see here", attachments=[("screen.png", DIM.encode())])
    await house.settle()
    assert "Your screenshot says:" in house.only_answer(thread).content


async def test_a_picture_that_is_read_late_changes_the_message_that_stands(
    house: SensingHouse, recogniser: Recogniser
) -> None:
    house.gather_s = 0.0
    await house.restart()
    recogniser.may.clear()
    thread = house.control.create_post("The lamp", "help, why is that", attachments=[("screen.png", DIM.encode())])
    await house.control.wait_for(lambda: bool(house.answers(thread)))
    assert "screenshot says" not in house.only_answer(thread).content
    recogniser.may.set()
    await house.settle()
    assert "Your screenshot says:" in house.only_answer(thread).content


async def test_pictures_of_others_are_not_even_fetched(house: SensingHouse, recogniser: Recogniser) -> None:
    thread = await house.asks(DIM)
    house.control.reply(thread, "mine, too", by=house.cast.another, attachments=[("screen.png", b"secret")])
    house.control.reply(thread, "and mine", by=house.cast.moderator, attachments=[("screen.png", b"secret")])
    await house.settle()
    assert recogniser.read_so_far == 0


async def test_a_forwarded_picture_is_not_fetched_and_a_forwarded_log_is_read(
    house: SensingHouse, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "message_payload", forwarding(wire.message_payload))
    files = [("screen.png", DIM.encode()), ("error.log", DIM.encode())]
    thread = house.control.create_post("The lamp", "help, why is that", attachments=files)
    await house.settle()
    assert "Your file says:" in house.only_answer(thread).content
    assert recogniser.read_so_far == 0


async def test_a_service_that_hangs_delays_no_answer(house: SensingHouse, service: Service) -> None:
    service.on("/models/qwen/qwen3-coder/endpoints", hangs(service))
    thread = await house.asks(f"model: qwen/qwen3-coder\n{DIM}")
    assert house.only_answer(thread).content
    assert service.asked == ["/models/qwen/qwen3-coder/endpoints"]


async def test_an_error_in_a_log_is_answered_and_nothing_that_it_holds_is_asked(house: SensingHouse) -> None:
    log = f"starting\nconnecting\n{DIM}\n".encode("utf-16")
    thread = house.control.create_post("The lamp", "my log is attached, help", attachments=[("error.log", log)])
    await house.settle()
    answer = house.only_answer(thread)
    assert "Your file says:" in answer.content
    assert "?" not in answer.content.partition("Your file says:")[0]


async def test_files_that_are_huge_or_no_text_break_nothing_and_are_told_of(house: SensingHouse) -> None:
    for content in (b"x" * 10 * 1024 * 1024, b"MZ\x90\0\3\0\0\0" * 300):
        thread = house.control.create_post("The lamp", "it does not work, help", attachments=[("error.log", content)])
        await house.settle()
        assert "couldn't read your file" in house.only_answer(thread).content


@pytest.mark.parametrize("filename", ["error.log", "message.txt", "screen.png"])
async def test_a_key_in_a_file_of_a_pause_is_told_about_and_kept_nowhere(
    house: SensingHouse, playground: Playground, database_url: str, filename: str
) -> None:
    await order(house, playground, is_paused=True)
    file = (filename, f"starting\n{KEY}\n{DIM}\n".encode())
    thread = house.control.create_post("The lamp", "my log is attached, help", attachments=[file])
    await house.settle()
    warning = house.only_answer(thread)
    assert (warning.content.startswith(WARNED), "dim" in warning.content) == (True, False)
    assert len(house.cards) == 1
    await order(house, playground, is_paused=False)
    await house.after(60)
    assert house.only_answer(thread) is warning
    assert (warning.content.count(WARNED), "upstream is dim" in warning.content) == (1, True)
    kept = await everything_kept(database_url)
    assert "upstream is dim" in kept
    assert not leaked(KEY, kept + everything_said(house))
