"""A whole Heron beside a playground, on a real database: real discord.py, real sockets, and time that a test moves."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.app import Heron, Mind, Store, World
from bot.demo.stage import Record
from bot.helpdesk.handle import Handled
from bot.playground import Message, Playground, Thread
from bot.playground.model import Place
from bot.posts import GuildId
from bot.settings import Settings
from bot.storage.cases import SqlCases
from bot.storage.engine import create_engine
from bot.storage.guilds import SqlGuilds
from bot.storage.replies import SqlReplies
from tests.shipped_knowledge import NOW, Ready

#: What the tiny community's service prints; recognised for sure.
DIM = '{"error": {"message": "upstream is dim, wait 5 seconds", "code": 503}}'
WICK = '{"error": {"message": "wick limit reached", "code": 503}}'
#: Nobody asks for help here.
CHATTER = "I built a lamp shelf this weekend, look at it"

MESSAGES = "/channels/{channel_id}/messages"
ONE_MESSAGE = "/channels/{channel_id}/messages/{message_id}"


class HandClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self._now = NOW
        self._moved = asyncio.Event()
        self.somebody_waits = asyncio.Event()  # for a moment to come

    def now(self) -> datetime:
        return self._now

    def pass_time(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def wait(self, woken: asyncio.Event, *, until: datetime | None) -> None:
        if until is not None:
            self.somebody_waits.set()
        tasks = {asyncio.ensure_future(woken.wait()), asyncio.ensure_future(self._reach(until))}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    async def _reach(self, moment: datetime | None) -> None:
        while moment is None or self._now < moment:
            await self._moved.wait()


class House:
    def __init__(
        self, playground: Playground, ready: Ready, database_url: str, clock: HandClock, *, quiet_s: float
    ) -> None:
        view = replace(ready.view, policy=replace(ready.view.policy, quiet_s=quiet_s))
        self.playground = playground
        self.control = playground.control
        self.cast = playground.world.cast
        self.clock = clock
        self.handled: list[Handled] = []
        self._mind = Mind(view=view, templates=ready.templates)
        self._engine = create_engine(database_url)
        self._record = Record()
        playground.world.listen(self._record.happened)
        self.heron: Heron
        self._serving: asyncio.Task[None]

    @property
    def world(self) -> World:
        """What Heron's surroundings are in a test."""
        return World(
            clock=self.clock,
            random=lambda: 0.5,
            on_handled=self.handled.append,
            on_told=self._told,
            ready_timeout_s=0.02,
        )

    def build(self) -> Heron:
        store = Store(
            cases=SqlCases(self._engine, knowledge_hash=self._mind.view.knowledge.base.hash),
            replies=SqlReplies(self._engine),
            guilds=SqlGuilds(self._engine),
        )
        self.heron = Heron(self._settings(), self._mind, store, self.world)
        return self.heron

    async def start(self) -> None:
        before = len(self.control.live_connections())
        self._serving = asyncio.create_task(self.build().serve(self.playground.token))
        await self.control.wait_for(lambda: len(self.control.live_connections()) > before)
        await asyncio.wait_for(self.heron.client.wait_until_ready(), 5)
        await self.heron.servers.settings(GuildId(self.playground.world.guild.id), lambda _: True)

    def _told(self) -> None:
        self._record.told()
        self.playground.world.touch()

    async def stop(self) -> None:
        await self.heron.stop()
        with suppress(Exception):
            await self._serving

    async def restart(self) -> None:
        """A new process with the same database, as far as Heron can tell."""
        await self.stop()
        await self.start()

    async def close(self) -> None:
        await self.stop()
        await self._engine.dispose()

    async def settle(self) -> None:
        """Until all that happened is heard, decided and said; what is due later stays due."""
        async with asyncio.timeout(10):
            while True:
                await self.control.wait_for(lambda: self._record.is_level)
                await self.heron.idle()
                if self._record.is_level:
                    return

    async def after(self, seconds: float) -> None:
        """Time goes by, and whatever fell due in it is done."""
        self.clock.pass_time(seconds)
        self.heron.delivery.wake()
        await self.settle()

    async def asks(self, text: str = DIM, *, title: str = "The lamp") -> Thread:
        thread = self.control.create_post(title, text)
        await self.settle()
        return thread

    async def says(self, thread: Thread, text: str) -> Message:
        message = self.control.reply(thread, text)
        await self.settle()
        return message

    async def archives(self, thread: Thread) -> None:
        """Heron has heard of it when this returns: what comes behind in the same stream has arrived."""
        self.control.archive(thread)
        self.control.reply(self.playground.world.general, "something else")
        await self.settle()

    def answers(self, place: Place) -> list[Message]:
        return self.control.answers(place)

    def only_answer(self, place: Place) -> Message:
        (answer,) = self.answers(place)
        return answer

    def tags(self, thread: Thread) -> Sequence[str]:
        return [tag.name for tag in self.playground.world.forum.tags if tag.id in thread.applied_tags]

    @property
    def reasons(self) -> list[str]:
        return [decision.reason for done in self.handled for decision in done.decisions]

    def _settings(self) -> Settings:
        guild = self.playground.world.guild
        return Settings(
            DISCORD_TOKEN=SecretStr(self.playground.token),
            DISCORD_API_URL=self.playground.api_url,
            FORUM_CHANNEL_IDS=(guild.forum.id,),
            MODERATOR_ROLE_IDS=(guild.role("Moderator").id,),
            HELPER_ROLE_IDS=(guild.role("Helper").id,),
            MODERATOR_CHANNEL_ID=guild.moderators.id,
        )


def labels(message: Message) -> list[str]:
    return [str(button["label"]) for button in message.buttons]
