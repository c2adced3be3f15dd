"""`heron run`: takes its shards, brings the database up to date, and serves until it is told to stop."""

import asyncio
import random
import signal
import sys
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

import structlog

from bot.app.background import keep_running
from bot.app.heron import LAST_S, Heron, World
from bot.app.logs import configure_logs, log_handled
from bot.app.mind import limited, read_mind, salt_of
from bot.app.ownership import Ownership, locks_for
from bot.app.reload import Reload, fingerprint
from bot.app.retention import purge_nightly
from bot.app.senses import open_senses
from bot.app.shards import Shards
from bot.app.store import Store
from bot.app.supervise import STOPPED, UNUSABLE, supervise
from bot.helpdesk.clock import SystemClock
from bot.helpdesk.mind import Mind
from bot.knowledge.source import KnowledgeError
from bot.settings import Settings, SettingsError
from bot.storage.engine import AsyncEngine, DatabaseAway, DatabaseError, create_engine
from bot.storage.locks import ShardsHeld
from bot.storage.migrate import upgrade
from bot.storage.upkeep import purge

log = structlog.stdlib.get_logger("heron")

#: Exit status when another process serves these shards; it may be worth trying again later.
HELD = 75
#: Before the shards are taken again that were lost, or whose database could not be used.
PAUSE = timedelta(seconds=1)


def run(settings: Settings, *, shards: Shards, is_standby: bool) -> int:
    """Serves until SIGTERM or Ctrl-C; returns the exit status."""
    configure_logs()
    clock = SystemClock()
    try:
        token = settings.required_token()
        known = fingerprint(settings.templates_dir)
        mind = limited(read_mind(settings, clock=clock, salt=salt_of(token)), settings.answers_per_hour)
        reload = Reload(mind=mind, folder=settings.templates_dir, known=known, clock=clock)
        world = World(clock=clock, random=random.random, on_handled=log_handled, reload=reload)
        if not settings.forum_channel_ids:
            log.warning("FORUM_CHANNEL_IDS is not set: only forums that are in the database already are watched")
        ownership = Ownership(locks_for(settings.database_url), shards, is_standby=is_standby, clock=clock)
        service = Service(settings=settings, token=token, mind=mind, world=world, ownership=ownership)
        return asyncio.run(_perceiving(service))
    except (SettingsError, KnowledgeError, DatabaseError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    except ShardsHeld as held:
        sys.stderr.write(f"{held}\n  cure:  stop that process, or start this one with --standby to wait for it\n")
        return HELD


async def _perceiving(service: "Service") -> int:
    async with open_senses(service.settings, service.mind, service.world.clock) as senses:
        return await replace(service, world=replace(service.world, senses=senses)).run()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What outlives a connection to Discord and even the shards that are served."""

    settings: Settings
    token: str
    mind: Mind
    world: World
    ownership: Ownership
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stop.set)
        engine = create_engine(self.settings.database_url)
        clock = self.world.clock
        try:
            while (owned := await self.ownership.take(self.stop)) is not None:
                log.info("serving", shards=str(owned))
                status = await self.ownership.during(self._serve(owned, engine))
                if status is not None:
                    return status
                await self.ownership.release()
                await clock.wait(self.stop, until=clock.now() + PAUSE)
            return STOPPED
        finally:
            await self.ownership.release()
            await engine.dispose()

    async def _serve(self, owned: Shards, engine: AsyncEngine) -> int | None:
        """None when nothing can be served any more at the moment."""
        try:
            await asyncio.to_thread(upgrade, self.settings.database_url)
        except DatabaseAway as away:
            log.warning("waiting", reason=str(away))
            return None
        store = Store.on(engine, mind=self.mind)
        ended = asyncio.Event()
        forgetting = asyncio.create_task(self._forget(owned, engine, ended))
        status = await supervise(
            lambda: Heron(self.settings, self.mind, store, self.world, shards=owned),
            self.token,
            stop=self.stop,
            lost=self.ownership.lost,
            world=self.world,
        )
        ended.set()
        await asyncio.wait({forgetting}, timeout=LAST_S)
        if status is None:
            log.error("the shards are no longer ours; nothing is served", shards=str(owned))
        return status

    async def _forget(self, owned: Shards, engine: AsyncEngine, ended: asyncio.Event) -> None:
        days = self.settings.retention_days
        if days and 0 in owned.ids:  # one of all processes is enough
            work = partial(purge_nightly, partial(purge, engine), days=days, stop=ended, clock=self.world.clock)
            await keep_running("the purge", work, clock=self.world.clock)
