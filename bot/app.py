"""The only place that builds the whole: settings and knowledge in, a Heron that serves Discord out."""

import asyncio
import logging
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

import structlog

from bot.cogs.client import CannotConnect, Client, ConnectionLost, TokenRefused
from bot.cogs.delivery import DiscordThreads
from bot.cogs.forum import Forum
from bot.cogs.marks import DiscordMarks
from bot.expertise import expertise
from bot.helpdesk.clock import Clock, SystemClock
from bot.helpdesk.courtesies import Courtesies
from bot.helpdesk.deliver import Delivery
from bot.helpdesk.gather import Gather
from bot.helpdesk.handle import Desk, Handled
from bot.helpdesk.notices import Notices
from bot.helpdesk.ports import Cases, Guilds, Replies
from bot.helpdesk.servers import Defaults, Servers
from bot.helpdesk.settle import Settler
from bot.knowledge.source import KnowledgeError
from bot.posts import ChannelId
from bot.replies.compile import Templates
from bot.settings import Settings, SettingsError
from bot.storage.cases import SqlCases
from bot.storage.engine import DatabaseError, create_engine
from bot.storage.guilds import SqlGuilds
from bot.storage.migrate import upgrade
from bot.storage.replies import SqlReplies
from bot.triage.view import Policy, View

log = structlog.stdlib.get_logger("heron")

#: Exit statuses: stopped when asked; settings or templates that cannot be used; a token that Discord refuses. The last
#: is one of its own, so that a supervisor need not start Heron again and again until Discord locks the machine out.
STOPPED, UNUSABLE, REFUSED = 0, 2, 78

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """What is known before anything is connected."""

    view: View
    templates: Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    cases: Cases
    replies: Replies
    guilds: Guilds


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What differs between a server and a test: time, chance, and who watches."""

    clock: Clock
    random: Callable[[], float]
    on_handled: Callable[[Handled], None]
    on_told: Callable[[], None] = lambda: None  # behind every event of a message that Discord sent
    ready_timeout_s: float = 2.0


class Heron:
    """One connection to Discord and all that works behind it."""

    def __init__(self, settings: Settings, mind: Mind, store: Store, world: World) -> None:
        self.client = Client(api_url=settings.discord_api_url, ready_timeout_s=world.ready_timeout_s)
        self.servers = Servers(store.guilds, _defaults(settings))
        threads = DiscordThreads(self.client)
        settler = Settler(
            replies=store.replies,
            threads=threads,
            notices=Notices(threads, mind.templates, self.servers.moderators_of),
            clock=world.clock,
            random=world.random,
        )
        self.delivery = Delivery(store.replies, settler, guild_ids=lambda: self.servers.guild_ids, clock=world.clock)
        self.courtesies = Courtesies(DiscordMarks(self.client), nothing_to_say=self.delivery.quiet)
        self._on_handled = world.on_handled
        self.desk = Desk(
            cases=store.cases,
            view=mind.view,
            templates=mind.templates,
            clock=world.clock,
            gather=Gather(),
            on_handled=self._handled,
        )
        self.forum = Forum(
            self.client,
            servers=self.servers,
            hear=self.desk.hear,
            on_server=self.delivery.wake,
            on_forum_changed=settler.reopen,
            on_told=world.on_told,
        )

    async def serve(self, token: str) -> None:
        """Until it is stopped; raises `CannotConnect` or `ConnectionLost`."""
        delivering, marking = asyncio.create_task(self.delivery.run()), asyncio.create_task(self.courtesies.run())
        try:
            await self.client.serve(token)
        finally:
            await self.stop()
            marking.cancel()
            # It ends by itself: a query that is cut off may never give its connection back.
            await asyncio.wait({delivering, marking}, timeout=10.0)
            delivering.cancel()

    async def stop(self) -> None:
        """Units that run come to their end, messages that are on their way arrive; then the connection is closed."""
        await self.desk.stop()
        await self.delivery.stop()
        await self.client.close()
        await self.forum.finished()

    async def idle(self) -> None:
        """Until all that was heard is decided, said and marked."""
        await self.desk.idle()
        await self.delivery.quiet()
        await self.courtesies.idle()

    def _handled(self, handled: Handled) -> None:
        if any(decision.replies for decision in handled.decisions):
            self.delivery.wake()
        self.courtesies.after(handled)
        self._on_handled(handled)


def _defaults(settings: Settings) -> Defaults:
    channel = settings.moderator_channel_id
    return Defaults(
        forum_ids=tuple(ChannelId(forum_id) for forum_id in settings.forum_channel_ids),
        moderator_role_ids=settings.moderator_role_ids,
        helper_role_ids=settings.helper_role_ids,
        moderator_channel_id=None if channel is None else ChannelId(channel),
    )


def read_mind(settings: Settings, *, clock: Clock, salt: bytes) -> Mind:
    """Raises `KnowledgeError` with everything that is wrong in the templates."""
    knowledge, templates = expertise(settings.templates_dir)
    templates.check()
    policy = Policy.of(knowledge.base.calibration)
    return Mind(view=View(now=clock.now(), knowledge=knowledge, policy=policy, salt=salt), templates=templates)


def salt_of(token: str) -> bytes:
    """The same for all processes of one bot, kept nowhere, and of no use to anybody who sees only the database."""
    return blake2b(token.encode(), digest_size=32, person=b"heron salt").digest()


def log_handled(handled: Handled) -> None:
    """One line a decision: ids, findings, reason, duration; nobody's words."""
    for decision in handled.decisions:
        log.info(
            "handled",
            guild=handled.guild_id,
            thread=handled.thread_id,
            messages=list(handled.message_ids),
            findings=[hypothesis.article_id for hypothesis in decision.diagnosis.findings],
            actions=[action.value for action in decision.actions],
            reason=decision.reason,
            state=handled.case.state.value,
            took_ms=round(handled.took / timedelta(milliseconds=1), 1),
        )


def run(settings: Settings) -> int:
    """Serves until SIGTERM or Ctrl-C; returns the exit status."""
    configure_logs()
    clock = SystemClock()
    try:
        token = settings.required_token()
        mind = read_mind(settings, clock=clock, salt=salt_of(token))
        upgrade(settings.database_url)
    except (SettingsError, KnowledgeError, DatabaseError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    if not settings.forum_channel_ids:
        log.warning("FORUM_CHANNEL_IDS is not set: only forums that are in the database already are watched")
    return asyncio.run(_run(settings, token, mind, World(clock=clock, random=random.random, on_handled=log_handled)))


async def _run(settings: Settings, token: str, mind: Mind, world: World) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = create_engine(settings.database_url)
    store = Store(
        cases=SqlCases(engine, knowledge_hash=mind.view.knowledge.base.hash),
        replies=SqlReplies(engine),
        guilds=SqlGuilds(engine),
    )
    try:
        return await supervise(lambda: Heron(settings, mind, store, world), token, stop=stop, world=world)
    finally:
        await engine.dispose()


async def supervise(build: Callable[[], Heron], token: str, *, stop: asyncio.Event, world: World) -> int:
    """Keeps one Heron serving. A connection that cannot be made or is lost for good gets a new one, after a pause."""
    lost_in_a_row = 0
    while not stop.is_set():
        heron, began = build(), world.clock.now()
        serving = asyncio.create_task(heron.serve(token))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await _end(heron, serving)
            break
        stopping.cancel()
        try:
            serving.result()
            reason = "the client ended without an error"
        except CannotConnect as error:
            sys.stderr.write(f"{error}\n")
            return REFUSED if isinstance(error, TokenRefused) else UNUSABLE
        except ConnectionLost as error:
            reason = str(error)
        lost_in_a_row = 1 if world.clock.now() - began > timedelta(minutes=5) else lost_in_a_row + 1
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (lost_in_a_row - 1)) * (0.5 + world.random() / 2)
        log.warning("connection lost", reason=reason, next_try_in_s=round(pause_s, 1))
        await world.clock.wait(stop, until=world.clock.now() + timedelta(seconds=pause_s))
    return STOPPED


async def _end(heron: Heron, serving: "asyncio.Task[None]") -> None:
    await heron.stop()
    # A client that never got a connection goes on trying for one even when it is closed.
    _, late = await asyncio.wait({serving}, timeout=2.0)
    for task in late:
        task.cancel()
        await asyncio.wait({task})


def configure_logs() -> None:
    """Our lines and those of the libraries, one a line, on standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("discord", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
