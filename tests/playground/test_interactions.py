"""Presses and forms as the real discord.py meets them: acknowledged in time and once, answered in public or private."""

import asyncio

import discord
import pytest

from bot.playground import Message, Permission, Playground, Thread
from tests.playground.client import Client
from tests.playground.conftest import Clock, Connect, OpenPlayground

CALLBACK = "/interactions/*/callback"


class Row(discord.ui.View):
    """Two buttons and one that is switched off. What happens, the test decides."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        for name in ("one", "two", "off"):
            button: discord.ui.Button[Row] = discord.ui.Button(
                label=name.title(), custom_id=f"t:{name}", disabled=name == "off"
            )
            self.add_item(button)
        self.stop()


class Form(discord.ui.Modal, title="A form"):
    words: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Words", custom_id="words")


@pytest.fixture
async def client(playground: Playground, connect: Connect) -> Client:
    # Without a single intent for messages: interactions come all the same.
    return await connect(playground, discord.Intents(guilds=True))


async def buttons_in(client: Client, playground: Playground) -> Message:
    thread = playground.control.create_post("429", "help")
    await (await client.thread(thread.id)).send("which?", view=Row())
    return playground.control.answers(thread)[0]


def thread_of(playground: Playground, message: Message) -> Thread:
    place = playground.world.places[message.channel_id]
    assert isinstance(place, Thread)
    return place


async def pressed(
    client: Client, playground: Playground, button: str = "One", message: Message | None = None
) -> "Press":
    message = message or await buttons_in(client, playground)
    count = len(client.all("interaction"))
    playground.control.press(message, button)
    return await client.saw("interaction", count=count + 1)  # type: ignore[no-any-return]


Press = discord.Interaction[discord.Client]


async def test_a_press_tells_who_pressed_what_and_where(client: Client, playground: Playground) -> None:
    press = await pressed(client, playground, "Two")
    assert isinstance(press.user, discord.Member)
    assert press.user.id == playground.world.cast.asker.id
    assert press.type is discord.InteractionType.component
    assert press.data is not None
    assert press.data.get("custom_id") == "t:two"
    assert isinstance(press.channel, discord.Thread)
    assert press.message is not None
    assert press.message.content == "which?"
    assert press.permissions.view_channel


async def test_what_a_person_does_not_see_cannot_be_pressed(client: Client, playground: Playground) -> None:
    message = await buttons_in(client, playground)
    with pytest.raises(ValueError, match="Asker sees no button 'Three'"):
        playground.control.press(message, "Three")
    with pytest.raises(ValueError, match="'Off'"):
        playground.control.press(message, "Off")
    playground.control.set_permissions(
        playground.world.forum, deny=Permission.VIEW_CHANNEL, who=playground.world.cast.another
    )
    with pytest.raises(ValueError, match="Another sees no button"):
        playground.control.press(message, "One", by=playground.world.cast.another)


async def test_an_answer_stands_in_the_thread_for_all(client: Client, playground: Playground) -> None:
    press = await pressed(client, playground)
    await press.response.send_message("noted")
    assert (await press.original_response()).content == "noted"
    await press.edit_original_response(content="noted again")
    await press.followup.send("and more")
    thread = thread_of(playground, playground.control.messages(playground.world.threads[0])[0])
    assert [m.content for m in playground.control.answers(thread)] == ["which?", "noted again", "and more"]
    await press.delete_original_response()
    assert [m.content for m in playground.control.answers(thread)] == ["which?", "and more"]


async def test_a_private_answer_is_seen_by_the_one_who_pressed_and_no_session_hears_of_it(
    client: Client, playground: Playground, connect: Connect
) -> None:
    listener = await connect(playground)
    press = await pressed(client, playground)
    receipt = await press.response.send_message("only you", ephemeral=True, view=Row())
    assert receipt.is_ephemeral()
    thread = playground.world.threads[0]
    (whisper,) = playground.control.whispers(thread)
    assert (whisper.content, whisper.flags) == ("only you", 64)
    assert playground.control.whispers(thread, to=playground.world.cast.another) == []
    assert [m.content for m in playground.control.answers(thread)] == ["which?"]
    with pytest.raises(ValueError, match="Another sees no button"):
        playground.control.press(whisper, "One", by=playground.world.cast.another)
    playground.control.reply(thread, "afterwards")
    await listener.saw("message", lambda message: message.content == "afterwards")
    assert "only you" not in [message.content for message in listener.all("message")]


async def test_a_press_in_a_private_answer_can_change_it(client: Client, playground: Playground) -> None:
    first = await pressed(client, playground)
    await first.response.send_message("only you", ephemeral=True, view=Row())
    (whisper,) = playground.control.whispers(playground.world.threads[0])
    second = await pressed(client, playground, "Two", whisper)
    await second.response.edit_message(content="changed", view=None)
    assert (whisper.content, whisper.components) == ("changed", [])
    third = await first.followup.send("also only you", ephemeral=True, wait=True)
    await third.edit(content="edited")
    assert [m.content for m in playground.control.whispers(playground.world.threads[0])] == ["changed", "edited"]
    await third.delete()
    await first.delete_original_response()
    assert playground.control.whispers(playground.world.threads[0]) == []


async def test_a_deferred_answer_thinks_until_its_first_words(client: Client, playground: Playground) -> None:
    press = await pressed(client, playground)
    await press.response.defer(thinking=True, ephemeral=True)
    (whisper,) = playground.control.whispers(playground.world.threads[0])
    assert (whisper.content, whisper.flags) == ("", 64 | 128)
    await press.followup.send("thought", ephemeral=True)
    assert (whisper.content, whisper.flags) == ("thought", 64)


async def test_a_deferred_update_leaves_the_message_alone_until_it_is_edited(
    client: Client, playground: Playground
) -> None:
    press = await pressed(client, playground)
    await press.response.defer()
    message = playground.control.answers(playground.world.threads[0])[0]
    assert (message.content, message.edited_at) == ("which?", None)
    await press.edit_original_response(content="that one", view=None)
    assert (message.content, message.components) == ("that one", [])


async def test_a_second_acknowledgement_is_refused(client: Client, playground: Playground, connect: Connect) -> None:
    other = await connect(playground)
    first = await pressed(client, playground)
    second: Press = await other.saw("interaction")
    await first.response.defer()
    with pytest.raises(discord.HTTPException) as refused:
        await second.response.defer()
    assert (refused.value.status, refused.value.code) == (400, 40060)


async def test_three_seconds_without_a_word_end_the_interaction(
    open_playground: OpenPlayground, connect: Connect, clock: Clock
) -> None:
    playground = await open_playground(clock=clock)
    client = await connect(playground)
    press = await pressed(client, playground)
    clock.pass_time(seconds=3.1)
    with pytest.raises(discord.NotFound) as refused:
        await press.response.defer()
    assert refused.value.code == 10062


async def test_nothing_follows_before_the_acknowledgement_or_a_quarter_of_an_hour_after(
    open_playground: OpenPlayground, connect: Connect, clock: Clock
) -> None:
    playground = await open_playground(clock=clock)
    client = await connect(playground)
    press = await pressed(client, playground)
    with pytest.raises(discord.NotFound) as refused:
        await press.followup.send("too early")
    assert refused.value.code == 10015
    await press.response.defer()
    clock.pass_time(minutes=15, seconds=1)
    with pytest.raises(discord.HTTPException) as late:
        await press.followup.send("too late")
    assert (late.value.status, late.value.code) == (401, 50027)


async def test_an_acknowledgement_whose_answer_is_lost_counts_all_the_same(
    client: Client, playground: Playground
) -> None:
    message = await buttons_in(client, playground)
    playground.control.fault("POST", CALLBACK, when="after", reset=True)
    press = await pressed(client, playground, message=message)
    with pytest.raises((OSError, discord.HTTPException)):
        await press.response.defer()
    with pytest.raises(discord.HTTPException) as again:
        await press.response.defer()
    assert again.value.code == 40060


async def test_a_form_opens_and_comes_back_filled_in(client: Client, playground: Playground) -> None:
    message = await buttons_in(client, playground)
    control = playground.control
    opened = control.press(message, "One")
    press: Press = await client.saw("interaction")
    form = Form(custom_id="t:form")
    await press.response.send_modal(form)
    control.submit(opened, {"words": "typed by hand"})
    sent: Press = await client.saw("interaction", lambda i: i.type is discord.InteractionType.modal_submit)
    await asyncio.wait_for(form.wait(), 5)
    assert form.words.value == "typed by hand"
    await sent.response.send_message("thank you", ephemeral=True)
    assert [m.content for m in control.whispers(playground.world.threads[0])] == ["thank you"]


async def test_who_opened_no_form_can_send_none(client: Client, playground: Playground) -> None:
    message = await buttons_in(client, playground)
    with pytest.raises(ValueError, match="no form"):
        playground.control.submit(playground.control.press(message, "One"), {})


async def test_kinds_of_answers_that_are_not_played_say_so(client: Client, playground: Playground) -> None:
    press = await pressed(client, playground)
    with pytest.raises(discord.HTTPException):
        await client.http.request(
            discord.http.Route("POST", f"/interactions/{press.id}/{press.token}/callback"), json={"type": 12}
        )
    assert any("callbacks of type 12" in what for what in playground.unimplemented)
