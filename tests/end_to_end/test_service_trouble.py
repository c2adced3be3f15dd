"""The service that is asked for live facts is down, slow or lying: answers come in time and state nothing of it."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.openrouter.breaker import FAILURES, FIRST_PAUSE_S
from bot.playground import Message, Playground
from tests.end_to_end.house import HandClock
from tests.end_to_end.sensing import SensingHouse, sensing_house
from tests.openrouter.samples import endpoint, endpoints
from tests.openrouter.service import Handler, Service, breaks_off, hangs, pours, refuses, says, sends, served
from tests.shipped_knowledge import shipped

#: What the service says is never stored.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MODEL = "qwen/qwen3-coder:free"
PATH = f"/models/{MODEL}/endpoints"
ERROR = (
    '{"error": {"message": "Provider returned error", "code": 429, "metadata": {"raw": "'
    f'{MODEL} is temporarily rate-limited upstream. Please retry shortly", "provider_name": "Chutes"}}}}}}'
)
ALONE = f"Only Chutes serves `{MODEL}` (looked up "
MOST_S = 2.0
HEALTHY = says(endpoints(endpoint("Chutes")))
#: A port at which nobody listens.
NOBODY = "http://127.0.0.1:9"

TROUBLE: dict[str, Callable[[Service], Handler]] = {
    "500": lambda _: refuses(500),
    "429 with a long wait": lambda _: refuses(429, retry_after="3600"),
    "an HTML page": lambda _: sends(b"<html>Only Chutes serves it</html>", content_type="text/html"),
    "an HTML page that calls itself JSON": lambda _: sends(b"<html>busy</html>"),
    "cut-off JSON": lambda _: sends(b'{"data": {"endpoints": [{"provider_name": "Chu'),
    "a connection that is cut": lambda _: breaks_off(b'{"data": {"endpoints": [', told=1_000),
    "another shape": lambda _: says({"data": {"endpoints": {"Chutes": True}}}),
    "rows of another shape": lambda _: says({"data": {"endpoints": [{"provider_name": 7}, "Chutes", None]}}),
    "10 MB": lambda _: pours(10),
    "silence": hangs,
}


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with served() as running:
        yield running


@pytest_asyncio.fixture
async def house(
    playground: Playground, clock: HandClock, database_url: str, service: Service
) -> AsyncIterator[SensingHouse]:
    made = sensing_house(playground, shipped(), database_url, clock, service_url=service.base, wait_s=1.0)
    async with made as house:
        await house.start()
        yield house


async def answer_in_time(house: SensingHouse) -> Message:
    loop = asyncio.get_running_loop()
    began = loop.time()
    thread = house.control.create_post("It stops", ERROR)
    await house.control.wait_for(lambda: bool(house.answers(thread)))
    took_s = loop.time() - began
    await house.settle()
    assert took_s < MOST_S
    answer = house.only_answer(thread)
    assert f"**Chutes refused `{MODEL}`, not your account.**" in answer.content
    return answer


async def test_a_service_that_is_well_is_quoted_with_the_time(house: SensingHouse, service: Service) -> None:
    service.on(PATH, HEALTHY)
    assert ALONE in (await answer_in_time(house)).content


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_trouble_of_the_service_delays_no_answer_and_gets_into_none(
    house: SensingHouse, service: Service, trouble: str
) -> None:
    service.on(PATH, TROUBLE[trouble](service))
    answer = await answer_in_time(house)
    assert PATH in service.asked
    assert "looked up" not in answer.content.lower()
    assert "serves" not in answer.content


async def test_nobody_at_the_address_of_the_service_delays_no_answer(
    playground: Playground, clock: HandClock, database_url: str
) -> None:
    async with sensing_house(playground, shipped(), database_url, clock, service_url=NOBODY, wait_s=1.0) as house:
        await house.start()
        assert "looked up" not in (await answer_in_time(house)).content.lower()


async def test_a_service_that_fails_is_left_alone_for_a_while_and_then_asked_again(
    house: SensingHouse, service: Service
) -> None:
    service.on(PATH, sends(b"<html>"))
    for _ in range(FAILURES):
        await answer_in_time(house)
    assert len(service.asked) == FAILURES
    service.on(PATH, HEALTHY)
    assert ALONE not in (await answer_in_time(house)).content
    assert len(service.asked) == FAILURES  # left alone
    await house.after(FIRST_PAUSE_S + 1)
    assert ALONE in (await answer_in_time(house)).content
    assert len(service.asked) == FAILURES + 1
