"""Threads through real discord.py: opened, tagged, archived, listed, deleted; and what permissions take away."""

import dataclasses
import math

import discord
import pytest

from bot.playground import Permission, Playground
from tests.playground.client import Client
from tests.playground.conftest import Clock, Connect, OpenPlayground


async def test_a_tag_is_set_by_its_id(playground: Playground, client: Client) -> None:
    solved = playground.world.forum.tag("Solved")
    post = playground.control.create_post("429", "help")
    edited = await (await client.thread(post.id)).edit(applied_tags=[discord.Object(solved.id)])  # type: ignore[list-item]
    assert post.applied_tags == [solved.id]
    assert [tag.name for tag in edited.applied_tags] == ["Solved"]
    assert (await client.saw("raw_thread_update")).data["applied_tags"] == [str(solved.id)]


async def test_nothing_is_told_when_nothing_changes(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    await (await client.thread(post.id)).edit(applied_tags=[], archived=False)
    playground.control.typing(post)
    await client.saw("raw_typing")
    assert client.all("raw_thread_update") == []


async def test_an_archived_thread_is_immutable_until_a_message_wakes_it(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    thread = await client.thread(post.id)
    sent = await thread.send("answer")
    playground.control.archive(post)
    await client.saw("raw_thread_update")
    for attempt in (sent.edit(content="better"), sent.delete(), thread.edit(name="new")):
        with pytest.raises(discord.HTTPException) as refused:
            await attempt
        assert (refused.value.status, refused.value.code) == (400, 50083)
    await thread.send("one more thing")
    assert not post.archived
    await client.saw("raw_thread_update", lambda raw: not raw.data["thread_metadata"]["archived"])


async def test_an_archived_thread_can_be_opened_and_changed_in_one_call(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    playground.control.archive(post, locked=True)
    await (await client.thread(post.id)).edit(archived=False, locked=False, name="new name")
    assert (post.archived, post.locked, post.name) == (False, False, "new name")
    assert [message.type for message in playground.control.messages(post)] == [0, 4]


async def test_a_locked_thread_takes_words_only_from_those_who_manage_threads(
    playground: Playground, client: Client
) -> None:
    post = playground.control.create_post("429", "help")
    playground.control.archive(post, locked=True)
    thread = await client.thread(post.id)
    playground.control.set_permissions(post, deny=Permission.MANAGE_THREADS)
    with pytest.raises(discord.Forbidden) as refused:
        await thread.send("hello")
    assert refused.value.code == 160005
    with pytest.raises(discord.Forbidden):
        await thread.edit(archived=False)
    playground.control.unarchive(post)
    await thread.send("hello")


async def test_while_files_upload_there_is_no_first_message_and_no_answering(
    playground: Playground, client: Client
) -> None:
    post = playground.control.create_post(
        "429", "see picture", attachments=[("error.png", b"\x89PNG")], upload_delay=math.inf
    )
    thread = await client.saw("thread_create")
    with pytest.raises(discord.NotFound) as missing:
        await thread.fetch_message(thread.id)
    assert missing.value.code == 10008
    with pytest.raises(discord.Forbidden) as refused:
        await thread.send("hello")
    assert refused.value.code == 40058
    assert client.all("message") == []
    playground.control.finish_upload(post)
    message = await client.saw("message")
    assert message.id == post.id
    assert [attachment.filename for attachment in message.attachments] == ["error.png"]
    await thread.send("hello")


async def test_an_upload_can_end_by_itself(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "see picture", upload_delay=0.01)
    assert post.starter is None
    assert (await client.saw("message")).id == post.id


async def test_an_upload_whose_thread_was_deleted_writes_nothing(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "see picture", upload_delay=math.inf)
    playground.control.delete_thread(post)
    playground.control.finish_upload(post)
    assert (await client.saw("raw_thread_delete")).thread_id == post.id
    assert client.all("message") == []
    with pytest.raises(discord.NotFound) as missing:
        await client.fetch_channel(post.id)
    assert missing.value.code == 10003


async def test_active_threads_are_listed_newest_first(playground: Playground, client: Client) -> None:
    first = playground.control.create_post("first", "help")
    second = playground.control.create_post("second", "help")
    archived = playground.control.create_post("third", "help")
    playground.control.archive(archived)
    listed = await client.guilds[0].active_threads()
    assert [thread.id for thread in listed] == [second.id, first.id]


async def test_archived_threads_are_paged_by_the_time_they_were_archived(
    open_playground: OpenPlayground, connect: Connect, clock: Clock
) -> None:
    playground = await open_playground(clock=clock)
    client = await connect(playground)
    posts = [playground.control.create_post(f"post {number}", "help") for number in range(5)]
    for post in posts:
        clock.pass_time(minutes=1)
        playground.control.archive(post)
    forum = client.get_channel(playground.world.forum.id)
    assert isinstance(forum, discord.ForumChannel)
    listed = [thread.id async for thread in forum.archived_threads(limit=None)]
    assert listed == [post.id for post in reversed(posts)]
    page = await client.http.get_public_archived_threads(forum.id, limit=2)
    assert page["has_more"]
    moment = page["threads"][-1]["thread_metadata"]["archive_timestamp"]
    rest = await client.http.get_public_archived_threads(forum.id, before=moment, limit=100)
    assert [int(thread["id"]) for thread in rest["threads"]] == [post.id for post in reversed(posts[:3])]
    assert not rest["has_more"]


async def test_five_tags_are_the_most_and_unknown_ones_are_refused(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    tags = [str(tag.id) for tag in playground.world.forum.tags]
    with pytest.raises(discord.HTTPException, match="Must be 5 or fewer in length"):
        await client.http.edit_channel(post.id, applied_tags=[*tags, tags[0]])
    with pytest.raises(discord.NotFound) as unknown:
        await client.http.edit_channel(post.id, applied_tags=["1"])
    assert unknown.value.code == 10087
    with pytest.raises(discord.HTTPException, match="Must be between 1 and 100 in length"):
        await client.http.edit_channel(post.id, name="x" * 101)
    assert (post.applied_tags, post.name) == ([], "429")


async def test_without_the_permission_to_write_there_is_50013(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    message = await client.saw("message")
    playground.control.set_permissions(post, deny=Permission.SEND_MESSAGES_IN_THREADS)
    for attempt in (message.channel.send("hello"), message.channel.typing()):
        with pytest.raises(discord.Forbidden) as refused:
            await attempt
        assert refused.value.code == 50013
    playground.control.set_permissions(post, deny=Permission.ATTACH_FILES | Permission.MANAGE_THREADS)
    with pytest.raises(discord.Forbidden) as refused:
        await message.channel.edit(applied_tags=[])
    assert refused.value.code == 50013
    await message.channel.send("hello")


async def test_without_view_channel_there_are_no_events_and_50001(playground: Playground, client: Client) -> None:
    forum = playground.world.forum
    playground.control.set_permissions(forum, deny=Permission.VIEW_CHANNEL)
    post = playground.control.create_post("unseen", "help")
    with pytest.raises(discord.Forbidden) as refused:
        await client.fetch_channel(post.id)
    assert refused.value.code == 50001
    assert client.all("message") == client.all("thread_create") == []
    playground.control.set_permissions(forum)
    assert (await client.saw("thread_join")).id == post.id


async def test_without_read_message_history_nothing_can_be_read_or_answered(
    playground: Playground, client: Client
) -> None:
    post = playground.control.create_post("429", "help")
    message = await client.saw("message")
    playground.control.set_permissions(post, deny=Permission.READ_MESSAGE_HISTORY)
    assert [each async for each in message.channel.history()] == []
    with pytest.raises(discord.Forbidden) as refused:
        await message.channel.fetch_message(message.id)
    assert refused.value.code == 50013
    with pytest.raises(discord.Forbidden) as refused:
        await message.reply("hello")
    assert refused.value.code == 160002


async def test_renaming_and_tagging_by_people_is_heard(playground: Playground, client: Client) -> None:
    control = playground.control
    post = control.create_post("429", "help", tags=[playground.world.forum.tag("Needs help")])
    assert [tag.name for tag in (await client.saw("thread_create")).applied_tags] == ["Needs help"]
    control.change(post, name="solved: 429")
    control.change(post, applied_tags=[playground.world.forum.tag("Solved").id])
    update = await client.saw("raw_thread_update", count=2)
    assert update.data["name"] == "solved: 429"
    renamed = await client.saw("message", lambda message: message.type is discord.MessageType.channel_name_change)
    assert renamed.content == "solved: 429"


async def test_moderated_tags_and_other_peoples_threads_need_manage_threads(
    playground: Playground, client: Client
) -> None:
    cast, forum = playground.world.cast, playground.world.forum
    forum.tags[0] = dataclasses.replace(forum.tags[0], moderated=True)
    moderated, free = str(forum.tags[0].id), str(forum.tags[1].id)
    own = playground.control.create_post("from the bot", "hello", by=cast.bot)
    foreign = playground.control.create_post("429", "help")
    playground.control.set_permissions(forum, deny=Permission.MANAGE_THREADS)
    await client.http.edit_channel(own.id, applied_tags=[free])
    for post, tag in ((own, moderated), (foreign, free)):
        with pytest.raises(discord.Forbidden) as refused:
            await client.http.edit_channel(post.id, applied_tags=[tag])
        assert refused.value.code == 50013
    playground.control.archive(foreign)
    await client.http.edit_channel(foreign.id, archived=False)
    assert not foreign.archived
