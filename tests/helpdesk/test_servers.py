"""Whose settings hold: the environment's for the server that owns the first forum, once; then the database's.

And which servers are this process's affair at all.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.helpdesk.ports import GuildSettings
from bot.helpdesk.servers import Defaults, Servers
from bot.posts import ChannelId, GuildId
from tests.helpdesk.fakes import HandClock

OURS, OTHER = GuildId(1), GuildId(2)
FORUM, SECOND = ChannelId(20), ChannelId(21)


class FakeGuilds:
    def __init__(self) -> None:
        self.kept: dict[GuildId, GuildSettings] = {}
        self.are_paused: frozenset[GuildId] = frozenset()
        self.reads = 0
        self.broken_reads = 0

    async def settings(self, guild_id: GuildId) -> GuildSettings | None:
        self.reads += 1
        if self.broken_reads:
            self.broken_reads -= 1
            raise OSError("the database is away")
        return self.kept.get(guild_id)

    async def fill(self, settings: GuildSettings) -> GuildSettings:
        return self.kept.setdefault(settings.guild_id, settings)

    async def end_pauses(self, guild_ids: Sequence[GuildId], *, now: datetime) -> None:
        pass

    async def paused(self, guild_ids: Sequence[GuildId]) -> frozenset[GuildId]:
        return self.are_paused & set(guild_ids)


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


async def test_a_server_of_another_process_is_nobodys_and_is_not_filled() -> None:
    guilds = FakeGuilds()
    servers = Servers(guilds, DEFAULTS, serves=lambda guild_id: guild_id != OURS)
    assert await servers.settings(OURS, owns_all) is None
    assert (servers.guild_ids, guilds.kept) == ((), {})


async def looks(servers: Servers, clock: HandClock) -> list[GuildId]:
    """Which servers are back after the next look."""
    back: list[GuildId] = []
    stop = asyncio.Event()
    watching = asyncio.create_task(servers.watch(stop, clock, on_back=back.append))
    for _ in range(5):
        await asyncio.sleep(0)
    await clock.pass_time(2)
    for _ in range(20):
        await asyncio.sleep(0)
    stop.set()
    await watching
    return back


async def test_a_pause_is_noticed_and_its_end_brings_the_server_back() -> None:
    guilds, clock = FakeGuilds(), HandClock()
    servers = Servers(guilds, DEFAULTS)
    assert await servers.settings(OURS, owns_all) is not None
    guilds.are_paused = frozenset({OURS})
    assert await looks(servers, clock) == []
    assert (await servers.settings(OURS, owns_all), servers.guild_ids) == (None, ())
    guilds.are_paused = frozenset()
    assert await looks(servers, clock) == [OURS]
    assert (await servers.settings(OURS, owns_all), servers.guild_ids) == (guilds.kept[OURS], (OURS,))


async def test_a_server_that_was_paused_before_the_start_is_not_served_for_a_moment() -> None:
    guilds = FakeGuilds()
    guilds.are_paused = frozenset({OURS})
    servers = Servers(guilds, DEFAULTS)
    assert (await servers.settings(OURS, owns_all), servers.guild_ids) == (None, ())
    guilds.are_paused = frozenset()
    assert await looks(servers, HandClock()) == [OURS]


async def test_a_server_whose_settings_could_not_be_read_is_asked_for_again() -> None:
    guilds, clock = FakeGuilds(), HandClock()
    servers = Servers(guilds, DEFAULTS)
    guilds.broken_reads = 1
    with pytest.raises(OSError, match="away"):
        await servers.settings(OURS, owns_all)
    assert await looks(servers, clock) == [OURS]
    assert servers.guild_ids == (OURS,)
    assert await looks(servers, clock) == []
