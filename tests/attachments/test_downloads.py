"""Downloads from a real server on this machine: only from hosts on the list, and never more than was agreed."""

import gzip
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from aiohttp import web

from bot.attachments.client import open_client
from bot.attachments.downloads import Caps, Downloads, NotFetched
from tests.openrouter.service import Handler, Service, breaks_off, hangs, pours, refuses, sends, served

SMALL = Caps(max_bytes=64 * 1024, seconds=5.0)


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with served() as running:
        yield running


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as one:
        yield one


@pytest.fixture
def downloads(service: Service, client: httpx.AsyncClient) -> Downloads:
    return Downloads(client, origins=[f"{service.base}/api/v10"], caps=SMALL)


def redirects(to: str) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(to)

    return handle


def packed(content: bytes) -> Handler:
    small = gzip.compress(content)

    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(body=small, headers={"Content-Encoding": "gzip"})

    return handle


async def test_a_file_comes_whole(service: Service, downloads: Downloads) -> None:
    service.on("/a.png", sends(b"picture", content_type="image/png"))
    assert await downloads.fetch(f"{service.base}/a.png?ex=1&hm=2") == b"picture"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.png",
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:8443/a.png",
        "https://cdn.discordapp.com@example.com/a.png",
        "https://user:FAKE@cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com.example.com/a.png",
        "http://127.0.0.1:1/a.png",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/hostname",
        "ftp://cdn.discordapp.com/a.png",
        "//cdn.discordapp.com/a.png",
        "a.png",
        "",
        "https://[",
    ],
)
async def test_other_addresses_are_not_asked(downloads: Downloads, address: str) -> None:
    with pytest.raises(NotFetched):
        await downloads.fetch(address)


@pytest.mark.parametrize(
    "to",
    ["/b.png", "/a.png", "https://example.com/b.png", "http://127.0.0.1:1/b.png", "file:///etc/hostname"],
)
async def test_no_redirect_is_followed_wherever_it_leads(service: Service, downloads: Downloads, to: str) -> None:
    service.on("/a.png", redirects(to))
    service.on("/b.png", sends(b"picture"))
    with pytest.raises(NotFetched, match="status 302"):
        await downloads.fetch(f"{service.base}/a.png")
    assert service.asked == ["/a.png"]


async def test_a_file_that_unpacks_to_a_huge_one_is_not_even_unpacked(service: Service, downloads: Downloads) -> None:
    service.on("/a.log", packed(b"x" * 50 * 1024 * 1024))
    tracemalloc.start()
    with pytest.raises(NotFetched, match="packed"):
        await downloads.fetch(f"{service.base}/a.log")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


@pytest.mark.parametrize("answer", [pours(10), sends(b"x" * 65 * 1024)], ids=["untold", "told"])
async def test_a_file_that_is_too_large_is_cut_off(service: Service, downloads: Downloads, answer: Handler) -> None:
    service.on("/a.png", answer)
    with pytest.raises(NotFetched, match="too large"):
        await downloads.fetch(f"{service.base}/a.png")


async def test_a_file_that_is_too_slow_is_given_up(service: Service, client: httpx.AsyncClient) -> None:
    downloads = Downloads(client, origins=[service.base], caps=Caps(max_bytes=1024, seconds=0.05))
    service.on("/a.png", hangs(service))
    with pytest.raises(NotFetched, match="too long"):
        await downloads.fetch(f"{service.base}/a.png")


@pytest.mark.parametrize("answer", [refuses(404), refuses(500), breaks_off(b"x", told=100)])
async def test_what_is_not_there_or_breaks_off_is_not_fetched(
    service: Service, downloads: Downloads, answer: Handler
) -> None:
    service.on("/a.png", answer)
    with pytest.raises(NotFetched):
        await downloads.fetch(f"{service.base}/a.png")


async def test_the_reason_does_not_tell_the_address(service: Service, downloads: Downloads) -> None:
    with pytest.raises(NotFetched) as refused:
        await downloads.fetch(f"{service.base}/a.png?hm=FAKE-signature")
    assert "FAKE" not in str(refused.value)
