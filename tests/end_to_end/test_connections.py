"""Heron's connection to Discord: it breaks, is handed over, is refused, and several of them share the servers."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from bot.cogs.client import Client
from bot.helpdesk.ports import GuildSettings
from bot.playground import Playground, PlaygroundConfig
from bot.playground.model import Guild
from bot.posts import ChannelId, GuildId
from bot.storage.engine import create_engine
from bot.storage.guilds import SqlGuilds
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import DIM, HandClock, House
from tests.tiny_knowledge import tiny


@pytest.fixture(autouse=True)
def _a_new_session_is_begun_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library waits five seconds before it identifies again, so that Discord does not lock it out."""

    async def at_once(self: Client, shard_id: int | None, *, initial: bool = False) -> None: ...

    monkeypatch.setattr(Client, "before_identify_hook", at_once)


async def connected_anew(house: House, *, resumed: bool) -> None:
    playground = house.playground
    wanted = (1, 1) if resumed else (0, 2)
    await house.control.wait_for(lambda: (playground.gateway.resumes, playground.gateway.identifies) == wanted)
    await house.control.connected()


async def test_what_happens_while_the_connection_is_down_is_heard_when_it_is_resumed(house: House) -> None:
    house.control.drop_connections()
    thread = house.control.create_post("The lamp", DIM)
    await house.settle()
    await connected_anew(house, resumed=True)
    assert len(house.answers(thread)) == 1


async def test_a_gateway_that_asks_for_another_connection_gets_one_and_nothing_is_lost(house: House) -> None:
    house.control.ask_to_reconnect()
    thread = house.control.create_post("The lamp", DIM)
    await connected_anew(house, resumed=True)
    await house.settle()
    assert len(house.answers(thread)) == 1


async def test_a_session_that_is_only_interrupted_goes_on(house: House) -> None:
    house.control.invalidate_session(resumable=True)
    await connected_anew(house, resumed=True)
    assert len(house.answers(await house.asks())) == 1


async def test_a_session_that_has_ended_is_followed_by_a_new_one_that_answers(house: House) -> None:
    before = await house.asks()
    house.control.invalidate_session(resumable=False)
    await connected_anew(house, resumed=False)
    after = await house.asks()
    assert [len(house.answers(thread)) for thread in (before, after)] == [1, 1]


async def test_a_session_that_expired_meanwhile_is_followed_by_a_new_one(house: House) -> None:
    house.control.expire_sessions()
    house.control.drop_connections()
    await connected_anew(house, resumed=False)
    assert len(house.answers(await house.asks())) == 1


@pytest.mark.parametrize(("code", "resumed"), [(1001, True), (4000, True), (4007, False), (4008, True), (4009, False)])
async def test_whatever_the_gateway_closes_with_heron_comes_back(house: House, code: int, resumed: bool) -> None:
    house.control.close_connections(code)
    await connected_anew(house, resumed=resumed)
    assert len(house.answers(await house.asks())) == 1


async def test_an_answer_is_sent_while_the_connection_is_down_and_stands_once_when_it_is_back(house: House) -> None:
    held = house.control.fault("POST", "*", hold=True)
    thread = house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    house.control.drop_connections()
    held.release()
    await connected_anew(house, resumed=True)
    await house.settle()
    assert len(house.answers(thread)) == 1


@pytest.fixture
async def two_servers(clock: HandClock, watcher: Watcher) -> AsyncIterator[Playground]:
    config = PlaygroundConfig(guilds=2, shards=2, max_guilds_per_shard=1, bot_name="Heron")
    async with Playground(clock=clock.now, config=config, observer=watcher) as playground:
        yield playground


async def watch_forums(guilds: Iterable[Guild], database_url: str) -> None:
    """The environment sets up one server; the others are set up in the database."""
    engine = create_engine(database_url)
    for guild in guilds:
        await SqlGuilds(engine).fill(
            GuildSettings(
                guild_id=GuildId(guild.id),
                forum_ids=(ChannelId(guild.forum.id),),
                moderator_role_ids=(),
                helper_role_ids=(),
                moderator_channel_id=None,
            )
        )
    await engine.dispose()


async def test_two_shards_answer_each_in_its_own_server(
    two_servers: Playground, clock: HandClock, database_url: str
) -> None:
    guilds = two_servers.world.guilds.values()
    await watch_forums(guilds, database_url)
    house = House(two_servers, tiny(), database_url, clock, quiet_s=0.0)
    await house.start()
    try:
        await house.control.connected(shards=2)
        threads = [house.control.create_post("The lamp", DIM, forum=guild.forum) for guild in guilds]
        await house.settle()
        assert [len(house.answers(thread)) for thread in threads] == [1, 1]
        assert sorted(c.session.shard for c in house.control.live_connections() if c.session) == [(0, 2), (1, 2)]
    finally:
        await house.close()
