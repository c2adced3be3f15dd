"""Reactions: the bot's on others' messages, and people's, of which only those hear who asked to."""

import discord
import pytest

from bot.playground import Permission, Playground
from tests.playground.client import Client
from tests.playground.conftest import Connect


async def message_of(client: Client, playground: Playground) -> discord.PartialMessage:
    post = playground.control.create_post("429", "!mute")
    return (await client.thread(post.id)).get_partial_message(post.id)


async def test_a_reaction_stands_on_the_message(playground: Playground, client: Client) -> None:
    message = await message_of(client, playground)
    await message.add_reaction("🔇")
    await message.add_reaction("🔇")
    (reaction,) = (await message.fetch()).reactions
    assert (reaction.emoji, reaction.count, reaction.me) == ("🔇", 1, True)


async def test_a_reaction_needs_its_permission_unless_somebody_began(playground: Playground, client: Client) -> None:
    message = await message_of(client, playground)
    playground.control.set_permissions(playground.world.forum, deny=Permission.ADD_REACTIONS)
    with pytest.raises(discord.Forbidden) as refused:
        await message.add_reaction("🔇")
    assert refused.value.code == 50013
    thread = playground.world.threads[0]
    playground.control.react(thread.messages[message.id], "👍")
    await message.add_reaction("👍")
    assert thread.messages[message.id].reactions == {
        "👍": [playground.world.cast.asker.id, playground.world.cast.bot.id]
    }


async def test_a_word_is_no_emoji(playground: Playground, client: Client) -> None:
    message = await message_of(client, playground)
    with pytest.raises(discord.HTTPException) as refused:
        await message.add_reaction("mute")
    assert refused.value.code == 10014


async def test_only_who_asked_hears_of_reactions(playground: Playground, connect: Connect) -> None:
    curious = discord.Intents.default()
    curious.message_content = True
    incurious = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    hears, does_not = await connect(playground, curious), await connect(playground, incurious)
    post = playground.control.create_post("429", "help")
    playground.control.react(post.messages[post.id], "👍")
    playground.control.reply(post, "afterwards")
    event = await hears.saw("raw_reaction_add")
    assert str(event.emoji) == "👍"
    await does_not.saw("message", lambda message: message.content == "afterwards")
    assert does_not.all("raw_reaction_add") == []
