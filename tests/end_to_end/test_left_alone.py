"""Who wants no answers anywhere in a server gets none, whatever is done about a single thread."""

import pytest

from bot.playground import Thread
from tests.databases import rows_of
from tests.end_to_end.commands import commands
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import DIM, WICK, House
from tests.end_to_end.test_buttons import presses, whispers
from tests.end_to_end.test_buttons_quiet import signs, thread_with_somebody_elses_error

VAGUE = "my lamp gives a 503, please help"
KEY = "lk-fakefakefake0123456789ab"


async def opts(house: House, *, out: bool, by: str = "asker", thread: Thread | None = None) -> str:
    """Anywhere in the server, or in that thread."""
    line, place = f"heron {'mute' if out else 'unmute'}", thread or house.playground.world.general
    return await commands(house, place, line, by=getattr(house.cast, by), scope="everywhere")


async def test_whoever_opts_out_is_answered_nowhere_until_they_opt_in(house: House) -> None:
    assert (await opts(house, out=True)).startswith("I no longer answer your posts on this server.")
    first, second = await house.asks(), await house.asks(WICK)
    await house.restart()
    third = await house.asks()
    await house.after(30 * 3600)
    assert [house.answers(thread) for thread in (first, second, third)] == [[], [], []]
    assert (await opts(house, out=False)).startswith("I answer your posts on this server again.")
    assert len(house.answers(await house.asks())) == 1


async def test_others_are_answered_as_before(house: House) -> None:
    await opts(house, out=True)
    thread = house.control.create_post("The lamp", DIM, by=house.cast.another)
    await house.settle()
    assert len(house.answers(thread)) == 1


async def test_opting_out_twice_is_once_and_opting_in_unasked_is_nothing(house: House, database_url: str) -> None:
    await opts(house, out=False)
    await opts(house, out=True)
    await opts(house, out=True)
    assert len(await rows_of(database_url, "SELECT user_id FROM mutes")) == 1
    await opts(house, out=False)
    assert await rows_of(database_url, "SELECT user_id FROM mutes") == []


async def test_here_is_this_thread_alone(house: House) -> None:
    thread = await house.asks()
    said = await commands(house, thread, "heron mute", by=house.cast.asker, scope="here")
    assert said.startswith("I say nothing more in that thread.")
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1
    assert len(house.answers(await house.asks(WICK))) == 1


async def test_what_waits_to_be_said_is_not_said_any_more(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks(VAGUE)
    await opts(house, out=True)
    await house.after(60)
    assert house.answers(thread) == []


async def test_a_thread_that_was_answered_before_is_not_reminded_of(house: House) -> None:
    thread = await house.asks()
    await opts(house, out=True)
    await house.after(25 * 3600)
    assert len(house.answers(thread)) == 1


async def test_a_leaked_key_is_told_about_once_all_the_same(house: House) -> None:
    await opts(house, out=True)
    thread = await house.asks(f"{DIM} with {KEY}")
    warning = house.only_answer(thread)
    assert warning.content.startswith("**There is an API key in your message.")
    assert "upstream" not in warning.content
    await house.says(thread, f"again: {KEY}")
    assert house.only_answer(thread) is warning


async def test_a_moderator_who_unmutes_the_thread_does_not_lift_it(house: House) -> None:
    thread = await house.asks()
    await house.says(thread, "!mute")
    await opts(house, out=True, thread=thread)
    said = await commands(house, thread, "heron unmute", by=house.cast.moderator, scope="here")
    assert said.startswith("Whoever asked here wants no answers from me on this server")
    await opts(house, out=False, by="moderator")
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1
    await opts(house, out=False)
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 2


@pytest.mark.parametrize("by_command", [True, False])
async def test_a_thread_that_the_asker_unmutes_stays_quiet_and_they_learn_why(
    house: House, *, by_command: bool
) -> None:
    thread = await house.asks()
    await opts(house, out=True)
    if by_command:
        said = await commands(house, thread, "heron unmute", by=house.cast.asker)
        assert said.startswith("You asked me not to answer your posts on this server")
    else:
        assert signs(house, await house.says(thread, "!unmute")) == ["🔇"]
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize("by", ["asker", "moderator"])
async def test_a_button_of_before_brings_no_answer_and_says_why(house: House, by: str) -> None:
    thread = await house.asks()
    await opts(house, out=True)
    await presses(house, house.only_answer(thread), "Ask a person", by=by)
    begins = {"asker": "You asked me not to answer", "moderator": "Whoever asked here wants no answers"}[by]
    assert whispers(house, thread, by)[-1].startswith(begins)
    assert house.tags(thread) == ["Answered"]
    await presses(house, house.only_answer(thread), "Solved", by=by)
    assert house.tags(thread) == ["Solved"]


async def test_their_error_in_somebody_elses_thread_gets_no_line(house: House) -> None:
    await opts(house, out=True, by="another")
    thread = await thread_with_somebody_elses_error(house)
    await house.after(601)
    assert len(house.answers(thread)) == 1


async def test_who_opts_out_before_the_line_is_due_does_not_get_it(house: House) -> None:
    thread = await thread_with_somebody_elses_error(house)
    await opts(house, out=True, by="another")
    await house.after(601)
    assert len(house.answers(thread)) == 1
