"""The settings of the servers that this process serves. The environment fills a server's settings once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.helpdesk.ports import Guilds, GuildSettings
from bot.posts import ChannelId, GuildId


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the environment says; it holds for the server that owns the first of these forums."""

    forum_ids: tuple[ChannelId, ...] = ()
    moderator_role_ids: tuple[int, ...] = ()
    helper_role_ids: tuple[int, ...] = ()
    moderator_channel_id: ChannelId | None = None


class Servers:
    def __init__(self, guilds: Guilds, defaults: Defaults) -> None:
        self._guilds = guilds
        self._defaults = defaults
        self._known: dict[GuildId, GuildSettings] = {}

    @property
    def guild_ids(self) -> Sequence[GuildId]:
        """Servers with settings that this process has met."""
        return tuple(self._known)

    async def settings(self, guild_id: GuildId, owns: Callable[[ChannelId], bool]) -> GuildSettings | None:
        """None for a server that nobody set up. `owns` says whether a channel belongs to it."""
        if guild_id in self._known:
            return self._known[guild_id]
        settings = await self._guilds.settings(guild_id)
        forums = self._defaults.forum_ids
        if settings is None and forums and owns(forums[0]):
            settings = await self._guilds.fill(self._filled(guild_id))
        if settings is not None:
            self._known[guild_id] = settings
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
