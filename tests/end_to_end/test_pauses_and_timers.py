"""Heron keeps still where it is told to, from outside; and comes back to a case when its time has come."""

import asyncio
from datetime import timedelta

import pytest

from bot.helpdesk.ports import Timer
from bot.playground import Playground
from bot.posts import ChannelId, Elapsed, GuildId
from bot.storage.guilds import set_paused
from tests.databases import rows_of
from tests.end_to_end.commands import commands
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import CHATTER, DIM, WICK, House
from tests.end_to_end.test_buttons import presses, whispers
from tests.storage.samples import schedule


async def order(house: House, playground: Playground, *, is_paused: bool) -> None:
    """As `heron pause` and `heron resume` do, in a process of their own."""
    guild_id = GuildId(playground.world.guild.id)
    outcome = await set_paused(guild_id, house.engine, is_paused=is_paused, now=house.clock.now())
    assert outcome.changed == 1
    house.clock.pass_time(2)
    async with asyncio.timeout(5):
        while (guild_id in house.heron.servers.guild_ids) is is_paused:
            await house.cases.load(ChannelId(1))  # a look at the database takes as long as theirs
    await house.settle()


@pytest.fixture
async def paused(house: House, playground: Playground) -> House:
    await order(house, playground, is_paused=True)
    return house


async def test_nothing_is_said_during_a_pause(paused: House) -> None:
    thread = await paused.asks()
    await paused.after(600)
    assert paused.answers(thread) == []
    assert set(paused.reasons) == {"paused"}


KEY = "lk-fakefakefake0123456789ab"
WARNED = "**There is an API key in your message."


async def test_a_leaked_key_is_told_about_in_a_pause_and_the_rest_after_it(
    paused: House, playground: Playground
) -> None:
    thread = await paused.asks(f"{DIM} with {KEY}")
    warning = paused.only_answer(thread)
    assert (warning.content.startswith(WARNED), "upstream" in warning.content) == (True, False)
    assert len(paused.cards) == 1
    await paused.says(thread, f"again {KEY}")
    assert paused.only_answer(thread) is warning
    await order(paused, playground, is_paused=False)
    await paused.after(60)
    told = [message.content for message in paused.answers(thread)]
    assert sum(content.count(WARNED) for content in told) == 1
    assert "upstream is dim" in " ".join(told)


async def test_a_key_alone_is_told_about_in_a_pause_and_never_again(paused: House, playground: Playground) -> None:
    thread = await paused.asks(f"{DIM} with {KEY}")
    warning = paused.only_answer(thread)
    await order(paused, playground, is_paused=False)
    await paused.after(60)
    assert paused.only_answer(thread) is warning
    assert (warning.content.count(WARNED), "upstream is dim" in warning.content) == (1, True)


async def test_a_key_that_comes_later_in_a_thread_of_a_pause_is_told_about(paused: House) -> None:
    thread = await paused.asks()
    await paused.says(thread, f"my key is {KEY}")
    assert paused.only_answer(thread).content.startswith(WARNED)
    paused.control.reply(thread, f"mine is {KEY[:-2]}zz", by=paused.cast.another)
    await paused.settle()
    assert len(paused.answers(thread)) == 2


async def test_a_key_that_an_edit_brings_in_a_pause_is_told_about_beside_the_answer(
    house: House, playground: Playground
) -> None:
    thread = await house.asks()
    answer = house.only_answer(thread)
    before = answer.content
    await order(house, playground, is_paused=True)
    house.control.edit(thread.messages[thread.id], f"{WICK} with {KEY}")
    await house.settle()
    assert answer.content == before
    assert house.answers(thread)[-1].content.startswith(WARNED)
    await order(house, playground, is_paused=False)
    await house.after(60)
    told = [message.content for message in house.answers(thread)]
    assert len(told) == 2
    assert sum(content.count(WARNED) for content in told) == 1
    assert "wick limit" in answer.content


async def test_a_question_that_waits_is_kept_for_after_the_pause_while_a_key_is_told_about(
    open_house: OpenHouse, playground: Playground
) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks("my lamp gives a 503, please help")
    await order(house, playground, is_paused=True)
    await house.says(thread, f"my key is {KEY}")
    await house.after(60)
    assert house.only_answer(thread).content.startswith(WARNED)


async def test_commands_typed_in_a_pause_count_after_it(paused: House, playground: Playground) -> None:
    thread = await paused.asks()
    await paused.says(thread, "!mute")
    await order(paused, playground, is_paused=False)
    await paused.after(60)
    await paused.says(thread, WICK)
    assert paused.answers(thread) == []


async def test_a_button_pressed_in_a_pause_says_that_there_is_one(house: House, playground: Playground) -> None:
    thread = await house.asks()
    await order(house, playground, is_paused=True)
    await presses(house, house.only_answer(thread), "Ask a person")
    assert whispers(house, thread) == ["The moderators have paused me. Write it here instead; people read along."]
    assert house.tags(thread) == ["Answered"]


@pytest.mark.parametrize("by_command", [True, False])
async def test_desk_pause_holds_like_a_pause_at_the_terminal_and_warns_of_keys(
    house: House, playground: Playground, *, by_command: bool
) -> None:
    if by_command:
        await commands(house, playground.world.moderators, "desk pause")
    else:
        await order(house, playground, is_paused=True)
    assert house.answers(await house.asks()) == []
    leaked = await house.asks(f"my key is {KEY}")
    assert house.only_answer(leaked).content.startswith(WARNED)


async def test_what_was_asked_during_a_pause_is_answered_after_it(paused: House, playground: Playground) -> None:
    thread = await paused.asks()
    await order(paused, playground, is_paused=False)
    await paused.after(60)
    assert len(paused.answers(thread)) == 1
    assert len(paused.answers(await paused.asks(WICK))) == 1


async def test_an_edit_and_a_deletion_during_a_pause_are_followed_after_it(
    house: House, playground: Playground
) -> None:
    edited, deleted = await house.asks(), await house.asks()
    await order(house, playground, is_paused=True)
    house.control.edit(edited.messages[edited.id], WICK)
    house.control.delete(deleted.messages[deleted.id])
    await house.settle()
    assert "upstream is dim" in house.only_answer(edited).content
    await order(house, playground, is_paused=False)
    await house.after(60)
    assert "wick limit" in house.only_answer(edited).content
    assert house.answers(deleted) == []


async def test_what_was_asked_and_deleted_during_a_pause_is_neither_answered_nor_kept(
    house: House, playground: Playground
) -> None:
    asked_before = await house.asks("my lamp gives a 503, please help")
    question = house.only_answer(asked_before)
    await order(house, playground, is_paused=True)
    asked = await house.asks()
    added = [await house.says(asked_before, f"it says {DIM}"), await house.says(asked_before, "thanks")]
    for message in (asked.messages[asked.id], added[0]):
        house.control.delete(message)
    await order(house, playground, is_paused=False)
    await house.after(60)
    await house.says(asked_before, "thank you")
    assert house.answers(asked) == []
    assert house.only_answer(asked_before) is question
    for thread, kept in ((asked, 0), (asked_before, 3)):
        case = await house.cases.load(ChannelId(thread.id))
        assert case is not None
        assert (len(case.messages), "dim" in repr(case.messages)) == (kept, False)


async def test_a_pause_outlives_a_restart(paused: House, playground: Playground) -> None:
    await paused.stop()
    thread = paused.control.create_post("The lamp", DIM)
    await paused.start(is_paused=True)
    await paused.heron.servers.settings(GuildId(playground.world.guild.id), lambda _: True)
    await paused.after(600)
    assert paused.answers(thread) == []
    await order(paused, playground, is_paused=False)
    await paused.after(60)
    assert len(paused.answers(thread)) == 1


async def done(database_url: str) -> list[bool]:
    return [row["done_at"] is not None for row in await rows_of(database_url, "SELECT done_at FROM due")]


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_timer_brings_its_case_back_once_even_over_a_restart(
    house: House, playground: Playground, database_url: str, *, is_restarted: bool
) -> None:
    thread = await house.asks(CHATTER)
    due_at = house.clock.now() + timedelta(hours=24)
    timer = Timer(
        guild_id=GuildId(playground.world.guild.id), case_id=ChannelId(thread.id), kind="unanswered", due_at=due_at
    )
    await schedule(house.engine, timer)
    house.heron.timekeeper.wake()
    if is_restarted:
        await house.stop()
        house.clock.pass_time(23 * 3600)
        await house.start()
    else:
        await house.after(23 * 3600)
    house.handled.clear()
    await house.after(3600)
    await house.control.wait_for(lambda: house.handled)
    assert [event for handled in house.handled for event in handled.events] == [Elapsed(kind="unanswered")]
    await house.after(3600)
    assert await done(database_url) == [True]
    assert len(house.handled) == 1
