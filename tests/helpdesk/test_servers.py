"""Whose settings hold: the environment's for the server that owns the first forum, once; then the database's."""

from bot.helpdesk.ports import GuildSettings
from bot.helpdesk.servers import Defaults, Servers
from bot.posts import ChannelId, GuildId

OURS, OTHER = GuildId(1), GuildId(2)
FORUM, SECOND = ChannelId(20), ChannelId(21)


class FakeGuilds:
    def __init__(self) -> None:
        self.kept: dict[GuildId, GuildSettings] = {}
        self.reads = 0

    async def settings(self, guild_id: GuildId) -> GuildSettings | None:
        self.reads += 1
        return self.kept.get(guild_id)

    async def fill(self, settings: GuildSettings) -> GuildSettings:
        return self.kept.setdefault(settings.guild_id, settings)


DEFAULTS = Defaults(forum_ids=(FORUM, SECOND), moderator_role_ids=(5,), moderator_channel_id=ChannelId(30))


def owns_all(_: ChannelId) -> bool:
    return True


def owns_none(_: ChannelId) -> bool:
    return False


async def test_the_server_that_owns_the_first_forum_is_filled_from_the_environment() -> None:
    guilds = FakeGuilds()
    servers = Servers(guilds, DEFAULTS)
    settings = await servers.settings(OURS, lambda channel: channel == FORUM)
    assert settings == guilds.kept[OURS]
    assert settings.forum_ids == (FORUM, SECOND)
    assert (servers.guild_ids, servers.moderators_of(OURS)) == ((OURS,), 30)


async def test_another_server_is_nobodys() -> None:
    servers = Servers(FakeGuilds(), DEFAULTS)
    assert await servers.settings(OTHER, lambda channel: channel == SECOND) is None
    assert (servers.guild_ids, servers.moderators_of(OTHER)) == ((), None)


async def test_what_the_database_says_wins_over_the_environment() -> None:
    guilds = FakeGuilds()
    await Servers(guilds, DEFAULTS).settings(OURS, owns_all)
    later = Servers(guilds, Defaults(forum_ids=(ChannelId(99),)))
    settings = await later.settings(OURS, owns_all)
    assert settings is not None
    assert settings.forum_ids == (FORUM, SECOND)


async def test_settings_of_a_server_that_owns_no_forum_of_the_environment_hold() -> None:
    guilds = FakeGuilds()
    await Servers(guilds, DEFAULTS).settings(OURS, owns_all)
    assert await Servers(guilds, Defaults()).settings(OURS, owns_none) == guilds.kept[OURS]


async def test_known_settings_are_not_read_again() -> None:
    guilds = FakeGuilds()
    servers = Servers(guilds, DEFAULTS)
    for _ in range(3):
        await servers.settings(OURS, owns_all)
    assert guilds.reads == 1
