"""Reads help threads as they stand now, for catching up: which there are, and their newest messages."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import discord

from bot.cogs.calls import marked
from bot.cogs.client import Client
from bot.cogs.delivery import PAGE, own_message
from bot.cogs.messages import is_written, post_of
from bot.cogs.refusals import translated
from bot.helpdesk.pace import Urgency
from bot.helpdesk.ports import GuildSettings
from bot.helpdesk.reconcile import Seen
from bot.helpdesk.servers import Servers
from bot.helpdesk.threads import Busy, Place, ThreadGone
from bot.posts import ChannelId, GuildId, MessageId

#: How long it is remembered whether somebody is staff, and of how many.
_REMEMBERED_S, _MOST_REMEMBERED = 600.0, 10_000


class DiscordForums:
    """`Forums`."""

    def __init__(self, client: Client, servers: Servers) -> None:
        self._client = client
        self._servers = servers
        self._staff: dict[tuple[int, int], tuple[bool, float]] = {}

    async def threads(self, guild_id: GuildId, *, since: datetime, most: int) -> Sequence[ChannelId]:
        guild, settings = await self._server(guild_id)
        with marked(Urgency.LOOK), translated():
            active = [thread for thread in await guild.active_threads() if thread.parent_id in settings.forum_ids]
            active.sort(key=lambda thread: thread.last_message_id or thread.id, reverse=True)
            archived = [t for forum_id in settings.forum_ids for t in await _archived(guild, forum_id, since, most)]
            archived.sort(key=lambda thread: thread.archive_timestamp, reverse=True)
        return [ChannelId(thread.id) for thread in (*active, *archived)]

    async def look(self, place: Place) -> Seen:
        guild, settings = await self._server(place.guild_id)
        with marked(Urgency.LOOK), translated():
            thread = guild.get_channel_or_thread(place.channel_id) or await guild.fetch_channel(place.channel_id)
            if not isinstance(thread, discord.Thread):
                raise ThreadGone("it is no thread")
            newest = [message async for message in thread.history(limit=PAGE)]
            others = [m for m in reversed(newest) if m.author.id != self._client.own_id and is_written(m)]
            staff = await self._staff_among(guild, thread, others, settings.staff_role_ids)
        posts = (
            post_of(m, own_id=self._client.own_id, is_staff=m.author.id in staff, title=thread.name) for m in others
        )
        return Seen(
            posts=tuple(posts),
            own=tuple(own_message(m) for m in reversed(newest) if m.author.id == self._client.own_id),
            reaches_back_to=MessageId(newest[-1].id) if len(newest) == PAGE else None,
            is_closed=thread.archived or thread.locked,
        )

    async def _server(self, guild_id: GuildId) -> tuple[discord.Guild, GuildSettings]:
        guild = self._client.get_guild(guild_id)
        settings = await self._servers.settings(guild_id, lambda _: False)
        if guild is None or guild.unavailable or settings is None:
            raise Busy("the server is not there at the moment")
        return guild, settings

    async def _staff_among(
        self, guild: discord.Guild, thread: discord.Thread, messages: Iterable[discord.Message], roles: Collection[int]
    ) -> set[int]:
        """Messages of the past come without their author's roles. Whoever opened the thread is its asker anyway."""
        people = {m.author.id for m in messages if not m.author.bot and m.webhook_id is None} - {thread.owner_id}
        return {user_id for user_id in people if await self._is_staff(guild, user_id, roles)}

    async def _is_staff(self, guild: discord.Guild, user_id: int, roles: Collection[int]) -> bool:
        now = asyncio.get_running_loop().time()
        is_staff, until = self._staff.get((guild.id, user_id), (False, 0.0))
        if now < until:
            return is_staff
        try:
            member = await guild.fetch_member(user_id)
        except discord.NotFound:  # left
            is_staff = False
        else:
            is_staff = any(role.id in roles for role in member.roles)
        if len(self._staff) >= _MOST_REMEMBERED:
            self._staff.clear()
        self._staff[guild.id, user_id] = is_staff, now + _REMEMBERED_S
        return is_staff


async def _archived(guild: discord.Guild, forum_id: ChannelId, since: datetime, most: int) -> list[discord.Thread]:
    forum = guild.get_channel(forum_id)
    if not isinstance(forum, discord.ForumChannel):
        return []
    found: list[discord.Thread] = []
    with suppress(discord.Forbidden):  # nothing can be said there either
        async for thread in forum.archived_threads(limit=most):
            if thread.archive_timestamp < since:
                break
            found.append(thread)
    return found
