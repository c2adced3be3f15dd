"""Heron keeps still where it is told to, from outside; and comes back to a case when its time has come."""

import asyncio
from datetime import timedelta

import pytest

from bot.helpdesk.ports import Timer
from bot.playground import Playground
from bot.posts import ChannelId, Elapsed, GuildId
from bot.storage.due import SqlTimers
from bot.storage.guilds import set_paused
from tests.databases import rows_of
from tests.end_to_end.house import CHATTER, DIM, WICK, House


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
    assert paused.handled == []


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
    await SqlTimers(house.engine).schedule(timer)
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
