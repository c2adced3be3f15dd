"""One connection to Discord and all that works behind it, put together. Nothing is decided here."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.app.background import keep_running
from bot.app.elsewhere import watch_elsewhere
from bot.app.moderation import Moderation
from bot.app.reload import Reload
from bot.app.senses import Senses
from bot.app.shards import EVERYTHING, Shards
from bot.app.store import Store
from bot.cogs.buttons import Buttons
from bot.cogs.calls import pace_calls
from bot.cogs.client import Client
from bot.cogs.commands import Commands
from bot.cogs.delivery import DiscordThreads
from bot.cogs.forum import Forum
from bot.cogs.history import DiscordForums
from bot.cogs.marks import DiscordMarks
from bot.helpdesk.arrivals import Arrival
from bot.helpdesk.catch_up import CatchUp
from bot.helpdesk.clock import Clock
from bot.helpdesk.courtesies import Courtesies
from bot.helpdesk.deliver import Delivery
from bot.helpdesk.gather import BUDGET_S, Gather
from bot.helpdesk.handle import Desk, Handled
from bot.helpdesk.late import LatePace
from bot.helpdesk.lookout import Lookout
from bot.helpdesk.mind import Mind
from bot.helpdesk.notices import Notices
from bot.helpdesk.opt_outs import LeftAlone
from bot.helpdesk.pace import CALLS_PER_SECOND
from bot.helpdesk.patience import Patience
from bot.helpdesk.press import Presses
from bot.helpdesk.privacy import Privacy
from bot.helpdesk.reconcile import Bounds
from bot.helpdesk.servers import Defaults, Servers
from bot.helpdesk.settle import Settler
from bot.helpdesk.timers import Timekeeper
from bot.moderation.rounds import DESK_REST
from bot.posts import ChannelId, GuildId
from bot.settings import Settings

#: A stop that takes longer than ten seconds is cut off by most that start programs.
PATIENCE_S = 7.0
#: For what only has to come to its end, such as a query that is under way.
LAST_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What differs between a server and a test: time, chance, and who watches."""

    clock: Clock
    random: Callable[[], float]
    on_handled: Callable[[Handled], None]
    on_told: Callable[[], None] = lambda: None  # behind every event of a message that Discord sent
    ready_timeout_s: float = 2.0
    bounds: Bounds = field(default_factory=Bounds)
    late_per_minute: int | None = 10
    calls_per_second: float = CALLS_PER_SECOND
    senses: Senses = field(default_factory=Senses)
    desk_rest: timedelta = DESK_REST
    reload: Reload | None = None  # of the mind, when its templates change
    gather_s: float = BUDGET_S  # an answer waits no longer for what its post's pictures say


class Heron:
    """Serves the servers of its shards until it is stopped; a new connection needs a new one."""

    def __init__(
        self, settings: Settings, mind: Mind, store: Store, world: World, *, shards: Shards = EVERYTHING
    ) -> None:
        self.client = _client(settings, world, shards)
        self.servers = Servers(store.guilds, _defaults(settings), serves=shards.owns)
        self._reload = world.reload
        self._notices = Notices(DiscordThreads(self.client), mind, self.servers.moderators_of, clock=world.clock)
        settler = self._settler(store, world)
        self.delivery = Delivery(store.replies, settler, guild_ids=lambda: self.servers.known_ids, clock=world.clock)
        self.courtesies = Courtesies(DiscordMarks(self.client), nothing_to_say=self._nothing_to_say)
        self._clock = world.clock
        self._memory = store.memory
        self._on_handled = world.on_handled
        self._stopping = asyncio.Event()
        forums = DiscordForums(self.client, self.servers)
        self.catch_up = CatchUp(
            forums=forums,
            cases=store.cases,
            hear=lambda asked: self.desk.hear(asked),
            clock=world.clock,
            bounds=world.bounds,
        )
        self.timekeeper = Timekeeper(
            store.timers,
            hear=lambda passed: self.desk.hear(passed),
            guild_ids=lambda: self.servers.guild_ids,
            clock=world.clock,
        )
        self.presses = Presses(hear=self._hear, mind=mind)
        self.moderation = self._moderation(mind, store, world)
        self.gather = Gather(
            reader=world.senses,
            facts=world.senses.facts,
            late=lambda arrival: self.desk.hear(arrival),
            budget_s=world.gather_s,
        )
        self.desk = self._desk(mind, store, world, forums)
        self.buttons, self.commands = self._presses_and_commands(mind, store, world)
        self._registers = 0 in shards.ids  # one of all processes is enough
        self.forum = Forum(
            self.client,
            servers=self.servers,
            hear=self._hear,
            on_server=self._server_is_there,
            on_gap=self.catch_up.gap,
            on_forum_changed=settler.reopen,
            on_typing=Patience(store.replies, mind, world.clock).on_typing,
            on_told=world.on_told,
        )

    def _presses_and_commands(self, mind: Mind, store: Store, world: World) -> tuple[Buttons, Commands]:
        buttons = Buttons(
            self.client,
            servers=self.servers,
            pressed=self.presses.pressed,
            pressed_card=self.moderation.presses.pressed,
            form=self.moderation.presses.form,
            on_told=world.on_told,
        )
        commands = Commands(
            self.client,
            servers=self.servers,
            office=self.moderation.office,
            memory=store.memory,
            left_alone=LeftAlone(store.opt_outs, mind, world.clock, hear=self.desk.hear),
            privacy=self._privacy(store, mind),
            on_told=world.on_told,
        )
        return buttons, commands

    def _privacy(self, store: Store, mind: Mind) -> Privacy:
        return Privacy(people=store.people, cases=store.cases, mind=mind, clock=self._clock, forgotten=self._show_anew)

    def _moderation(self, mind: Mind, store: Store, world: World) -> Moderation:
        return Moderation(
            mind=mind,
            store=store,
            clock=world.clock,
            servers=self.servers,
            threads=DiscordThreads(self.client),
            order=self.presses.pressed,
            on_wanted=self.delivery.wake,
            on_back=self._pause_is_over,
            desk_rest=world.desk_rest,
        )

    def _settler(self, store: Store, world: World) -> Settler:
        return Settler(
            replies=store.replies,
            threads=DiscordThreads(self.client),
            notices=self._notices,
            clock=world.clock,
            random=world.random,
        )

    def _desk(self, mind: Mind, store: Store, world: World, forums: DiscordForums) -> Desk:
        return Desk(
            cases=store.cases,
            mind=mind,
            reads_pictures=world.senses.pictures is not None,
            clock=world.clock,
            gather=self.gather,
            on_handled=self._handled,
            on_unknown=self.presses.unknown,
            is_paused=self.servers.is_paused,
            opt_outs=store.opt_outs,
            lowered=self.servers.lowered,
            lookout=Lookout(
                look=forums.look,
                failed=self.catch_up.failed,
                bounds=world.bounds,
                pace=LatePace(per_minute=world.late_per_minute),
            ),
        )

    async def serve(self, token: str) -> None:
        """Until it is stopped; raises `CannotConnect` or `ConnectionLost`."""
        work = {
            "delivery": self.delivery.run,
            "timers": self.timekeeper.run,
            "pauses": self._watch_servers,
            "catching up": self.catch_up.run,
            "courtesies": self.courtesies.run,
            "moderation": self.moderation.rounds.run,
            "commands": self._register,
            "templates": self._watch_templates,
            "changes from elsewhere": self._watch_elsewhere,
        }
        tasks = {name: asyncio.create_task(keep_running(name, run, clock=self._clock)) for name, run in work.items()}
        try:
            await self.client.serve(token)
        finally:
            await self.stop()
            # The others end by themselves: a query that is cut off may never give its connection back.
            for name in ("courtesies", "templates", "commands"):
                tasks[name].cancel()
            _, late = await asyncio.wait(tasks.values(), timeout=LAST_S)
            for task in late:
                task.cancel()

    async def stop(self, *, patience_s: float = PATIENCE_S) -> None:
        """Units that run come to their end, messages that are on their way arrive; then the connection is closed.

        Without patience nothing more is said: whoever lost its shards must not speak beside the new owner.
        """
        self._stopping.set()
        self.timekeeper.stop()
        self.catch_up.stop()
        self.moderation.rounds.stop()
        time = asyncio.get_running_loop().time
        ends_at = time() + patience_s
        await self.desk.stop(patience_s=patience_s)
        await self.gather.stop()
        await self.delivery.stop(patience_s=max(0.0, ends_at - time()))
        await asyncio.wait({asyncio.ensure_future(self.client.close())}, timeout=LAST_S)
        await self.forum.finished(patience_s=max(0.0, ends_at - time()))

    async def idle(self) -> None:
        """Until all that was heard is decided, said and marked."""
        await self.catch_up.idle()
        await self.timekeeper.quiet()
        await self.moderation.presses.idle()
        await self.desk.idle()
        await self.gather.idle()
        await self.desk.idle()
        await self.moderation.rounds.idle()
        await self.delivery.quiet()
        await self.courtesies.idle()
        await self.presses.idle()

    async def _register(self) -> None:
        if self._registers:
            await self.commands.register()

    async def _watch_servers(self) -> None:
        await self.servers.watch(self._stopping, self._clock, on_back=self._pause_is_over)

    async def _watch_elsewhere(self) -> None:
        def on_changed() -> None:
            for guild_id in self.servers.known_ids:
                self._show_anew(guild_id)

        await watch_elsewhere(self._memory, stop=self._stopping, clock=self._clock, on_changed=on_changed)

    async def _watch_templates(self) -> None:
        if self._reload is not None:
            told = self._notices.templates_refused
            await self._reload.run(self._stopping, guild_ids=lambda: self.servers.known_ids, tell=told)

    def _hear(self, arrival: Arrival) -> None:
        self.catch_up.ahead_of(arrival)
        self.desk.hear(arrival)

    async def _nothing_to_say(self) -> None:
        """Marks can wait: for whoever may wait for an answer since a gap, and for all that is to be said."""
        await self.catch_up.idle()
        await self.delivery.quiet()

    def _server_is_there(self, guild_id: GuildId) -> None:
        self.delivery.wake()
        self.timekeeper.wake()
        self.catch_up.missed_something(guild_id)
        self.moderation.rounds.changed(guild_id)

    def _show_anew(self, guild_id: GuildId) -> None:
        """What stands in Discord, or what cards and the desk show, is no longer what is wanted."""
        self.delivery.wake()
        self.moderation.rounds.changed(guild_id)

    def _pause_is_over(self, guild_id: GuildId) -> None:
        """Threads that were looked at meanwhile are looked at again: what stood in them was not judged."""
        self.catch_up.gap(guild_id)
        self._server_is_there(guild_id)

    def _handled(self, handled: Handled) -> None:
        if any(decision.replies for decision in handled.decisions):
            self.delivery.wake()
        self.courtesies.after(handled)
        self.timekeeper.after(handled.thread_id, handled.events)
        for due in (due for decision in handled.decisions for due in decision.due):
            self.timekeeper.expect(due.at)
        self.presses.after(handled)
        self.moderation.after(handled)
        self._on_handled(handled)


def _client(settings: Settings, world: World, shards: Shards) -> Client:
    client = Client(
        api_url=settings.discord_api_url,
        ready_timeout_s=world.ready_timeout_s,
        shard_ids=None if shards.is_everything else shards.ids,
        shard_count=None if shards.is_everything else shards.count,
    )
    pace_calls(client, per_second=world.calls_per_second)
    return client


def _defaults(settings: Settings) -> Defaults:
    channel = settings.moderator_channel_id
    return Defaults(
        forum_ids=tuple(ChannelId(forum_id) for forum_id in settings.forum_channel_ids),
        moderator_role_ids=settings.moderator_role_ids,
        helper_role_ids=settings.helper_role_ids,
        moderator_channel_id=None if channel is None else ChannelId(channel),
    )
