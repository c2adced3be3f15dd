"""Buttons through real discord.py: pressed by the right and the wrong person, twice, late, after a restart."""

import asyncio

import pytest

from bot.playground import Message, Thread
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import DIM, House, labels

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ANSWER_ROW = ["Solved", "Still stuck", "Ask a person"]
CHOICE = ["I did the steps, same error", "That's not my problem", "Stop replying here"]


async def presses(house: House, message: Message, button: str, *, by: str = "asker", times: int = 1) -> None:
    for _ in range(times):
        house.control.press(message, button, by=getattr(house.cast, by))
    await house.settle()


def whispers(house: House, thread: Thread, to: str = "asker") -> list[str]:
    return [message.content for message in house.control.whispers(thread, to=getattr(house.cast, to))]


async def stuck(house: House, thread: Thread) -> Message:
    """The private choice that opens behind *Still stuck*."""
    await presses(house, house.answers(thread)[-1], "Still stuck")
    return house.control.whispers(thread)[-1]


@pytest.mark.parametrize("by", ["asker", "moderator"])
async def test_solved_marks_the_thread_takes_the_buttons_and_says_nothing(house: House, by: str) -> None:
    thread = await house.asks()
    answer = house.only_answer(thread)
    said = answer.content
    await presses(house, answer, "Solved", by=by)
    assert house.tags(thread) == ["Solved"]
    assert (house.only_answer(thread).content, labels(answer), whispers(house, thread, by)) == (said, [], [])


@pytest.mark.parametrize("by", ["another", "helper"])
@pytest.mark.parametrize("button", ANSWER_ROW)
async def test_who_did_not_ask_gets_one_private_line_and_changes_nothing(house: House, by: str, button: str) -> None:
    thread = await house.asks()
    answer = house.only_answer(thread)
    before = (answer.content, labels(answer), house.tags(thread))
    await presses(house, answer, button, by=by)
    assert (answer.content, labels(answer), house.tags(thread)) == before
    assert whispers(house, thread, by) == ["These buttons belong to the person who asked."]
    assert whispers(house, thread) == []


async def test_still_stuck_asks_in_private_what_is_wrong(house: House) -> None:
    thread = await house.asks()
    choice = await stuck(house, thread)
    assert labels(choice) == CHOICE
    assert labels(house.only_answer(thread)) == ANSWER_ROW
    assert house.tags(thread) == ["Answered"]


async def test_the_same_error_brings_the_remaining_steps_then_people(house: House) -> None:
    thread = await house.asks()
    choice = await stuck(house, thread)
    await presses(house, choice, CHOICE[0])
    assert "Take another lamp" in house.only_answer(thread).content
    assert (choice.content, labels(choice)) == ("Noted; see the thread.", [])
    await presses(house, await stuck(house, thread), CHOICE[0])
    assert house.only_answer(thread).content.startswith("My steps end here.")
    assert labels(house.only_answer(thread)) == []
    assert house.tags(thread) == ["Handed over"]


async def test_not_my_problem_shrinks_the_answer_to_a_line(house: House) -> None:
    thread = await house.asks("why is my lamp so dim all day, the provider is dim")
    choice = await stuck(house, thread)
    await presses(house, choice, CHOICE[1])
    assert house.only_answer(thread).content.startswith("Taken back. What does the error say")
    assert labels(house.only_answer(thread)) == []


async def test_not_my_problem_asks_nothing_that_is_there_already(house: House) -> None:
    thread = await house.asks(DIM)
    await presses(house, await stuck(house, thread), CHOICE[1])
    said = house.only_answer(thread).content
    assert said.startswith("Taken back. It is on the moderators' list")
    assert "?" not in said
    assert house.tags(thread) == ["Handed over"]


async def test_stop_replying_here_mutes_and_says_how_to_undo_it(house: House) -> None:
    thread = await house.asks()
    choice = await stuck(house, thread)
    await presses(house, choice, CHOICE[2])
    assert "!unmute" in choice.content
    await house.says(thread, '{"error": {"message": "wick limit reached", "code": 503}}')
    assert len(house.answers(thread)) == 1


async def test_ask_a_person_hands_over_at_once(house: House) -> None:
    thread = await house.asks()
    await presses(house, house.only_answer(thread), "Ask a person")
    assert "moderators' list" in house.only_answer(thread).content
    assert house.tags(thread) == ["Handed over"]


async def test_a_choice_about_an_answer_that_has_changed_meanwhile_comes_too_late(house: House) -> None:
    thread = await house.asks()
    choice = await stuck(house, thread)
    house.control.edit(thread.messages[thread.id], '{"error": {"message": "wick limit reached", "code": 503}}')
    await house.settle()
    before = house.only_answer(thread).content
    await presses(house, choice, CHOICE[0])
    assert house.only_answer(thread).content == before
    assert choice.content.startswith("This message is out of date")


async def test_one_row_of_buttons_is_live(house: House) -> None:
    thread = await house.asks()
    await house.says(thread, '{"error": {"message": "wick limit reached", "code": 503}}')
    assert [labels(message) for message in house.answers(thread)] == [[], ANSWER_ROW]


async def test_a_row_that_is_still_seen_but_out_of_date_says_so(house: House) -> None:
    thread = await house.asks()
    (first,) = house.answers(thread)
    house.control.fault("PATCH", "/channels/{channel_id}/messages/{message_id}", status=503, times=None)
    await house.says(thread, '{"error": {"message": "wick limit reached", "code": 503}}')
    assert labels(first) == ANSWER_ROW  # the old row could not be taken away yet
    await presses(house, first, "Ask a person")
    assert whispers(house, thread) == ["This message is out of date; its buttons no longer work."]
    assert house.tags(thread) == ["Answered"]


async def test_a_question_has_its_choices_and_a_choice_becomes_its_answer_once(house: House) -> None:
    thread = await house.asks("my lamp gives a 503, please help")
    question = house.only_answer(thread)
    assert labels(question)[-1] == "Something else"
    await presses(house, question, labels(question)[0], times=2)
    assert house.only_answer(thread) is question
    assert labels(question) == ANSWER_ROW
    assert whispers(house, thread) == []


async def test_something_else_asks_openly_in_the_same_message(house: House) -> None:
    thread = await house.asks("my lamp gives a 503, please help")
    await presses(house, house.only_answer(thread), "Something else")
    assert house.only_answer(thread).content.startswith("**What do you see when it fails?**")


async def test_buttons_outlive_a_restart(house: House) -> None:
    thread = await house.asks()
    choice = await stuck(house, thread)
    await house.restart()
    await presses(house, choice, CHOICE[0])
    assert "Take another lamp" in house.only_answer(thread).content
    await house.restart()
    await presses(house, house.only_answer(thread), "Solved")
    assert house.tags(thread) == ["Solved"]


async def test_an_acknowledgement_that_is_lost_loses_no_press(house: House) -> None:
    thread = await house.asks()
    house.control.fault("POST", "/interactions/*", when="after", reset=True)
    await presses(house, house.only_answer(thread), "Solved")
    assert house.tags(thread) == ["Solved"]


async def test_a_press_that_is_heard_too_late_to_acknowledge_counts(house: House, watcher: Watcher) -> None:
    thread = await house.asks()
    held = house.control.fault("POST", "/interactions/*", hold=True)
    house.control.press(house.only_answer(thread), "Solved")
    await asyncio.wait_for(held.arrived.wait(), 5)
    house.clock.pass_time(3.1)
    held.release()
    await house.settle()
    assert [call.status for call in watcher.of("POST", CALLBACK)] == [404]
    assert house.tags(thread) == ["Solved"]


async def test_a_private_word_that_is_lost_takes_nothing_else_with_it(house: House) -> None:
    thread = await house.asks()
    house.control.fault("POST", "/webhooks/*", reset=True)
    await presses(house, house.only_answer(thread), "Still stuck")
    assert whispers(house, thread) == []
    await presses(house, house.only_answer(thread), "Solved")
    assert house.tags(thread) == ["Solved"]


async def test_presses_of_different_threads_do_not_mix(house: House) -> None:
    first, second = await house.asks(), await house.asks()
    house.control.press(house.only_answer(first), "Solved")
    house.control.press(house.only_answer(second), "Ask a person")
    await house.settle()
    assert (house.tags(first), house.tags(second)) == (["Solved"], ["Handed over"])
