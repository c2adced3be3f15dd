"""A whole Heron beside a playground, on a real database: real discord.py, real sockets, and time that a test moves."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import delete

from bot.app import Heron, Mind, Store, World
from bot.app.reload import Reload
from bot.helpdesk.handle import Handled
from bot.playground import Event, Message, Playground, Thread
from bot.playground.model import MessageType, Place
from bot.settings import Settings
from bot.storage import tables
from bot.storage.cases import SqlCases
from tests.engines import give_back, take_engine
from tests.shipped_knowledge import NOW, Ready

#: What the tiny community's service prints; recognised for sure.
DIM = '{"error": {"message": "upstream is dim, wait 5 seconds", "code": 503}}'
WICK = '{"error": {"message": "wick limit reached", "code": 503}}'
#: Nobody asks for help here.
CHATTER = "I built a lamp shelf this weekend, look at it"

MESSAGES = "/channels/{channel_id}/messages"
ONE_MESSAGE = "/channels/{channel_id}/messages/{message_id}"

#: Events behind which Heron says that it has heard of them.
TOLD = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE", "TYPING_START")

#: A desk that is posted once and stays as it is, for tests that are about something else.
NEVER_AGAIN = timedelta(days=4_000)


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
        self,
        playground: Playground,
        ready: Ready,
        database_url: str,
        clock: HandClock,
        *,
        quiet_s: float,
        desk_rest: timedelta = NEVER_AGAIN,
        most_an_hour: int | None = None,
    ) -> None:
        policy = replace(ready.view.policy, quiet_s=quiet_s, most_an_hour=most_an_hour)
        view = replace(ready.view, policy=policy)
        self.playground = playground
        self._desk_rest = desk_rest
        self.control = playground.control
        self.cast = playground.world.cast
        self.clock = clock
        self.handled: list[Handled] = []
        self.mind = Mind(view=view, templates=ready.templates)
        self.engine = take_engine(database_url)
        self._database_url = database_url
        self._happened = self._told_of = 0
        playground.world.listen(self._happens)
        self.reload: Reload | None = None
        self.heron: Heron
        self.cases: SqlCases
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
            desk_rest=self._desk_rest,
            calls_per_second=1_000.0,
            reload=self.reload,
        )

    def build(self) -> Heron:
        self.cases = SqlCases(self.engine, knowledge_hash=lambda: self.mind.knowledge_hash)
        store = replace(Store.on(self.engine, mind=self.mind), cases=self.cases)
        self.heron = Heron(self._settings(), self.mind, store, self.world)
        return self.heron

    async def start(self, *, is_paused: bool = False, is_caught_up: bool = True) -> None:
        self.misses_nothing_more()
        before = len(self.control.live_connections())
        self._serving = asyncio.create_task(self.build().serve(self.playground.token))
        await self.control.wait_for(lambda: len(self.control.live_connections()) > before)
        await asyncio.wait_for(self.heron.client.wait_until_ready(), 5)
        if not is_paused:
            await asyncio.wait_for(self.heron.catch_up.begun.wait(), 5)
            await asyncio.wait_for(self.heron.commands.told.wait(), 5)
        if is_caught_up and not is_paused:
            await asyncio.wait_for(self.heron.catch_up.idle(), 10)
            await self.settle()

    def misses_nothing_more(self) -> None:
        """What happened until now Heron does not hear as it happens."""
        self._told_of = self._happened

    def _happens(self, event: Event) -> None:
        self._happened += event.name in TOLD

    def _told(self) -> None:
        self._told_of += 1
        self.playground.world.touch()

    @property
    def _is_level(self) -> bool:
        return self._told_of >= self._happened

    @property
    def is_down(self) -> bool:
        return self._serving.done()

    async def stop(self) -> None:
        await self.heron.stop()
        with suppress(Exception):
            await self._serving

    async def restart(self) -> None:
        """A new process with the same database, as far as Heron can tell."""
        await self.stop()
        await self.start()

    async def forget_everything(self) -> None:
        """As when a backup from before all of this is restored."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(tables.cases))

    async def loses_its_session(self) -> None:
        """What happens from now on is told to nobody, until `is_back`."""
        self.control.close_connections(4009)
        await self.control.wait_for(lambda: not self.control.live_connections())

    async def is_back(self) -> None:
        self.misses_nothing_more()
        self.heron.catch_up.begun.clear()
        await self.control.connected(timeout_s=20)
        await asyncio.wait_for(self.heron.catch_up.begun.wait(), 5)
        await self.settle()

    async def close(self) -> None:
        await self.stop()
        await give_back(self.engine, self._database_url)

    async def settle(self) -> None:
        """Until all that happened is heard, decided and said; what is due later stays due."""
        async with asyncio.timeout(10):
            while True:
                await self.control.wait_for(lambda: self._is_level)
                await self.heron.idle()
                if self._is_level:
                    return

    async def after(self, seconds: float) -> None:
        """Time goes by, and whatever fell due in it is done."""
        self.clock.pass_time(seconds)
        self.heron.delivery.wake()
        self.heron.catch_up.wake()
        self.heron.timekeeper.wake()
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

    @property
    def desk(self) -> Message:
        (desk,) = self._in_staff_room("-d")
        return desk

    @property
    def cards(self) -> list[Message]:
        """Oldest first."""
        return self._in_staff_room("-p", "-k")

    @property
    def notices(self) -> list[Message]:
        """What staff is told beside cards and the desk."""
        told = self.control.answers(self.playground.world.moderators)
        known = [self.desk, *self.cards]
        return [m for m in told if m not in known and m.type != MessageType.PINNED]

    def _in_staff_room(self, *endings: str) -> list[Message]:
        told = self.control.answers(self.playground.world.moderators)
        return [message for message in told if str(message.nonce).endswith(endings)]

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
