"""A Heron at work on a playground: how both are started, and how one waits until all is said."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import SecretStr

from bot.app import Heron, Mind, Store, World
from bot.app.senses import open_senses
from bot.demo.explain import explanation_of
from bot.helpdesk.arrivals import OrderGiven
from bot.helpdesk.clock import SystemClock
from bot.helpdesk.handle import Handled
from bot.playground import Event, Message, Playground, Thread
from bot.playground.page import Explanation, Page, Sample
from bot.posts import ChannelId, GuildId, Order, Ordered, UserId, Verb
from bot.settings import Settings
from bot.storage.engine import create_engine
from bot.triage.case import Reply

T = TypeVar("T")

#: Longest that one event may take until everything about it is said.
PATIENCE_S = 30.0
#: Events of which Heron tells that it has heard them.
_TOLD = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE")


class CannotPlay(Exception):
    """What was asked for cannot be played; its text names the place and the cure."""


class DemoFailed(Exception):
    """Nobody's input is at fault; its text says what did not happen."""


class DemoClock(SystemClock):
    """The time of this machine, put forward by what a thread waits."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def put_forward(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


class Record:
    """What Heron did, by thread; and whether it has heard of everything that happened in the playground."""

    def __init__(self) -> None:
        self._handled: dict[int, list[Handled]] = defaultdict(list)
        self._happened = 0
        self._told = 0

    @property
    def is_level(self) -> bool:
        return self._told >= self._happened

    @property
    def count(self) -> int:
        return self._happened

    def happened(self, event: Event) -> None:
        self._happened += event.name in _TOLD

    def told(self) -> None:
        self._told += 1

    def handled(self, done: Handled) -> None:
        self._handled[int(done.thread_id)].append(done)

    def of(self, thread_id: int) -> Sequence[Handled]:
        return self._handled.get(thread_id, ())

    def explain(self, thread_id: int) -> Sequence[Explanation]:
        decisions = (decision for done in self.of(thread_id) for decision in done.decisions)
        # That a draft is sent explains nothing: why it was written does.
        return [explanation_of(d) for d in decisions if d.ordered is None or d.ordered.order is not Order.SEND]


class Approver:
    """The moderator of the demo, who sends every draft as soon as its card shows it."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._sent: set[str] = set()
        playground.world.listen(self._happened)

    def _happened(self, event: Event) -> None:
        message = event.message
        if message is None or message.channel_id != self._playground.world.moderators.id:
            return
        for button in message.buttons:
            custom_id = str(button.get("custom_id", ""))
            if f":{Verb.SEND.value}:" in custom_id and custom_id not in self._sent:
                self._sent.add(custom_id)
                # The world is still telling of the card.
                asyncio.get_running_loop().call_soon(self._send, message, custom_id)

    def _send(self, message: Message, custom_id: str) -> None:
        with suppress(ValueError):  # the draft has changed meanwhile, and its newer card is heard of as well
            self._playground.control.press(message, custom_id, by=self._playground.world.cast.moderator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    playground: Playground
    clock: DemoClock
    heron: Heron
    record: Record
    serving: "asyncio.Task[None]"

    async def settle(self) -> None:
        """Until Heron has heard of everything that happened, and said all that it has to say."""
        await self.while_served(self._settled(), patience_s=PATIENCE_S)

    def send_draft(self, thread: Thread, reply: Reply) -> None:
        by = UserId(self.playground.world.cast.moderator.id)
        event = Ordered(by=by, order=Order.SEND, key=reply.key, revision=reply.revision)
        guild_id, thread_id = GuildId(thread.guild_id), ChannelId(thread.id)
        self.heron.desk.hear(OrderGiven(guild_id=guild_id, thread_id=thread_id, press_id=0, event=event))

    async def while_served(self, work: Coroutine[object, object, T], *, patience_s: float | None = None) -> T:
        """What the work returns; raises `DemoFailed` when Heron ends before it, or it takes too long."""
        working = asyncio.ensure_future(work)
        try:
            await asyncio.wait({working, self.serving}, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
        finally:
            working.cancel()
        if self.serving.done():
            raise DemoFailed(f"Heron stopped: {self.serving.exception()}")
        raise DemoFailed(f"Heron was not done within {patience_s:.0f} s")

    async def _settled(self) -> None:
        record, control = self.record, self.playground.control
        while True:
            await control.wait_for(lambda: record.is_level, timeout=2 * PATIENCE_S)
            before = record.count
            await self.heron.idle()
            # What Heron itself wrote comes back as an event, too, and a card may have been pressed meanwhile.
            if record.is_level and record.count == before:
                return


@asynccontextmanager
async def open_stage(
    playground: Playground,
    settings: Settings,
    mind: Mind,
    clock: DemoClock,
    *,
    samples: Sequence[Sample],
    on_handled: Callable[[Handled], None],
) -> AsyncIterator[Stage]:
    """The playground with its page, and a Heron that is connected to it. Raises `CannotPlay` when the port is taken."""
    record = Record()
    page = Page(playground.world, playground.control, samples=samples, explain=record.explain)
    page.add_to(playground.app)
    playground.world.listen(record.happened)
    Approver(playground)

    def handled(done: Handled) -> None:
        record.handled(done)
        page.changed()
        on_handled(done)

    def told() -> None:
        record.told()
        playground.world.touch()

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(playground)
        except OSError as error:
            raise CannotPlay(f"--port: {error.strerror or error}; choose another port, or 0 for a free one") from None
        settings = _for_playground(settings, playground)
        heron = await _heron(stack, settings, mind, clock, on_handled=handled, on_told=told)
        serving = asyncio.create_task(heron.serve(playground.token))
        stack.push_async_callback(_end, heron, serving)
        stage = Stage(playground=playground, clock=clock, heron=heron, record=record, serving=serving)
        await stage.while_served(_ready(heron), patience_s=PATIENCE_S)
        yield stage


async def _heron(
    stack: AsyncExitStack,
    settings: Settings,
    mind: Mind,
    clock: DemoClock,
    *,
    on_handled: Callable[[Handled], None],
    on_told: Callable[[], None],
) -> Heron:
    """The real one with its database and its senses, which are closed with `stack`."""
    engine = create_engine(settings.database_url)
    stack.push_async_callback(engine.dispose)
    world = World(
        clock=clock,
        random=random.random,
        on_handled=on_handled,
        on_told=on_told,
        ready_timeout_s=0.1,
        senses=await stack.enter_async_context(open_senses(settings, mind, clock)),
    )
    return Heron(settings, mind, Store.on(engine, mind=mind), world)


async def _ready(heron: Heron) -> None:
    """What it looks up when it has just connected is done, so that all that follows is heard as it happens."""
    await heron.catch_up.begun.wait()
    await heron.idle()


async def _end(heron: Heron, serving: "asyncio.Task[None]") -> None:
    await heron.stop()
    _, late = await asyncio.wait({serving}, timeout=5.0)
    for task in late:
        task.cancel()


def _for_playground(settings: Settings, playground: Playground) -> Settings:
    """Whatever the environment says about the real Discord does not hold here."""
    guild = playground.world.guild
    return settings.model_copy(
        update={
            "discord_token": SecretStr(playground.token),
            "discord_api_url": playground.api_url,
            "forum_channel_ids": (guild.forum.id,),
            "moderator_role_ids": (guild.role("Moderator").id,),
            "helper_role_ids": (guild.role("Helper").id,),
            "moderator_channel_id": guild.moderators.id,
        }
    )
