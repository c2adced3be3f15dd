"""Somebody who floods a forum with posts, presses or commands: bounded, and what they ask waits for people."""

from datetime import timedelta

import pytest

from bot.helpdesk.allowance import MOST_PEOPLE, Allowance
from bot.posts import GuildId, UserId
from tests.databases import rows_of
from tests.end_to_end.conftest import OpenHouse, Watcher
from tests.end_to_end.house import DIM, WICK, House
from tests.shipped_knowledge import NOW

MOST = 3
#: A fake key of the tiny community's shape.
KEY = "lk-fake0000111122223333"


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(most_an_hour=MOST)


async def test_beyond_the_limit_nothing_is_said_and_the_desk_shows_what_waits(house: House, database_url: str) -> None:
    threads = [await house.asks() for _ in range(MOST + 3)]
    assert [len(house.answers(thread)) for thread in threads] == [1] * MOST + [0] * 3
    assert house.cards == []  # moderators are not flooded either
    rows = await rows_of(database_url, "SELECT state FROM findings WHERE state = 'handed_over'")
    assert len(rows) == 3
    assert f"told {MOST} times within an hour; people see it at the desk" in house.reasons


async def test_somebody_else_is_answered_all_the_same(house: House) -> None:
    for _ in range(MOST + 1):
        await house.asks()
    theirs = house.control.create_post("My lamp", WICK, by=house.cast.another)
    await house.settle()
    assert len(house.answers(theirs)) == 1


async def test_after_an_hour_they_are_answered_again(house: House) -> None:
    for _ in range(MOST + 1):
        await house.asks()
    await house.after(3_700)
    assert len(house.answers(await house.asks())) == 1


async def test_a_leaked_key_is_told_however_much_was_said(house: House) -> None:
    for _ in range(MOST + 1):
        await house.asks()
    thread = await house.asks(f"my key is {KEY} and {DIM}")
    assert "Revoke it first" in house.only_answer(thread).content
    assert "Wait 5 seconds" not in house.only_answer(thread).content


async def test_edits_count_and_an_answer_that_can_no_longer_follow_is_taken_back(house: House) -> None:
    thread = await house.asks(DIM)
    for number in range(MOST + 1):
        (question, *_) = thread.messages.values()
        house.control.edit(question, f"{(WICK, DIM)[number % 2]} now {number}")
        await house.settle()
    assert house.answers(thread) == []


async def test_presses_and_commands_beyond_a_measure_are_not_even_acknowledged(house: House, watcher: Watcher) -> None:
    thread = await house.asks()
    answer = house.only_answer(thread)
    for _ in range(60):
        house.control.press(answer, "Solved", by=house.cast.another)
    await house.settle()
    acknowledged = watcher.of("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
    assert len(acknowledged) == 30
    house.control.press(answer, "Solved")
    await house.settle()
    assert "pressed" in " ".join(house.reasons)


def test_an_allowance_is_each_persons_own_and_comes_back() -> None:
    allowance = Allowance(most=2, within=timedelta(hours=1))
    one, other, guild = UserId(1), UserId(2), GuildId(9)
    assert [allowance.take(guild, one, NOW) for _ in range(3)] == [True, True, False]
    assert allowance.take(guild, other, NOW)
    assert allowance.take(guild, one, NOW + timedelta(hours=1))


def test_an_allowance_remembers_a_bounded_number_of_people() -> None:
    allowance = Allowance(most=1, within=timedelta(hours=1))
    for number in range(MOST_PEOPLE + 10):
        allowance.take(GuildId(9), UserId(number), NOW)
    assert allowance.used(GuildId(9), UserId(0), NOW) == 0
    assert allowance.used(GuildId(9), UserId(MOST_PEOPLE), NOW) == 1
