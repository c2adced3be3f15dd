"""The settings of the servers that this process serves. The environment fills a server's settings once.

A server that is paused is nobody's for that time: what happens in it goes by, and is caught up with afterwards.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.ports import Guilds, GuildSettings
from bot.knowledge.articles import Autonomy
from bot.posts import ChannelId, GuildId

log = logging.getLogger(__name__)

#: How long a pause may take to be noticed.
LOOK_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the environment says; it holds for the server that owns the first of these forums."""

    forum_ids: tuple[ChannelId, ...] = ()
    moderator_role_ids: tuple[int, ...] = ()
    helper_role_ids: tuple[int, ...] = ()
    moderator_channel_id: ChannelId | None = None


class Servers:
    """`serves` says whether a server is this process's affair; all else of Heron asks here whose work it does."""

    def __init__(
        self, guilds: Guilds, defaults: Defaults, *, serves: Callable[[GuildId], bool] = lambda _: True
    ) -> None:
        self._guilds = guilds
        self._serves = serves
        self._defaults = defaults
        self._known: dict[GuildId, GuildSettings] = {}
        self._paused: frozenset[GuildId] = frozenset()
        self._unread: dict[GuildId, Callable[[ChannelId], bool]] = {}  # whose settings could not be read

    @property
    def guild_ids(self) -> Sequence[GuildId]:
        """Servers with settings that this process has met, and that are not paused."""
        return tuple(guild_id for guild_id in self._known if guild_id not in self._paused)

    @property
    def known_ids(self) -> Sequence[GuildId]:
        """Those that are paused as well: moderators see their cards and their desk."""
        return tuple(self._known)

    def is_paused(self, guild_id: GuildId) -> bool:
        return guild_id in self._paused

    async def settings(self, guild_id: GuildId, owns: Callable[[ChannelId], bool]) -> GuildSettings | None:
        """None for a server that nobody set up, that another process serves, or that is paused.

        `owns` says whether a channel is the server's own.
        """
        settings = await self.settings_of_staff(guild_id, owns)
        return None if guild_id in self._paused else settings

    async def settings_of_staff(self, guild_id: GuildId, owns: Callable[[ChannelId], bool]) -> GuildSettings | None:
        """Whoever may end a pause is heard in it."""
        if guild_id in self._known:
            return self._known[guild_id]
        if not self._serves(guild_id):
            return None
        try:
            settings = await self._stored(guild_id, owns)
        except Exception:
            self._unread[guild_id] = owns
            raise
        self._unread.pop(guild_id, None)
        if settings is not None:
            self._known[guild_id] = settings
        return settings

    async def look_again(self, guild_id: GuildId) -> bool:
        """Somebody changed its settings or paused it just now; says whether it is served again because of that."""
        settings, was_paused = await self._guilds.settings(guild_id), guild_id in self._paused
        if settings is not None and guild_id in self._known:
            self._known[guild_id] = settings
        self._paused = self._paused - {guild_id} | await self._guilds.paused((guild_id,))
        return was_paused and guild_id not in self._paused

    def lowered(self, guild_id: GuildId) -> Mapping[str, Autonomy]:
        settings = self._known.get(guild_id)
        return {article: Autonomy(level) for article, level in settings.lowered.items()} if settings else {}

    async def watch(self, stop: asyncio.Event, clock: Clock, *, on_back: Callable[[GuildId], None]) -> None:
        """A pause that somebody orders elsewhere is obeyed within seconds; `on_back` when a server can be served again.

        Also when its settings can be read at last. Ends when it is told to stop.
        """
        while not stop.is_set():
            await clock.wait(stop, until=clock.now() + timedelta(seconds=LOOK_S))
            for guild_id in await self._back(clock.now()):
                log.info("server %s is served again", guild_id)
                on_back(guild_id)

    async def _back(self, now: datetime) -> Sequence[GuildId]:
        read = [guild_id for guild_id, owns in tuple(self._unread.items()) if await self.settings(guild_id, owns)]
        known = tuple(self._known)
        if self._paused:
            await self._guilds.end_pauses(known, now=now)
        before, self._paused = self._paused, await self._guilds.paused(known)
        for guild_id in sorted(self._paused - before):
            log.info("server %s is paused", guild_id)
        return sorted({*read, *(before - self._paused)})

    async def _stored(self, guild_id: GuildId, owns: Callable[[ChannelId], bool]) -> GuildSettings | None:
        settings = await self._guilds.settings(guild_id)
        forums = self._defaults.forum_ids
        if settings is None and forums and owns(forums[0]):
            settings = await self._guilds.fill(self._filled(guild_id))
        if settings is not None:
            self._paused |= await self._guilds.paused((guild_id,))
        return settings

    def moderators_of(self, guild_id: GuildId) -> ChannelId | None:
        settings = self._known.get(guild_id)
        return settings.moderator_channel_id if settings else None

    def _filled(self, guild_id: GuildId) -> GuildSettings:
        return GuildSettings(
            guild_id=guild_id,
            forum_ids=self._defaults.forum_ids,
            moderator_role_ids=self._defaults.moderator_role_ids,
            helper_role_ids=self._defaults.helper_role_ids,
            moderator_channel_id=self._defaults.moderator_channel_id,
        )
