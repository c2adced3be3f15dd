"""What happens in the help forums, told to the helpdesk in the order in which Discord told it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import wraps
from weakref import WeakValueDictionary

import discord

from bot.cogs.client import Client
from bot.cogs.messages import is_of_staff, is_written, post_of
from bot.cogs.permissions import missing
from bot.helpdesk.arrivals import Arrival, Erased, Rewrote, ThreadErased, Wrote
from bot.helpdesk.ports import GuildSettings
from bot.helpdesk.servers import Servers
from bot.posts import ChannelId, GuildId, MessageId, Post, UserId

log = logging.getLogger(__name__)

Listener = Callable[..., Coroutine[object, object, None]]


class Forum:
    """`hear` takes an arrival at once. `on_told` is called behind every event of a message and of typing,
    whoever it was."""

    def __init__(
        self,
        client: Client,
        *,
        servers: Servers,
        hear: Callable[[Arrival], None],
        on_server: Callable[[GuildId], None],
        on_gap: Callable[[GuildId], None],
        on_forum_changed: Callable[[ChannelId], None],
        on_typing: Callable[[ChannelId, UserId], Awaitable[None]],
        on_told: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._servers = servers
        self._hear = hear
        self._on_server = on_server
        self._on_gap = on_gap
        self._on_forum_changed = on_forum_changed
        self._on_typing = on_typing
        self._on_told = on_told
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._at_work: set[asyncio.Task[object]] = set()
        for listener in (
            self.on_message,
            self.on_raw_message_edit,
            self.on_raw_message_delete,
            self.on_raw_bulk_message_delete,
            self.on_raw_thread_delete,
            self.on_raw_typing,
            self.on_shard_connect,
            self.on_guild_available,
            self.on_guild_join,
            self.on_guild_channel_update,
        ):
            client.event(self._tracked(listener))

    async def finished(self, *, patience_s: float = 5.0) -> None:
        """Until what was told before the connection closed is through; the library does not wait for it."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=patience_s)

    def _tracked(self, listener: Listener) -> Listener:
        @wraps(listener)
        async def tracked(*event: object) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._at_work.add(task)
            try:
                await listener(*event)
            finally:
                self._at_work.discard(task)

        return tracked

    async def on_message(self, message: discord.Message) -> None:
        try:
            if message.guild is None or message.author.id == self._client.own_id or not is_written(message):
                return
            # Finding the thread may take a call; what comes behind must not overtake.
            async with self._turn(message.channel.id):
                settings = await self._settings(message.guild, is_heard_in_a_pause=True)
                thread = await self._help_thread(message.guild, message.channel.id, settings)
                if settings is not None and thread is not None:
                    post = self._post(message, settings, title=thread.name)
                    self._hear(
                        Wrote(guild_id=GuildId(message.guild.id), thread_id=ChannelId(message.channel.id), post=post)
                    )
        finally:
            self._on_told()

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """The raw event comes for messages of any age, and for link previews, too."""
        try:
            message = event.message
            if message.guild is None or message.author.id == self._client.own_id or not is_written(message):
                return
            async with self._turn(event.channel_id):
                settings = await self._settings(message.guild, is_heard_in_a_pause=True)
                if settings is not None and _may_be_help(message.guild, event.channel_id, settings):
                    post = self._post(message, settings)
                    self._hear(
                        Rewrote(guild_id=GuildId(message.guild.id), thread_id=ChannelId(event.channel_id), post=post)
                    )
        finally:
            self._on_told()

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        await self._on_deleted(event.guild_id, event.channel_id, (event.message_id,))

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        await self._on_deleted(event.guild_id, event.channel_id, sorted(event.message_ids))

    async def _on_deleted(self, guild_id: int | None, channel_id: int, message_ids: Iterable[int]) -> None:
        try:
            guild = self._client.get_guild(guild_id or 0)
            if guild is None:
                return
            async with self._turn(channel_id):
                settings = await self._settings(guild)
                if settings is not None and _may_be_help(guild, channel_id, settings):
                    gone = tuple(MessageId(message_id) for message_id in message_ids)
                    self._hear(Erased(guild_id=GuildId(guild.id), thread_id=ChannelId(channel_id), message_ids=gone))
        finally:
            self._on_told()

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        guild = self._client.get_guild(event.guild_id)
        if guild is None:
            return
        async with self._turn(event.thread_id):
            settings = await self._settings(guild)
            if settings is not None and event.parent_id in settings.forum_ids:
                self._hear(ThreadErased(guild_id=GuildId(guild.id), thread_id=ChannelId(event.thread_id)))

    async def on_raw_typing(self, event: discord.RawTypingEvent) -> None:
        """Discord tells it again every ten seconds for as long as somebody types."""
        try:
            guild = self._client.get_guild(event.guild_id or 0)
            settings = await self._settings(guild) if guild is not None else None
            if guild is not None and settings is not None and _may_be_help(guild, event.channel_id, settings):
                await self._on_typing(ChannelId(event.channel_id), UserId(event.user_id))
        finally:
            self._on_told()

    async def on_shard_connect(self, shard_id: int) -> None:
        """A session that is new and no RESUME: told before anything that happens in it."""
        for guild in self._client.guilds:
            if guild.shard_id == shard_id:
                self._on_gap(GuildId(guild.id))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """At the start, after every gap that no RESUME filled, and when a server comes back from an outage."""
        settings = await self._settings(guild)
        if settings is None:
            return
        for channel_id, need in missing(guild, settings):
            log.warning("no permission %s in channel %s of server %s: %s", need.name, channel_id, guild.id, need.lost)
        self._on_server(GuildId(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.on_guild_available(guild)

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        self._on_forum_changed(ChannelId(after.id))

    def _post(self, message: discord.Message, settings: GuildSettings, *, title: str = "") -> Post:
        is_staff = is_of_staff(message, settings.staff_role_ids)
        return post_of(message, own_id=self._client.own_id, is_staff=is_staff, title=title)

    def _turn(self, channel_id: int) -> asyncio.Lock:
        lock = self._turns.get(channel_id)
        if lock is None:
            self._turns[channel_id] = lock = asyncio.Lock()
        return lock

    async def _settings(self, guild: discord.Guild, *, is_heard_in_a_pause: bool = False) -> GuildSettings | None:
        """A key may leak in a pause as well, so that what is written is heard."""
        settings = self._servers.settings_of_staff if is_heard_in_a_pause else self._servers.settings
        return await settings(GuildId(guild.id), lambda forum_id: guild.get_channel(forum_id) is not None)

    async def _help_thread(
        self, guild: discord.Guild, channel_id: int, settings: GuildSettings | None
    ) -> discord.Thread | None:
        """The thread, if it is one of a forum that is watched.

        It may be unknown: a first message can come before its thread does, and archived threads are forgotten.
        """
        if settings is None or not _may_be_help(guild, channel_id, settings):
            return None
        channel = guild.get_channel_or_thread(channel_id)
        if channel is None:
            try:
                channel = await guild.fetch_channel(channel_id)
            except (discord.NotFound, discord.Forbidden):
                return None
        if isinstance(channel, discord.Thread) and channel.parent_id in settings.forum_ids:
            return channel
        return None


def _may_be_help(guild: discord.Guild, channel_id: int, settings: GuildSettings) -> bool:
    """False when the channel is known and no thread of a watched forum; costs nothing."""
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        return True
    return isinstance(channel, discord.Thread) and channel.parent_id in settings.forum_ids
