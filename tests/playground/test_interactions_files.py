"""Files in the answers to presses: with the answer itself, with what follows it, and added to either."""

import io

import discord
import pytest

from bot.playground import Message, Playground
from tests.playground.client import Client
from tests.playground.conftest import Connect
from tests.playground.test_interactions import Press, pressed, thread_of

PNG = b"\x89PNG\r\n\x1a\nno picture"


@pytest.fixture
async def client(playground: Playground, connect: Connect) -> Client:
    return await connect(playground, discord.Intents(guilds=True))


def a_file() -> discord.File:
    return discord.File(io.BytesIO(PNG), "week.png", description="a week")


def whisper(playground: Playground, press: Press) -> Message:
    assert press.message is not None
    message = playground.world.places[press.message.channel.id].messages[press.message.id]
    (said,) = playground.control.whispers(thread_of(playground, message))
    return said


async def test_a_private_answer_comes_with_a_file(client: Client, playground: Playground) -> None:
    press = await pressed(client, playground)
    await press.response.send_message("look", file=a_file(), ephemeral=True)
    said = whisper(playground, press)
    assert [(file.filename, file.data) for file in said.attachments] == [("week.png", PNG)]
    assert await (await press.original_response()).attachments[0].read() == PNG


async def test_what_a_deferred_press_waits_for_comes_with_a_file(client: Client, playground: Playground) -> None:
    press = await pressed(client, playground)
    await press.response.defer(ephemeral=True, thinking=True)
    sent = await press.followup.send("look", file=a_file(), ephemeral=True, wait=True)
    assert await sent.attachments[0].read() == PNG
    assert [file.filename for file in whisper(playground, press).attachments] == ["week.png"]


async def test_a_file_alone_is_an_answer(client: Client, playground: Playground) -> None:
    press = await pressed(client, playground)
    await press.response.defer(ephemeral=True, thinking=True)
    await press.followup.send(file=a_file(), ephemeral=True)
    assert whisper(playground, press).content == ""


async def test_an_edit_keeps_a_file_or_puts_another_there_or_takes_it_away(
    client: Client, playground: Playground
) -> None:
    press = await pressed(client, playground)
    await press.response.send_message("look", file=a_file(), ephemeral=True)
    first = whisper(playground, press).attachments
    await press.edit_original_response(content="look again")
    assert whisper(playground, press).attachments == first
    await press.edit_original_response(attachments=[a_file()])
    (other,) = whisper(playground, press).attachments
    assert other not in first
    await press.edit_original_response(attachments=[])
    assert whisper(playground, press).attachments == []
