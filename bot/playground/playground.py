"""Puts the playground together and serves it: gateway, REST and attachments on one port of this machine."""

from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.playground.call import Observer, Unobserved
from bot.playground.config import PlaygroundConfig
from bot.playground.control import Control
from bot.playground.faults import Faults
from bot.playground.gateway import Gateway
from bot.playground.ids import Clock
from bot.playground.interactions import Interactions
from bot.playground.model import Payload
from bot.playground.ratelimits import RateLimiter
from bot.playground.rest import account, interactions, members, messages, reactions, threads
from bot.playground.server import API_PREFIX, Rest
from bot.playground.world import World

TOKEN = "FAKE-TOKEN-OF-THE-PLAYGROUND"
_UPLOAD_CEILING = 128 * 1024 * 1024


def _now() -> datetime:
    return datetime.now(UTC)


class Playground:
    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        config: PlaygroundConfig | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.config = config or PlaygroundConfig()
        self.token = TOKEN
        self.world = World(config=self.config, seed=seed, clock=clock or _now)
        watch = observer or Unobserved()
        self.gateway = Gateway(self.world, token=self.token, watch=watch.dispatched)
        self.limiter = RateLimiter(self.config.rate_limits)
        self.app = web.Application(client_max_size=_UPLOAD_CEILING)  # a page may add its own routes before the start
        self._faults = Faults()
        pressed = self._interactions = Interactions(self.world)
        self.control = Control(self.world, self.gateway, self._faults, pressed)
        routes = {
            **account.routes(lambda: self.gateway.url),
            **interactions.routes(pressed),
            **members.ROUTES,
            **messages.ROUTES,
            **reactions.ROUTES,
            **threads.ROUTES,
        }
        self._rest = Rest(
            self.world, routes, token=self.token, limiter=self.limiter, faults=self._faults, observe=watch.exchanged
        )
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """What `DISCORD_API_URL` is set to."""
        return self.base_url + API_PREFIX

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    @property
    def cdn_host(self) -> str:
        """Where attachments come from, as `host:port`."""
        return f"{self._host}:{self._port}"

    @property
    def routes(self) -> list[tuple[str, str]]:
        return list(self._rest.routes)

    @property
    def registered_commands(self) -> list[Payload]:
        return self._interactions.commands

    @property
    def unimplemented(self) -> list[str]:
        """What a client asked for and the playground does not play."""
        return self._rest.unplayed + self.gateway.unplayed

    async def __aenter__(self) -> Self:
        self._rest.add_to(self.app)
        self.app.router.add_get("/gateway", self.gateway.serve)
        self.app.router.add_get("/gateway/resume", self.gateway.serve)
        self.app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self.world.cdn.serve)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.world.cdn.base_url = self.base_url
        self.gateway.base_url = f"ws://{self._host}:{self._port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._faults.clear()
        self.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()
