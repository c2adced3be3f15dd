"""The environment fills a server's settings once; afterwards the database rules."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.ports import GuildSettings
from bot.posts import ChannelId, GuildId
from bot.storage.guilds import PauseOutcome, SqlGuilds, set_paused
from tests.databases import rows_of
from tests.storage.samples import NOW

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


async def test_one_server_or_all_of_them_can_be_paused_and_the_audit_holds_what_changed(
    engine: AsyncEngine, database_url: str
) -> None:
    guilds, one, two = SqlGuilds(engine), FIRST.guild_id, GuildId(2)
    await guilds.fill(FIRST)
    await guilds.fill(replace(FIRST, guild_id=two))
    assert await guilds.paused([one, two]) == frozenset()
    assert await set_paused(two, engine, is_paused=True, now=NOW) == PauseOutcome(known=1, changed=1)
    assert await guilds.paused([one, two]) == {two}
    assert await guilds.paused([one]) == frozenset()
    assert await set_paused(None, engine, is_paused=True, now=NOW) == PauseOutcome(known=2, changed=1)
    assert await guilds.paused([one, two]) == {one, two}
    assert await set_paused(None, engine, is_paused=False, now=NOW) == PauseOutcome(known=2, changed=2)
    assert await guilds.paused([one, two]) == frozenset()
    entries = await rows_of(database_url, "SELECT guild_id, action FROM audit ORDER BY entry_id")
    pauses, resumes = entries[:2], entries[2:]
    assert [(entry["guild_id"], entry["action"]) for entry in pauses] == [(two, "pause"), (one, "pause")]
    assert {(entry["guild_id"], entry["action"]) for entry in resumes} == {(one, "resume"), (two, "resume")}


async def test_a_server_that_nobody_set_up_cannot_be_paused(engine: AsyncEngine) -> None:
    assert await set_paused(GuildId(5), engine, is_paused=True, now=NOW) == PauseOutcome(known=0, changed=0)
