"""The gateway through real discord.py: sessions that end in every way, and what is missed or brought back."""

import asyncio
from typing import Any

import aiohttp
import discord
import pytest

from bot.playground import Playground, PlaygroundConfig
from bot.playground.ids import shard_of
from tests.playground.client import Client, readable_intents
from tests.playground.conftest import Connect, OpenPlayground


async def converse(playground: Playground, *said: object, query: str = "?v=10&encoding=json") -> tuple[list[Any], int]:
    """What a hand-made client hears, and the code with which it is sent away."""
    async with aiohttp.ClientSession() as session, session.ws_connect(playground.gateway_url + query) as socket:
        for each in said:
            await (socket.send_str(each) if isinstance(each, str) else socket.send_json(each))
        heard = [message.json() async for message in socket]
        return heard, socket.close_code or 0


def identify(playground: Playground, **changes: object) -> dict[str, object]:
    return {"op": 2, "d": {"token": playground.token, "intents": 1, "properties": {}} | changes}


async def test_a_client_that_connects_knows_itself_its_guild_and_its_switches(
    playground: Playground, client: Client
) -> None:
    assert client.user is not None
    assert client.user.id == playground.world.cast.bot.id
    guild = client.get_guild(playground.world.guild.id)
    assert guild is not None
    assert guild.me.guild_permissions.manage_threads
    assert [channel.name for channel in guild.channels] == ["help", "moderators", "general"]
    forum = guild.get_channel(playground.world.forum.id)
    assert isinstance(forum, discord.ForumChannel)
    assert [tag.name for tag in forum.available_tags][:4] == ["Answered", "Solved", "Needs help", "Waiting for you"]
    assert [role.name for role in guild.roles][:3] == ["@everyone", "Helper", "Moderator"]
    assert client.application is not None
    assert client.application.flags.gateway_message_content_limited
    moderators = guild.get_channel(playground.world.moderators.id)
    assert moderators is not None
    assert not moderators.permissions_for(guild.default_role).view_channel


async def test_active_threads_come_with_the_guild_and_fire_nothing(playground: Playground, connect: Connect) -> None:
    post = playground.control.create_post("old", "help")
    gone = playground.control.create_post("archived", "help")
    playground.control.archive(gone)
    client = await connect(playground)
    [guild] = client.guilds
    assert [thread.id for thread in guild.threads] == [post.id]
    assert client.all("thread_create") == client.all("message") == []


async def test_heartbeats_are_acknowledged(open_playground: OpenPlayground, connect: Connect) -> None:
    playground = await open_playground(PlaygroundConfig(heartbeat_interval_ms=20))
    client = await connect(playground)
    await playground.control.wait_for(lambda: client.latency < 1)


async def test_a_dropped_connection_is_resumed_and_brings_what_was_missed(
    playground: Playground, client: Client
) -> None:
    playground.control.drop_connections()
    playground.control.create_post("while away", "help")
    message = await client.saw("message")
    await client.saw("resumed")
    assert message.content == "help"
    assert (playground.gateway.identifies, playground.gateway.resumes) == (1, 1)
    playground.control.create_post("afterwards", "again")
    await client.saw("message", lambda later: later.content == "again")
    assert [each.content for each in client.all("message")] == ["help", "again"]


async def test_op_7_makes_the_client_resume(playground: Playground, client: Client) -> None:
    playground.control.ask_to_reconnect()
    playground.control.create_post("meanwhile", "help")
    await client.saw("resumed")
    await client.saw("message")
    assert playground.gateway.identifies == 1


async def test_a_resumable_op_9_keeps_the_session(playground: Playground, client: Client) -> None:
    playground.control.invalidate_session(resumable=True)
    await client.saw("resumed")
    assert playground.gateway.identifies == 1


async def test_op_9_ends_the_session_and_loses_what_was_said_meanwhile(playground: Playground, client: Client) -> None:
    playground.control.invalidate_session(resumable=False)
    missed = playground.control.create_post("missed", "help")
    await client.saw("ready", count=2)
    assert playground.gateway.identifies == 2
    assert client.all("message") == []
    assert [thread.id for thread in client.guilds[0].threads] == [missed.id]


async def test_an_expired_session_cannot_be_resumed(playground: Playground, client: Client) -> None:
    playground.control.expire_sessions()
    playground.control.drop_connections()
    await client.saw("ready", count=2)
    assert (playground.gateway.identifies, playground.gateway.resumes) == (2, 0)


@pytest.mark.parametrize(("code", "identifies"), [(4000, 1), (4007, 2), (4009, 2), (1000, 1)])
async def test_a_close_code_decides_whether_the_session_lives_on(
    code: int, identifies: int, playground: Playground, client: Client
) -> None:
    playground.control.close_connections(code)
    await client.saw("ready" if identifies == 2 else "resumed", count=identifies if identifies == 2 else 1)
    assert playground.gateway.identifies == identifies


async def test_more_missed_events_than_are_kept_cannot_be_replayed(
    open_playground: OpenPlayground, connect: Connect
) -> None:
    playground = await open_playground(PlaygroundConfig(replayed_events=3))
    client = await connect(playground)
    playground.control.drop_connections()
    for number in range(3):
        playground.control.create_post(f"post {number}", "help")
    await client.saw("ready", count=2)
    assert client.all("message") == []


async def test_a_deaf_connection_hears_nothing_until_it_is_left(
    open_playground: OpenPlayground, connect: Connect
) -> None:
    playground = await open_playground(PlaygroundConfig(heartbeat_interval_ms=50))
    client = await connect(playground, heartbeat_timeout=0.15)
    playground.control.go_deaf()
    playground.control.create_post("unheard", "help")
    await client.saw("resumed")
    await client.saw("message")
    assert playground.gateway.identifies == 1


async def test_a_client_without_heartbeats_is_timed_out(open_playground: OpenPlayground) -> None:
    playground = await open_playground(PlaygroundConfig(heartbeat_interval_ms=20))
    heard, code = await converse(playground, identify(playground))
    assert code == 4009
    assert [each["t"] for each in heard] == [None, "READY", "GUILD_CREATE"]
    assert playground.gateway.sessions == {}


async def test_a_client_that_says_goodbye_ends_its_session(playground: Playground, client: Client) -> None:
    await client.stop()
    await playground.control.wait_for(lambda: not playground.gateway.sessions)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["not json"], 4002),
        (["[]"], 4002),
        ([{"op": 1, "d": "x" * 5_000}], 4002),
        ([{"op": 3, "d": {}}], 4003),
        ([{"op": 2, "d": {"token": "FAKE-wrong", "intents": 1, "properties": {}}}], 4004),
        ([{"op": 1, "d": None}] * 121, 4008),
    ],
)
async def test_nonsense_before_identify_closes_the_connection(
    said: list[object], code: int, playground: Playground
) -> None:
    assert (await converse(playground, *said))[1] == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"intents": 1 << 30}, 4013),
        ({"intents": 1 | 1 << 1}, 4014),
        ({"shard": [2, 2]}, 4010),
        ({"properties": None}, 4002),
    ],
)
async def test_an_identify_that_discord_would_refuse_is_refused(
    changes: dict[str, object], code: int, playground: Playground
) -> None:
    assert (await converse(playground, identify(playground, **changes)))[1] == code


async def test_what_comes_after_identify_is_checked_too(playground: Playground) -> None:
    assert (await converse(playground, identify(playground), identify(playground)))[1] == 4005
    assert (await converse(playground, identify(playground), {"op": 99, "d": None}))[1] == 4001
    assert (await converse(playground, query="?v=6&encoding=json"))[1] == 4012


async def test_a_resume_from_the_future_is_refused(playground: Playground, client: Client) -> None:
    await client.saw("ready")
    [session_id] = playground.gateway.sessions
    resume = {"op": 6, "d": {"token": playground.token, "session_id": session_id, "seq": 1_000}}
    assert (await converse(playground, resume))[1] == 4007


async def test_an_unknown_compression_is_refused(playground: Playground) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await converse(playground, query="?v=10&encoding=json&compress=lzma-stream")
    assert refused.value.status == 400


async def test_without_the_content_switch_identify_is_refused(
    open_playground: OpenPlayground, connect: Connect
) -> None:
    playground = await open_playground(PlaygroundConfig(message_content=False))
    client = Client(playground)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(playground.token)
    assert client.application is not None
    assert not client.application.flags.gateway_message_content_limited
    assert client.is_closed()
    blind = await connect(playground, discord.Intents.default())
    post = playground.control.create_post("429", "API Error 429", attachments=[("a.txt", b"x")])
    message = await blind.saw("message")
    assert (message.content, message.attachments) == ("", [])
    assert (await blind.http.get_message(post.id, post.id))["content"] == ""


async def test_without_the_content_intent_only_mentions_and_own_words_are_readable(
    playground: Playground, connect: Connect
) -> None:
    client = await connect(playground, discord.Intents.default())
    post = playground.control.create_post("429", "secret")
    playground.control.reply(post, f"<@{playground.world.cast.bot.id}> please")
    await (await client.thread(post.id)).send("mine")
    await client.saw("message", count=3)
    assert [message.content for message in client.all("message")] == [
        "",
        f"<@{playground.world.cast.bot.id}> please",
        "mine",
    ]


async def test_only_the_events_of_the_intents_arrive(playground: Playground, connect: Connect) -> None:
    intents = readable_intents()
    intents.guild_messages = intents.typing = False
    client = await connect(playground, intents)
    post = playground.control.create_post("429", "help")
    playground.control.typing(post)
    playground.control.delete_thread(post)
    await client.saw("raw_thread_delete")
    assert client.all("message") == client.all("raw_typing") == []


async def test_a_wrong_token_is_refused_at_login(playground: Playground) -> None:
    client = Client(playground)
    with pytest.raises(discord.LoginFailure):
        await client.start("FAKE-wrong")
    await client.close()


async def test_guilds_are_split_over_shards(open_playground: OpenPlayground, connect: Connect) -> None:
    playground = await open_playground(PlaygroundConfig(guilds=3, shards=2))
    first, second, third = playground.world.guilds.values()
    assert [shard_of(guild.id, 2) for guild in (first, second, third)] == [0, 1, 0]
    client = await connect(playground)
    assert client.shard_count == 2
    assert sorted(guild.shard_id for guild in client.guilds) == [0, 0, 1]
    other = await connect(playground, shard_count=2, shard_ids=[1])
    assert [guild.id for guild in other.guilds] == [second.id]
    playground.control.create_post("second", "in the second guild", forum=second.forum)
    await asyncio.gather(client.saw("message"), other.saw("message"))
    playground.control.create_post("first", "in the first guild")
    await client.saw("message", lambda message: message.guild.id == first.id)
    assert [message.guild.id for message in other.all("message")] == [second.id]


async def test_one_shard_can_be_dropped_alone(open_playground: OpenPlayground, connect: Connect) -> None:
    playground = await open_playground(PlaygroundConfig(guilds=2, shards=2))
    client = await connect(playground)
    playground.control.drop_connections(shard=1)
    assert await client.saw("shard_resumed") == 1
    assert playground.gateway.resumes == 1


async def test_too_many_guilds_on_a_shard_need_more_shards(open_playground: OpenPlayground) -> None:
    playground = await open_playground(PlaygroundConfig(guilds=2, max_guilds_per_shard=1))
    client = Client(playground)
    with pytest.raises(discord.ConnectionClosed) as refused:
        await client.start(playground.token)
    assert refused.value.code == 4011


async def test_member_requests_are_not_played_and_say_so(playground: Playground, client: Client) -> None:
    await client.saw("ready")
    await client._connection.chunker(playground.world.guild.id)
    await playground.control.wait_for(lambda: playground.unimplemented)
    assert playground.unimplemented == ["gateway op 8 (request guild members)"]
