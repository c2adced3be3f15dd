"""Questions to a real server on this machine: answers, refusals, slowness, garbage; bounded, and not trusted."""

import asyncio
import gzip
from collections.abc import Callable

import httpx
import pytest
from aiohttp import web

from bot.openrouter.api import TRIES, Api, Bounds, Unavailable, Unknown
from bot.openrouter.breaker import FAILURES, FIRST_PAUSE_S, LONGEST_PAUSE_S
from tests.openrouter.service import Handler, Service, breaks_off, hangs, pours, refuses, says, sends

QUICK = Bounds(seconds=5.0, max_bytes=64 * 1024)
SHORT = Bounds(seconds=0.05, max_bytes=64 * 1024)


class Time:
    """A clock that a pause moves."""

    def __init__(self) -> None:
        self.at = 1_000.0
        self.pauses: list[float] = []

    def now(self) -> float:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def api(client: httpx.AsyncClient, time: Time) -> Api:
    return Api(client, random=lambda: 1.0, pause=time.pause, now=time.now)


async def test_what_the_service_says_is_read(service: Service, api: Api) -> None:
    service.on("/models", says({"data": []}))
    assert await api.json(f"{service.base}/models", QUICK) == {"data": []}


async def test_what_does_not_exist_is_no_failure(service: Service, api: Api) -> None:
    for _ in range(2 * FAILURES):
        with pytest.raises(Unknown):
            await api.json(f"{service.base}/models", QUICK)
    assert not api.breaker(service.base).is_open


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520, 522, 524, 529])
async def test_what_passes_is_tried_again(service: Service, api: Api, time: Time, status: int) -> None:
    service.on("/models", refuses(status), refuses(status), says([1]))
    assert await api.json(f"{service.base}/models", QUICK) == [1]
    assert time.pauses == [0.2, 0.4]


async def test_it_is_tried_a_few_times_and_no_more(service: Service, api: Api) -> None:
    service.on("/models", refuses(503))
    with pytest.raises(Unavailable, match="status 503"):
        await api.json(f"{service.base}/models", QUICK)
    assert len(service.asked) == TRIES


async def test_a_wait_that_the_service_asks_for_is_kept(service: Service, api: Api, time: Time) -> None:
    service.on("/models", refuses(429, Retry_After="3"), says([1]))
    assert await api.json(f"{service.base}/models", QUICK) == [1]
    assert time.pauses == [3.0]


async def test_a_wait_beyond_the_deadline_is_kept_by_asking_nobody(service: Service, api: Api, time: Time) -> None:
    service.on("/models", refuses(429, Retry_After="120"))
    with pytest.raises(Unavailable):
        await api.json(f"{service.base}/models", QUICK)
    assert (len(service.asked), time.pauses) == (1, [])
    assert api.breaker(service.base).is_open
    time.at += 121
    assert not api.breaker(service.base).is_open


@pytest.mark.parametrize("header", ["soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT"])
async def test_a_wait_that_is_none_counts_as_none(service: Service, api: Api, time: Time, header: str) -> None:
    service.on("/models", refuses(503, Retry_After=header), says([1]))
    assert await api.json(f"{service.base}/models", QUICK) == [1]
    assert time.pauses == [0.2]


async def test_nobody_waits_for_ages(service: Service, api: Api, time: Time) -> None:
    service.on("/models", refuses(503, Retry_After="9" * 400), says([1]))
    with pytest.raises(Unavailable):
        await api.json(f"{service.base}/models", QUICK)
    time.at += LONGEST_PAUSE_S
    assert await api.json(f"{service.base}/models", QUICK) == [1]


@pytest.mark.parametrize("status", [400, 401, 403, 418, 301])
async def test_what_does_not_pass_is_not_tried_again(service: Service, api: Api, status: int) -> None:
    service.on("/models", refuses(status))
    with pytest.raises(Unavailable, match=f"status {status}"):
        await api.json(f"{service.base}/models", QUICK)
    assert len(service.asked) == 1


async def test_a_service_that_hangs_costs_the_deadline_and_no_more(service: Service, client: httpx.AsyncClient) -> None:
    api = Api(client, random=lambda: 1.0)
    service.on("/models", hangs(service))
    began = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable, match="too long"):
        await api.json(f"{service.base}/models", SHORT)
    assert asyncio.get_running_loop().time() - began < 1.0


GARBAGE: dict[str, Callable[[], Handler]] = {
    "an HTML error page": lambda: sends(b"<html><body>502 Bad Gateway</body></html>", content_type="text/html"),
    "nothing": lambda: sends(b""),
    "half of a body": lambda: sends(b'{"data": [{"id": "a/b"'),
    "no UTF-8": lambda: sends(b'{"data": "\xff\xfe\xfd'),
    "a hundred thousand brackets": lambda: sends(b"[" * 60_000),
}


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_is_no_answer(service: Service, api: Api, garbage: str) -> None:
    service.on("/models", GARBAGE[garbage]())
    with pytest.raises(Unavailable, match="no JSON"):
        await api.json(f"{service.base}/models", QUICK)


async def test_a_connection_that_is_cut_is_tried_again(service: Service, api: Api) -> None:
    service.on("/models", breaks_off(b'{"data": [', told=500), says([1]))
    assert await api.json(f"{service.base}/models", QUICK) == [1]


async def test_ten_megabytes_are_cut_off(service: Service, api: Api) -> None:
    service.on("/models", pours(10))
    with pytest.raises(Unavailable, match="more than 65536 bytes"):
        await api.json(f"{service.base}/models", QUICK)


async def test_a_small_body_that_unpacks_to_a_huge_one_is_cut_off(service: Service, api: Api) -> None:
    async def bomb(_: web.Request) -> web.StreamResponse:
        packed = gzip.compress(b" " * 10 * 1024 * 1024)
        return web.Response(body=packed, headers={"content-encoding": "gzip"}, content_type="application/json")

    service.on("/models", bomb)
    with pytest.raises(Unavailable, match="bytes"):
        await api.json(f"{service.base}/models", QUICK)


async def test_nobody_listening_is_no_answer(api: Api) -> None:
    with pytest.raises(Unavailable, match="ConnectError"):
        await api.json("http://127.0.0.1:9/models", QUICK)


async def test_after_failures_in_a_row_nobody_asks_for_a_while(service: Service, api: Api, time: Time) -> None:
    service.on("/models", sends(b"<html>"))
    for _ in range(FAILURES + 5):
        with pytest.raises(Unavailable):
            await api.json(f"{service.base}/models", QUICK)
    assert len(service.asked) == FAILURES
    time.at += FIRST_PAUSE_S + 1
    service.on("/models", says([1]))
    assert await api.json(f"{service.base}/models", QUICK) == [1]
    assert await api.json(f"{service.base}/models", QUICK) == [1]


async def test_one_host_that_fails_does_not_stop_another(service: Service, api: Api) -> None:
    for _ in range(FAILURES):
        with pytest.raises(Unavailable):
            await api.json("http://localhost:9/models", QUICK)
    service.on("/models", says([1]))
    assert await api.json(f"{service.base}/models", QUICK) == [1]
