"""The environment fills a server's settings once; afterwards the database rules."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.ports import GuildSettings
from bot.posts import ChannelId, GuildId
from bot.storage.guilds import SqlGuilds

FIRST = GuildSettings(
    guild_id=GuildId(900_000_000_000_000_001),
    forum_ids=(ChannelId(1_400_000_000_000_000_001),),
    moderator_role_ids=(1_400_000_000_000_000_002, 3),
    helper_role_ids=(),
    moderator_channel_id=None,
)


async def test_a_server_without_settings_has_none(engine: AsyncEngine) -> None:
    assert await SqlGuilds(engine).settings(FIRST.guild_id) is None


async def test_the_first_settings_are_kept_and_later_ones_do_not_replace_them(engine: AsyncEngine) -> None:
    guilds = SqlGuilds(engine)
    assert await guilds.fill(FIRST) == FIRST
    assert await guilds.fill(replace(FIRST, moderator_channel_id=ChannelId(9))) == FIRST
    assert await guilds.settings(FIRST.guild_id) == FIRST


async def test_two_servers_have_settings_of_their_own(engine: AsyncEngine) -> None:
    guilds = SqlGuilds(engine)
    other = replace(FIRST, guild_id=GuildId(2), moderator_channel_id=ChannelId(9))
    await guilds.fill(FIRST)
    assert await guilds.fill(other) == other
    assert await guilds.settings(FIRST.guild_id) == FIRST
