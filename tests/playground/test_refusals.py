"""What Discord refuses, with its code and the words that name each field."""

import io
from typing import Any

import discord
import pytest

from bot.playground import Permission, Playground, PlaygroundConfig
from tests.playground.client import Client
from tests.playground.conftest import Connect, OpenPlayground


def button(**changes: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Solved", "custom_id": "h1:FAKE"} | changes


def rows(*children: dict[str, Any]) -> dict[str, Any]:
    return {"content": "hello", "components": [{"type": 1, "components": list(children)}]}


async def post_body(client: Client, channel_id: int, body: dict[str, Any]) -> Any:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
    return await client.http.request(route, json=body)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"content": "x" * 2_001}, "In content: Must be 2000 or fewer in length."),
        ({"content": "hello", "nonce": "x" * 26}, "In nonce: Must be 25 or fewer in length."),
        (
            {"content": "hello", "components": [{"type": 1, "components": [button()]}] * 6},
            "In components: Must be betw",
        ),
        (rows(), "In components.0.components: Must be between 1 and 5 in length."),
        (rows(*(button(custom_id=str(number)) for number in range(6))), "In components.0.components: Must be between"),
        (rows(button(), button()), "In components.0.components.1.custom_id: Component custom id cannot be duplicated"),
        (rows(button(custom_id="x" * 101)), "In components.0.components.0.custom_id: Must be between 1 and 100"),
        (rows(button(custom_id=None)), "In components.0.components.0.custom_id: This field is required"),
        (rows(button(label="x" * 81)), "In components.0.components.0.label: Must be 80 or fewer in length."),
        (rows(button(label=None)), "In components.0.components.0: A button must have a label or an emoji."),
        (rows(button(style=5, custom_id=None)), "In components.0.components.0.url: This field is required"),
        ({"content": "hello", "components": [{"type": 2}]}, "In components.0.type: Value of field"),
        ({"embeds": [{"title": "x"}] * 11}, "In embeds: Must be 10 or fewer in length."),
        ({"embeds": [{"title": "x" * 257}]}, "In embeds.0.title: Must be 256 or fewer in length."),
        ({"embeds": [{"description": "x" * 4_097}]}, "In embeds.0.description: Must be 4096 or fewer in length."),
        ({"embeds": [{"description": "x" * 3_001}] * 2}, "In embeds: Embed size exceeds maximum size of 6000"),
        ({"embeds": [{"fields": [{"name": "a", "value": ""}]}]}, "In embeds.0.fields.0.value: This field is required"),
        ({"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, "In embeds.0.fields: Must be 25 or fewer"),
        ({"embeds": [{"fields": [{"name": "a" * 257, "value": "b"}]}]}, "In embeds.0.fields.0.name: Must be 256 or"),
        ({"embeds": [{"footer": {"text": "x" * 2_049}}]}, "In embeds.0.footer.text: Must be 2048 or fewer"),
        ({"embeds": [{"author": {"name": "x" * 257}}]}, "In embeds.0.author.name: Must be 256 or fewer"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "In allowed_mentions: parse:",
        ),
        ({"content": "x", "message_reference": {"message_id": "1"}}, "In message_reference: Unknown message"),
    ],
)
async def test_a_malformed_message_is_refused_by_the_name_of_the_field(
    body: dict[str, Any], complaint: str, playground: Playground, client: Client
) -> None:
    post = playground.control.create_post("429", "help")
    with pytest.raises(discord.HTTPException) as refused:
        await post_body(client, post.id, body)
    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert complaint in refused.value.text
    assert playground.control.answers(post) == []


async def test_all_that_is_wrong_is_named_at_once(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    with pytest.raises(discord.HTTPException) as refused:
        await post_body(client, post.id, rows(button(label="x" * 81)) | {"content": "x" * 2_001})
    assert refused.value.text.count("\nIn ") == 2


async def test_what_is_just_short_enough_is_taken(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    children = [button(custom_id=f"{number}".rjust(100, "x"), label="y" * 80) for number in range(5)]
    await post_body(client, post.id, rows(*children) | {"content": "x" * 2_000, "nonce": "n" * 25})
    [answer] = playground.control.answers(post)
    assert (len(answer.content), len(answer.buttons)) == (2_000, 5)


@pytest.mark.parametrize("body", [{"content": "half: \ud83d"}, {"embeds": [{"title": "\udfff"}]}, ["\ud83d"]])
async def test_half_a_character_is_no_json(body: Any, playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    with pytest.raises(discord.HTTPException) as refused:
        await post_body(client, post.id, body)
    assert (refused.value.status, refused.value.code) == (400, 50109)
    assert playground.control.answers(post) == []


async def test_half_a_character_of_somebodys_is_read_as_none(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help \ud83d")
    thread = await client.thread(post.id)
    assert (await thread.fetch_message(post.id)).content == "help ?"


@pytest.mark.parametrize("body", [{"content": ""}, {"content": None, "embeds": []}, {}])
async def test_an_empty_message_is_50006(body: dict[str, Any], playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    with pytest.raises(discord.HTTPException) as refused:
        await post_body(client, post.id, body)
    assert (refused.value.status, refused.value.code) == (400, 50006)


async def test_an_edit_must_leave_something(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    sent = await (await client.thread(post.id)).send("hello")
    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(content="")
    assert refused.value.code == 50006
    with pytest.raises(discord.HTTPException, match="Must be 2000 or fewer"):
        await sent.edit(content="x" * 2_001)
    assert playground.control.answers(post)[0].content == "hello"


async def test_other_peoples_words_cannot_be_edited_and_only_moderators_delete_them(
    playground: Playground, client: Client
) -> None:
    post = playground.control.create_post("429", "help")
    message = await client.saw("message")
    with pytest.raises(discord.Forbidden) as refused:
        await message.edit(content="mine now")
    assert refused.value.code == 50005
    playground.control.set_permissions(post, deny=Permission.MANAGE_MESSAGES)
    with pytest.raises(discord.Forbidden) as refused:
        await message.delete()
    assert refused.value.code == 50013
    playground.control.set_permissions(post)
    await message.delete()
    assert post.starter is None


async def test_system_messages_cannot_be_deleted(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    playground.control.change(post, name="new")
    notice = await client.saw("message", lambda message: message.content == "new")
    with pytest.raises(discord.Forbidden) as refused:
        await notice.delete()
    assert refused.value.code == 50021


async def test_forums_take_no_messages(playground: Playground, client: Client) -> None:
    for attempt in (
        post_body(client, playground.world.forum.id, {"content": "hello"}),
        client.http.send_typing(playground.world.forum.id),
    ):
        with pytest.raises(discord.HTTPException) as refused:
            await attempt
        assert (refused.value.status, refused.value.code) == (400, 50008)


async def test_unknown_places_are_named(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    for attempt, code in (
        (client.http.get_channel(1), 10003),
        (client.http.get_message(post.id, 1), 10008),
        (client.http.delete_message(post.id, 1), 10008),
        (client.http.get_active_threads(1), 10004),
    ):
        with pytest.raises(discord.NotFound) as refused:
            await attempt
        assert refused.value.code == code


async def test_a_body_that_is_no_json_is_50109(playground: Playground, client: Client) -> None:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=playground.world.general.id)
    for body, code in (("{", 50109), ("[]", 50035)):
        with pytest.raises(discord.HTTPException) as refused:
            await client.http.request(route, data=body)
        assert refused.value.code == code


async def test_a_limit_out_of_range_is_named(playground: Playground, client: Client) -> None:
    with pytest.raises(discord.HTTPException, match="int value should be between 1 and 100"):
        await client.http.logs_from(playground.world.general.id, 101)


async def test_a_file_that_is_too_large_is_40005(open_playground: OpenPlayground, connect: Connect) -> None:
    playground = await open_playground(PlaygroundConfig(max_upload_bytes=10))
    client = await connect(playground)
    channel = client.get_channel(playground.world.general.id)
    assert isinstance(channel, discord.TextChannel)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(file=discord.File(__file__))
    assert (refused.value.status, refused.value.code) == (413, 40005)
    playground.control.set_permissions(playground.world.general, deny=Permission.ATTACH_FILES)
    with pytest.raises(discord.Forbidden):
        await channel.send(file=discord.File(io.BytesIO(b"x"), "x.txt"))


async def test_what_is_not_played_answers_501_and_is_remembered(playground: Playground, client: Client) -> None:
    for attempt in (
        client.http.get_webhook(1),
        client.http.edit_channel(playground.world.general.id, name="new"),
        post_body(client, playground.world.general.id, {"content": "x", "flags": 1 << 15}),
    ):
        with pytest.raises(discord.DiscordServerError) as refused:
            await attempt
        assert (refused.value.status, refused.value.code) == (501, 0)
    assert playground.unimplemented == [
        "GET /webhooks/1",
        "PATCH /channels/{channel_id} of a channel that is no thread",
        "components v2",
    ]
