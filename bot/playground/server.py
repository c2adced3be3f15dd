"""REST: every call passes authentication, rate limits, faults, its handler and the observer, in this order."""

import json
import socket
import struct
from collections.abc import Callable
from functools import partial

from aiohttp import web

from bot.playground.call import Answer, Call, Exchange, Handler, read_body, read_list
from bot.playground.faults import Faults, When
from bot.playground.ratelimits import RateLimiter
from bot.playground.refusals import NotPlayedError, RefusalError, unauthorized
from bot.playground.world import World

API_PREFIX = "/api/v10"
_OPEN_ROUTES = ("/gateway",)
#: Here the path holds the token of an interaction.
_BY_TOKEN = ("/interactions/", "/webhooks/")
_MAJOR_IDS = ("channel_id", "guild_id", "webhook_id")
# discord.py takes a 429 without it for a ban at the edge.
_VIA = {"Via": "1.1 google"}


class _ConnectionCutError(Exception):
    pass


class Rest:
    def __init__(
        self,
        world: World,
        routes: dict[tuple[str, str], Handler],
        *,
        token: str,
        limiter: RateLimiter,
        faults: Faults,
        observe: Callable[[Exchange], None],
    ) -> None:
        self.unplayed: list[str] = []
        self._world = world
        self.routes = routes
        self._token = token
        self._limiter = limiter
        self._faults = faults
        self._observe = observe

    def add_to(self, app: web.Application) -> None:
        for (method, route), handler in self.routes.items():
            app.router.add_route(method, API_PREFIX + route, partial(self._serve, route, handler))
        app.router.add_route("*", "/api/{path:.*}", self._serve_unplayed)

    async def _serve(self, route: str, handler: Handler, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(API_PREFIX)
        call = Call(
            world=self._world,
            ids={name: int(value) for name, value in request.match_info.items() if value.isdecimal()},
            query=dict(request.query),
            emoji=request.match_info.get("emoji_name", ""),
            token=request.match_info.get("interaction_token") or request.match_info.get("webhook_token", ""),
        )
        headers: dict[str, str] = {}
        try:
            answer = await self._answer(call, route, path, handler, request, headers)
        except NotPlayedError as unplayed:
            return self._not_played(unplayed)
        except RefusalError as no:
            answer = Answer(status=no.status, body=no.payload)
        except _ConnectionCutError:
            _reset(request)
            return web.Response()
        self._report(request, route, path, call, answer)
        return _response(answer, headers)

    async def _answer(
        self, call: Call, route: str, path: str, handler: Handler, request: web.Request, headers: dict[str, str]
    ) -> Answer:
        is_open = route in _OPEN_ROUTES or route.startswith(_BY_TOKEN)
        if not is_open and request.headers.get("Authorization") != f"Bot {self._token}":
            raise unauthorized()
        if (items := await read_list(request)) is not None:
            call.items = items
        else:
            call.body, call.files = await read_body(request, self._world)
        renames = route == "/channels/{channel_id}" and "name" in call.body
        major_id = next((call.ids[name] for name in _MAJOR_IDS if name in call.ids), None)
        limits, no_room = self._limiter.count(request.method, route, major_id, renames=renames)
        headers.update(limits)
        if no_room is not None:
            raise no_room
        await self._trouble(request.method, route, path, "before")
        try:
            return await handler(call)
        finally:
            await self._trouble(request.method, route, path, "after")

    async def _trouble(self, method: str, route: str, path: str, when: When) -> None:
        for fault in self._faults.strike(method, route, path, when):
            self._world.touch()
            await fault.pass_time()
            if fault.resets:
                raise _ConnectionCutError
            if fault.refusal is not None:
                raise fault.refusal

    async def _serve_unplayed(self, request: web.Request) -> web.StreamResponse:
        return self._not_played(NotPlayedError(f"{request.method} {request.path.removeprefix(API_PREFIX)}"))

    def _not_played(self, unplayed: NotPlayedError) -> web.StreamResponse:
        self.unplayed.append(unplayed.what)
        return _response(Answer(status=unplayed.status, body=unplayed.payload), {})

    def _report(self, request: web.Request, route: str, path: str, call: Call, answer: Answer) -> None:
        self._world.touch()
        has_body = request.method in ("POST", "PUT", "PATCH") and request.content_length != 0
        self._observe(
            Exchange(
                method=request.method,
                route=route,
                path=path,
                query=call.query,
                request=(call.items or call.body) if has_body else None,
                status=answer.status,
                response=answer.body,
            )
        )


def _response(answer: Answer, headers: dict[str, str]) -> web.Response:
    if answer.status == 204:
        return web.Response(status=204, headers=headers | _VIA)
    # discord.py compares the whole header: a charset after it would make the body plain text.
    json_type = {"content-type": "application/json"}
    body = json.dumps(answer.body, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
    return web.Response(status=answer.status, body=body, headers=headers | _VIA | json_type)


def _reset(request: web.Request) -> None:
    """A real RST, so that the client meets `ECONNRESET` and not a polite end of stream."""
    transport = request.transport
    if transport is None:
        return
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
