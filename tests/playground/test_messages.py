"""Messages through real discord.py: written, answered, edited, deleted, read."""

import contextlib
import io

import discord
import pytest

from bot.playground import Playground
from tests.playground.client import Client
from tests.playground.conftest import Clock, Connect, OpenPlayground


def row(*labels: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for label in labels:
        view.add_item(discord.ui.Button(label=label, custom_id=f"h1:FAKE:{label}"))
    return view


async def test_a_post_arrives_as_a_thread_whose_first_message_has_its_id(
    playground: Playground, client: Client
) -> None:
    post = playground.control.create_post("429 from Chutes", "API Error 429")
    message = await client.saw("message")
    assert message.id == message.channel.id == post.id
    assert (message.content, message.channel.name) == ("API Error 429", "429 from Chutes")
    assert message.author.id == playground.world.cast.asker.id
    assert [event for event, _ in client.seen if event in ("thread_create", "message")] == ["thread_create", "message"]
    assert playground.unimplemented == []


async def test_a_first_message_that_overtakes_its_thread_has_only_a_partial_channel(
    playground: Playground, client: Client
) -> None:
    playground.control.create_post("402", "Payment required", order="message_first")
    message = await client.saw("message")
    await client.saw("thread_create")
    assert [event for event, _ in client.seen if event in ("thread_create", "message")] == ["message", "thread_create"]
    assert isinstance(message.channel, discord.PartialMessageable)


async def test_a_reply_with_buttons_stands_as_it_was_sent(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", f"help <@{playground.world.cast.bot.id}>")
    question = await client.saw("message")
    sent = await question.channel.send(
        "Who refused?",
        reference=question.to_reference(),
        view=row("Solved"),
        suppress_embeds=True,
        mention_author=False,
    )
    [answer] = playground.control.answers(post)
    assert answer.id == sent.id
    assert (answer.content, answer.reply_to_id, answer.flags) == ("Who refused?", question.id, 4)
    assert [button["custom_id"] for button in answer.buttons] == ["h1:FAKE:Solved"]
    assert answer.mentions.user_ids == ()
    assert sent.reference is not None
    assert isinstance(sent.reference.resolved, discord.Message)
    assert client.user in question.mentions


async def test_an_edit_changes_text_and_buttons_and_is_marked(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    sent = await (await client.thread(post.id)).send("first", view=row("A", "B"))
    edited = await sent.edit(content="second", view=None)
    [answer] = playground.control.answers(post)
    assert (answer.content, answer.components) == ("second", [])
    assert edited.edited_at == answer.edited_at is not None
    raw = await client.saw("raw_message_edit")
    assert (raw.message_id, raw.data["content"]) == (answer.id, "second")


async def test_a_deleted_answer_is_gone_and_everybody_hears_of_it(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    sent = await (await client.thread(post.id)).send("wrong")
    await sent.delete()
    assert playground.control.answers(post) == []
    assert (await client.saw("raw_message_delete")).message_id == sent.id
    with pytest.raises(discord.NotFound) as refused:
        await sent.fetch()
    assert refused.value.code == 10008


async def test_the_same_nonce_gives_the_same_message(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    thread = await client.thread(post.id)
    first = await thread.send("answer", nonce="case-1")
    second = await thread.send("answer", nonce="case-1")
    other = await thread.send("answer", nonce="case-2")
    assert first.id == second.id != other.id
    assert len(playground.control.answers(post)) == 2
    created = await client.saw("message", lambda message: message.id == first.id)
    assert created.nonce == "case-1"


async def test_a_nonce_is_forgotten_after_a_few_minutes(
    open_playground: OpenPlayground, connect: Connect, clock: Clock
) -> None:
    playground = await open_playground(clock=clock)
    client = await connect(playground)
    thread = await client.thread(playground.control.create_post("429", "help").id)
    first = await thread.send("answer", nonce="case-1")
    clock.pass_time(minutes=6)
    assert (await thread.send("answer", nonce="case-1")).id != first.id


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (discord.AllowedMentions.none(), False),
        (discord.AllowedMentions(users=True), True),
    ],
)
async def test_only_allowed_mentions_reach_anybody(
    allowed: discord.AllowedMentions, pinged: bool, playground: Playground, client: Client
) -> None:
    cast = playground.world.cast
    post = playground.control.create_post("429", "help")
    text = f"<@{cast.asker.id}> @everyone <@&{playground.world.guild.role('Moderator').id}>"
    await (await client.thread(post.id)).send(text, allowed_mentions=allowed)
    [answer] = playground.control.answers(post)
    assert answer.mentions.user_ids == ((cast.asker.id,) if pinged else ())
    assert (answer.mentions.role_ids, answer.mentions.everyone) == ((), False)


async def test_history_is_read_forwards_backwards_and_around(playground: Playground, client: Client) -> None:
    control = playground.control
    post = control.create_post("429", "0")
    written = [post.starter, *(control.reply(post, str(number)) for number in range(1, 6))]
    middle = discord.Object(written[3].id if written[3] else 0)
    thread = await client.thread(post.id)
    assert [message.content async for message in thread.history(limit=2)] == ["5", "4"]
    assert [message.content async for message in thread.history(after=middle)] == ["4", "5"]
    assert [message.content async for message in thread.history(before=middle, limit=2)] == ["2", "1"]
    assert [message.content async for message in thread.history(around=middle, limit=3)] == ["4", "3", "2"]
    assert (await thread.fetch_message(post.id)).content == "0"


async def test_a_file_that_the_bot_uploads_can_be_downloaded_again(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    sent = await (await client.thread(post.id)).send("log", file=discord.File(io.BytesIO(b"lines"), "case.log"))
    [attachment] = sent.attachments
    assert (attachment.filename, attachment.size) == ("case.log", 5)
    assert attachment.url.startswith(playground.base_url)
    assert await attachment.read() == b"lines"
    edited = await sent.edit(content="no log", attachments=[])
    assert edited.attachments == []


async def test_an_attachment_link_expires_and_cannot_be_forged(
    open_playground: OpenPlayground, connect: Connect, clock: Clock
) -> None:
    playground = await open_playground(clock=clock)
    client = await connect(playground)
    post = playground.control.create_post("429", "see file", attachments=[("error.txt", b"API Error 429")])
    message = await client.saw("message")
    [attachment] = message.attachments
    assert await attachment.read() == b"API Error 429"
    assert attachment.content_type == "text/plain"
    with pytest.raises(discord.NotFound):
        await client.http.get_from_cdn(attachment.url.replace("hm=", "hm=0"))
    clock.pass_time(days=2)
    with pytest.raises(discord.NotFound):
        await attachment.read()
    fresh = await (await client.thread(post.id)).fetch_message(post.id)
    assert await fresh.attachments[0].read() == b"API Error 429"


async def test_a_link_preview_changes_a_message_without_editing_it(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "see https://example.com/")
    assert post.starter is not None
    assert playground.control.add_preview(post.starter)
    raw = await client.saw("raw_message_edit")
    assert (raw.data["content"], raw.data["edited_timestamp"]) == ("see https://example.com/", None)
    assert len(raw.data["embeds"]) == 1


async def test_a_message_that_suppresses_embeds_gets_no_preview(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    await (await client.thread(post.id)).send("https://example.com/", suppress_embeds=True)
    [answer] = playground.control.answers(post)
    assert not playground.control.add_preview(answer)
    assert answer.embeds == []


async def test_what_people_edit_and_delete_comes_as_raw_events(playground: Playground, client: Client) -> None:
    control = playground.control
    post = control.create_post("429", "help")
    detail = control.reply(post, "detial")
    control.edit(detail, "detail")
    control.delete(detail)
    edited = await client.saw("raw_message_edit")
    deleted = await client.saw("raw_message_delete")
    assert (edited.data["content"], edited.message_id) == ("detail", deleted.message_id)
    assert control.messages(post) == [post.starter]


async def test_a_person_who_replies_refers_to_the_message(playground: Playground, client: Client) -> None:
    control = playground.control
    post = control.create_post("429", "help")
    await (await client.thread(post.id)).send("Which model?")
    [question] = control.answers(post)
    control.reply(post, "qwen", reply_to=question)
    reply = await client.saw("message", lambda message: message.content == "qwen")
    assert reply.type is discord.MessageType.reply
    assert reply.reference.message_id == question.id
    assert reply.reference.resolved.content == "Which model?"
    assert client.user in reply.mentions


async def test_a_reply_to_a_deleted_message_can_be_sent_without_reference(
    playground: Playground, client: Client
) -> None:
    control = playground.control
    post = control.create_post("429", "help")
    question = await client.saw("message")
    assert post.starter is not None
    control.delete(post.starter)
    await question.channel.send("late", reference=question.to_reference(fail_if_not_exists=False))
    [answer] = control.answers(post)
    assert answer.reply_to_id is None


async def test_the_bot_that_writes_in_a_thread_has_joined_it(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    await (await client.thread(post.id)).send("hello")
    joined = await client.saw("thread_join")
    assert joined.id == post.id
    assert (await client.thread(post.id)).me is not None


async def test_typing_is_heard_in_both_directions(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    playground.control.typing(post)
    heard = await client.saw("raw_typing")
    assert (heard.user_id, heard.channel_id) == (playground.world.cast.asker.id, post.id)
    with contextlib.closing(playground.control.subscribe()) as events:
        await (await client.thread(post.id)).typing()
        event = await anext(events)
    assert (event.name, event.data["user_id"]) == ("TYPING_START", str(playground.world.cast.bot.id))


async def test_text_channels_take_messages_too(playground: Playground, client: Client) -> None:
    channel = client.get_channel(playground.world.moderators.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("card")
    assert [message.content for message in playground.control.answers(playground.world.moderators)] == ["card"]
    assert [message.content async for message in channel.history()] == ["card"]
