"""Live facts for answers: the list of models, who serves one, what the status page says. Never on the critical path."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.extraction import Catalogue
from bot.extraction.catalogue_index import prepare
from bot.helpdesk.ports import Endpoints, Incident, Live, LiveCatalogue
from bot.openrouter.api import Api, Bounds, Unavailable, Unknown
from bot.openrouter.feed import read_incident
from bot.openrouter.shapes import read_endpoints, read_models

log = logging.getLogger(__name__)

#: An answer waits no longer for what it can do without.
WAIT_S = 1.5
#: Models of one post that are looked up, and models that are remembered.
MAX_MODELS, REMEMBERED = 3, 300
#: Age up to which a reading is used without asking again.
RECENT = timedelta(minutes=3)
CATALOGUE_EVERY_S, INCIDENT_EVERY_S = 3600.0, 300.0
#: After a failure the list is asked for again sooner.
AFTER_FAILURE_S = 300.0

_CATALOGUE = Bounds(seconds=20.0, max_bytes=8 * 1024 * 1024)
_ENDPOINTS = Bounds(seconds=5.0, max_bytes=512 * 1024)
_FEED = Bounds(seconds=10.0, max_bytes=1024 * 1024)
_ID = re.compile(r"~?[a-z0-9][a-z0-9._-]{0,60}/[a-z0-9][a-z0-9._-]{0,90}(?P<variant>:[a-z0-9-]{2,20})?")
#: Variants that are ways to route: their endpoints are those of the plain id.
_ROUTED = frozenset({":nitro", ":floor", ":online", ":exacto"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    api: str = "https://openrouter.ai/api/v1"
    feed: str = "https://status.openrouter.ai/incidents.rss"

    @classmethod
    def at(cls, api: str | None) -> "Addresses":
        """Another service has its feed beside its API; the real one is asked only when nothing else is named."""
        return cls() if api is None else cls(api=api, feed=f"{api}/incidents.rss")


class LiveFacts:
    """`now` says the time; `pause` waits between two readings in the background."""

    def __init__(
        self,
        api: Api,
        addresses: Addresses,
        *,
        packaged: Catalogue,
        now: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        wait_s: float = WAIT_S,
    ) -> None:
        self._api = api
        self._addresses = addresses
        self._packaged = packaged
        self._now = now
        self._pause = pause
        self._wait_s = wait_s
        self._catalogue: LiveCatalogue | None = None
        self._incident: Incident | None = None
        self._endpoints: OrderedDict[str, Endpoints] = OrderedDict()
        self._asking: dict[str, asyncio.Task[None]] = {}

    @property
    def catalogue(self) -> Catalogue:
        """The newest list that could be read, whatever its age; else the one that came with Heron."""
        return self._catalogue.catalogue if self._catalogue is not None else self._packaged

    async def about(self, models: Sequence[str]) -> Live:
        """What is known about these models; what is not there in time is left out and remembered for the next."""
        wanted = [m for m in dict.fromkeys(model.lower() for model in models) if _ID.fullmatch(m)][:MAX_MODELS]
        asking = [self._ask(model) for model in wanted if not self._is_recent(model)]
        if asking:
            await asyncio.wait(asking, timeout=self._wait_s)
        known = {model: self._endpoints[model] for model in wanted if model in self._endpoints}
        return Live(catalogue=self._catalogue, endpoints=known, incident=self._incident)

    async def run(self) -> None:
        """Keeps list and incident up to date until it is cancelled."""
        await asyncio.gather(self._keep_catalogue(), self._keep_incident())

    async def stop(self) -> None:
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def refresh_catalogue(self) -> bool:
        """False when the list that is known has to do for now."""
        try:
            answer = await self._api.json(f"{self._addresses.api}/models?output_modalities=all", _CATALOGUE)
            known = read_models(answer, before=self.catalogue, read_at=self._now())
        except (Unavailable, Unknown) as error:
            log.warning("the list of models was not read: %s", error)
            return False
        await asyncio.to_thread(prepare, known.catalogue)
        self._catalogue = known
        return True

    async def refresh_incident(self) -> None:
        try:
            body = await self._api.body(self._addresses.feed, _FEED)
            self._incident = read_incident(body, read_at=self._now())
        except (Unavailable, Unknown) as error:
            log.info("the status feed was not read: %s", error)

    async def _keep_catalogue(self) -> None:
        while True:
            has_list = await self.refresh_catalogue()
            await self._pause(CATALOGUE_EVERY_S if has_list else AFTER_FAILURE_S)

    async def _keep_incident(self) -> None:
        while True:
            await self.refresh_incident()
            await self._pause(INCIDENT_EVERY_S)

    def _is_recent(self, model: str) -> bool:
        known = self._endpoints.get(model)
        return known is not None and self._now() - known.read_at <= RECENT

    def _ask(self, model: str) -> "asyncio.Task[None]":
        task = self._asking.get(model)
        if task is None:
            task = self._asking[model] = asyncio.create_task(self._read_endpoints(model))
            task.add_done_callback(lambda _: self._asking.pop(model, None))
        return task

    async def _read_endpoints(self, model: str) -> None:
        try:
            answer = await self._api.json(f"{self._addresses.api}/models/{_path(model)}/endpoints", _ENDPOINTS)
            self._remember(model, read_endpoints(answer, read_at=self._now()))
        except Unknown:
            self._remember(model, Endpoints(read_at=self._now(), served_by=()))
        except Unavailable as error:
            log.info("endpoints were not read: %s", error)

    def _remember(self, model: str, endpoints: Endpoints) -> None:
        self._endpoints[model] = endpoints
        self._endpoints.move_to_end(model)
        while len(self._endpoints) > REMEMBERED:
            self._endpoints.popitem(last=False)


def _path(model: str) -> str:
    match = _ID.fullmatch(model)
    variant = match["variant"] if match else None
    return quote(model.removesuffix(variant) if variant in _ROUTED else model, safe="/:~")
