"""Live facts from a real server on this machine: quick when they can be, left out when not, and never made up."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from bot.extraction.catalogue_index import index_of
from bot.helpdesk.ports import ServedBy
from bot.openrouter.api import Api
from bot.openrouter.facts import MAX_MODELS, Addresses, LiveFacts
from tests.openrouter.samples import endpoint, endpoints, feed, model, models
from tests.openrouter.service import Handler, Service, breaks_off, hangs, pours, refuses, says, sends
from tests.shipped_knowledge import NOW, shipped

MODEL = "qwen/qwen3-coder:free"
PATH = f"/models/{MODEL}/endpoints"
#: Nothing here takes longer than this, whatever the service does.
WAIT_S = 0.1


class World:
    def __init__(self, service: Service, client: httpx.AsyncClient) -> None:
        self.now = NOW
        self.service = service
        self.pauses: list[float] = []
        self.facts = LiveFacts(
            Api(client, random=lambda: 1.0, pause=self._no_pause),
            Addresses.at(service.base),
            packaged=shipped().base.catalogue,
            now=self._now,
            pause=self._pause,
            wait_s=WAIT_S,
        )
        self.is_over = asyncio.Event()

    def _now(self) -> datetime:
        return self.now

    async def _no_pause(self, _: float) -> None: ...

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if len(self.pauses) >= 4:
            self.is_over.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)


@pytest.fixture
def world(service: Service, client: httpx.AsyncClient) -> World:
    return World(service, client)


async def test_who_serves_a_model_is_known_with_the_time(world: World) -> None:
    world.service.on(PATH, says(endpoints(endpoint("Chutes"))))
    live = await world.facts.about([MODEL])
    assert live.endpoints[MODEL].served_by == (ServedBy(provider="Chutes", uptime=99.5),)
    assert live.endpoints[MODEL].read_at == NOW


async def test_the_same_model_is_asked_about_once_in_a_while(world: World) -> None:
    world.service.on(PATH, says(endpoints(endpoint("Chutes"))))
    await asyncio.gather(*(world.facts.about([MODEL]) for _ in range(5)))
    world.now += timedelta(minutes=2)
    await world.facts.about([MODEL.upper()])
    assert world.service.asked == [PATH]
    world.now += timedelta(minutes=2)
    await world.facts.about([MODEL])
    assert world.service.asked == [PATH, PATH]


async def test_a_model_that_nobody_knows_has_no_endpoint(world: World) -> None:
    live = await world.facts.about([MODEL])
    assert live.endpoints[MODEL].served_by == ()


async def test_a_way_to_route_is_no_model_of_its_own(world: World) -> None:
    world.service.on("/models/qwen/qwen3-coder/endpoints", says(endpoints(endpoint("Chutes"))))
    live = await world.facts.about(["qwen/qwen3-coder:nitro"])
    assert live.endpoints["qwen/qwen3-coder:nitro"].served_by


@pytest.mark.parametrize(
    "typed", ["../../key", "a/b/../../c", "https://x.example.com/a", "a/b?x=1", "a/b#c", "a b/c", "a/" + "b" * 300]
)
async def test_nothing_but_an_id_gets_into_an_address(world: World, typed: str) -> None:
    await world.facts.about([typed])
    assert world.service.asked == []


async def test_of_many_models_few_are_asked_about(world: World) -> None:
    await world.facts.about([f"lamp/wick-{number}" for number in range(20)])
    assert len(world.service.asked) == MAX_MODELS


SAD: dict[str, Callable[[Service], Handler]] = {
    "down": lambda _: refuses(503),
    "hanging": hangs,
    "an HTML page": lambda _: sends(b"<html>", content_type="text/html"),
    "another shape": lambda _: says({"data": 1}),
    "cut off": lambda _: breaks_off(b"{", told=100),
    "ten megabytes": lambda _: pours(10),
}


@pytest.mark.parametrize("sad", SAD)
async def test_without_an_answer_nothing_is_said_and_nobody_waits(world: World, sad: str) -> None:
    world.service.on(PATH, SAD[sad](world.service))
    began = asyncio.get_running_loop().time()
    live = await world.facts.about([MODEL])
    assert asyncio.get_running_loop().time() - began < 1.5
    assert dict(live.endpoints) == {}
    await world.facts.stop()


async def test_an_answer_that_comes_too_late_serves_the_next_post(world: World) -> None:
    may = asyncio.Event()

    async def slow(request: object) -> object:
        await may.wait()
        return await says(endpoints(endpoint("Chutes")))(request)  # type: ignore[arg-type]

    world.service.on(PATH, slow)  # type: ignore[arg-type]
    assert MODEL not in (await world.facts.about([MODEL])).endpoints
    may.set()
    assert MODEL in (await world.facts.about([MODEL])).endpoints
    assert world.service.asked == [PATH]


async def test_the_list_is_the_packaged_one_until_it_is_read(world: World) -> None:
    assert world.facts.catalogue is shipped().base.catalogue
    world.service.on("/models", says(models(model("lamp/brand-new"), count=600)))
    assert await world.facts.refresh_catalogue()
    assert "lamp/brand-new" in world.facts.catalogue.current
    assert shipped().base.catalogue.past < world.facts.catalogue.past


async def test_no_post_waits_for_the_indexes_of_a_new_list(world: World) -> None:
    world.service.on("/models", says(models(model("lamp/brightest-1.5"), count=600)))
    await world.facts.refresh_catalogue()
    built = index_of.cache_info().misses
    assert index_of(world.facts.catalogue).has("lamp/brightest-1.5")
    assert index_of.cache_info().misses == built


@pytest.mark.parametrize("answer", [refuses(503), says(models(count=3)), sends(b"<html>"), says([])])
async def test_a_list_that_cannot_be_read_leaves_the_one_before(world: World, answer: Handler) -> None:
    world.service.on("/models", says(models(model("lamp/brand-new"), count=600)), answer)
    await world.facts.refresh_catalogue()
    assert not await world.facts.refresh_catalogue()
    assert "lamp/brand-new" in world.facts.catalogue.current


async def test_list_and_incident_are_kept_up_to_date(world: World) -> None:
    world.service.on("/models", refuses(404), says(models(count=600)))
    item = ("Errors with chat", "Tue, 24 Nov 2026 11:00:00 GMT", "")
    world.service.on("/incidents.rss", sends(feed(item), content_type="application/rss+xml"))
    running = asyncio.create_task(world.facts.run())
    async with asyncio.timeout(5):
        await world.is_over.wait()
    live = await world.facts.about([])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert live.incident is not None
    assert live.catalogue is not None
    assert set(world.pauses) <= {3600.0, 300.0}


def test_the_real_service_is_asked_only_where_nothing_else_is_named() -> None:
    assert Addresses.at("http://127.0.0.1:1/api").feed == "http://127.0.0.1:1/api/incidents.rss"
    assert Addresses.at(None).feed.startswith("https://")
