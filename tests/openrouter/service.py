"""The service on this machine: it answers, refuses, dawdles and lies, as a test tells it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Service:
    """`answers` are used up one a request, by path; the last one stays."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[str] = []
        self.answers: dict[str, list[Handler]] = {}
        self.never = asyncio.Event()

    def on(self, path: str, *handlers: Handler) -> None:
        self.answers[path] = list(handlers)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        handlers = self.answers.get(request.path)
        if not handlers:
            return await refuses(404)(request)
        return await (handlers.pop(0) if len(handlers) > 1 else handlers[0])(request)


@asynccontextmanager
async def served() -> AsyncIterator[Service]:
    service = Service()
    app = web.Application()
    app.router.add_get("/{path:.*}", service.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.base = f"http://{host}:{port}"
    try:
        yield service
    finally:
        service.never.set()
        await runner.cleanup()


def says(payload: object) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.json_response(payload)

    return handle


def sends(body: bytes, *, content_type: str = "application/json", status: int = 200) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type, status=status)

    return handle


def refuses(status: int, **headers: str) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        body = json.dumps({"error": {"message": "Not now", "code": status}})
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(text=body, status=status, headers=named, content_type="application/json")

    return handle


def hangs(service: Service) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        await service.never.wait()
        return web.Response()

    return handle


def breaks_off(body: bytes, *, told: int) -> Handler:
    """Tells of more bytes than come, then cuts the connection."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": str(told), "content-type": "application/json"})
        await response.prepare(request)
        await response.write(body)
        assert request.transport is not None
        request.transport.close()
        return response

    return handle


def pours(megabytes: int) -> Handler:
    """A body of so many megabytes, told to nobody beforehand."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "application/json"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for _ in range(megabytes):
            await response.write(b" " * 1024 * 1024)
        return response

    return handle
