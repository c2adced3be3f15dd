"""A thread is deleted, and moderators press and type about it all the same: each is told something, nothing is posted,
and Heron goes on. And the same command, typed twice at once, is done once."""

import pytest

from tests.databases import rows_of
from tests.end_to_end.commands import commands, written
from tests.end_to_end.house import DIM, House
from tests.end_to_end.test_moderators_cards import card, last_told, presses
from tests.end_to_end.test_moderators_commands import MODERATORS_LINES, handed_over, house

#: A house whose desk follows at once.
__all__ = ["house"]

ABOUT_A_THREAD = [(line, options) for line, options in MODERATORS_LINES if line.startswith("post ")]


@pytest.mark.parametrize(("line", "options"), ABOUT_A_THREAD)
async def test_a_command_about_a_thread_that_is_gone_is_answered_and_posts_nothing(
    house: House, line: str, options: dict[str, str | float]
) -> None:
    thread = await handed_over(house)
    house.control.delete_thread(thread)
    await house.settle()
    before = len(house.cards)
    room, moderator = house.playground.world.moderators, house.cast.moderator
    assert await commands(house, room, line, by=moderator, thread=str(thread.id), **options)
    assert len(house.cards) == before
    assert len(house.answers(await house.asks(DIM))) == 1


@pytest.mark.parametrize("button", ["Claim", "Answer…", "Resolve", "More…"])
async def test_a_press_on_a_card_whose_thread_was_just_deleted_is_acknowledged(house: House, button: str) -> None:
    thread = await handed_over(house)
    house.control.delete_thread(thread)
    house.control.press(card(house), button, by=house.cast.moderator)
    await house.settle()
    assert len(house.answers(await house.asks(DIM))) == 1


async def test_an_answer_that_is_chosen_for_a_thread_that_is_gone_goes_nowhere(house: House) -> None:
    thread = await handed_over(house)
    await presses(house, card(house), ("Answer…", house.cast.moderator))
    choice = house.control.whispers(house.playground.world.moderators, to=house.cast.moderator)[-1]
    house.control.delete_thread(thread)
    house.control.press(choice, str(choice.buttons[0]["custom_id"]), by=house.cast.moderator)
    await house.settle()
    assert last_told(house, house.cast.moderator)
    assert thread.id not in house.playground.world.places


@pytest.mark.parametrize(("line", "entry"), [("post claim", "claim"), ("post resolve", "resolve")])
async def test_the_same_command_twice_at_once_is_done_once(
    house: House, database_url: str, line: str, entry: str
) -> None:
    thread = await handed_over(house)
    for _ in range(2):
        house.control.command(thread, written(line), by=house.cast.moderator)
    await house.settle()
    told = house.control.whispers(thread, to=house.cast.moderator)
    assert len(told) == 2
    done = await rows_of(database_url, "SELECT action FROM audit")
    assert [str(row["action"]) for row in done].count(entry) == 1
