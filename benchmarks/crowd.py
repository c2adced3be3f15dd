"""A Heron against a playground that enforces Discord's rate limits, and how far it uses what these allow."""

import asyncio
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from bot.app import Heron, Mind, Store, World
from bot.app.senses import Senses
from bot.helpdesk.clock import Clock, SystemClock
from bot.helpdesk.pace import CALLS_PER_SECOND
from bot.playground import Event, Exchange, Playground, PlaygroundConfig, RateLimits
from bot.playground.model import Payload
from bot.settings import Settings
from bot.storage.engine import AsyncEngine, create_engine
from bot.storage.migrate import upgrade

Call = tuple[str, str]

SEND: Call = ("POST", "/channels/{channel_id}/messages")
TAG: Call = ("PATCH", "/channels/{channel_id}")


@dataclass(slots=True)
class Calls:
    """Watches a playground: which calls came when, and how many came too fast."""

    made: list[tuple[float, Call]] = field(default_factory=list)
    too_fast: int = 0

    def exchanged(self, exchange: Exchange) -> None:
        self.made.append((time.perf_counter(), (exchange.method, exchange.route)))
        self.too_fast += exchange.status == 429

    def dispatched(self, event: str, data: Payload) -> None: ...

    def last(self, call: Call) -> float:
        return max(at for at, made in self.made if made == call)

    def figures(self, *, begin: float, end: float) -> dict[str, object]:
        """How much was called between two moments, of all that may be called."""
        within = Counter(call for at, call in self.made if begin <= at <= end)
        a_second = sum(within.values()) / (end - begin)
        return {
            "seconds": round(end - begin, 2),
            "calls": sum(within.values()),
            "calls_a_second": round(a_second, 1),
            "of_what_is_allowed": round(a_second / CALLS_PER_SECOND, 3),
            "tags_before_the_last_send": within[TAG],
            "too_fast": self.too_fast,
        }


def strict_playground(calls: Calls) -> Playground:
    return Playground(config=PlaygroundConfig(rate_limits=RateLimits(enforced=True)), observer=calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    heron: Heron
    engine: AsyncEngine


@asynccontextmanager
async def serving(
    settings: Settings,
    mind: Mind,
    playground: Playground,
    *,
    database_url: str | None = None,
    senses: Senses | None = None,
) -> AsyncIterator[Serving]:
    """A Heron on this database, or on an empty SQLite file; late answers know no limit."""
    with tempfile.TemporaryDirectory(prefix="heron-benchmark-") as folder:
        url = database_url or f"sqlite+aiosqlite:///{Path(folder) / 'heron.db'}"
        settings = for_playground(settings, playground, url)
        await asyncio.to_thread(upgrade, settings.database_url)
        engine = create_engine(settings.database_url)
        store = Store.on(engine, mind=mind)
        heron = Heron(settings, mind, store, _world(SystemClock(), senses or Senses()))
        task = asyncio.create_task(heron.serve(playground.token))
        try:
            yield Serving(heron=heron, engine=engine)
        finally:
            await heron.stop()
            await asyncio.wait({task}, timeout=5.0)
            await engine.dispose()


class Answered:
    """Counts the threads of a playground in which the bot has written, and its messages there."""

    def __init__(self, playground: Playground) -> None:
        self._world = playground.world
        self.messages: Counter[int] = Counter()
        self._world.listen(self._happens)

    def _happens(self, event: Event) -> None:
        message = event.message
        if event.name == "MESSAGE_CREATE" and message is not None and message.author_id == self._world.cast.bot.id:
            self.messages[message.channel_id] += 1

    async def wait_for(self, threads: int, *, patience_s: float) -> None:
        await self._world.wait_for(lambda: len(self.messages) >= threads, patience_s)

    @property
    def once(self) -> int:
        return sum(count == 1 for count in self.messages.values())


def memory_mb() -> float:
    """What this process holds at present: Heron, the playground and all that was written there."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 1_000_000, 1)


def _world(clock: Clock, senses: Senses) -> World:
    return World(
        clock=clock,
        random=random.random,
        on_handled=lambda _: None,
        ready_timeout_s=0.1,
        late_per_minute=None,
        senses=senses,
    )


def for_playground(settings: Settings, playground: Playground, database_url: str) -> Settings:
    guild = playground.world.guild
    return settings.model_copy(
        update={
            "database_url": database_url,
            "discord_token": SecretStr(playground.token),
            "discord_api_url": playground.api_url,
            "forum_channel_ids": (guild.forum.id,),
            "moderator_role_ids": (guild.role("Moderator").id,),
            "helper_role_ids": (guild.role("Helper").id,),
            "moderator_channel_id": guild.moderators.id,
        }
    )
