"""What follows a post: edits, deletions, commands, other people. Our answer follows its question."""

import asyncio

import pytest

from bot.helpdesk.courtesies import MUTED, UNMUTED
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import CHATTER, DIM, MESSAGES, ONE_MESSAGE, WICK, House, labels


async def test_an_edited_post_has_its_answer_edited(house: House) -> None:
    thread = await house.asks()
    before = house.only_answer(thread)
    house.control.edit(thread.messages[thread.id], WICK)
    await house.settle()
    after = house.only_answer(thread)
    assert after.id == before.id
    assert after.content.startswith("**Lantern refused: your wick is at its limit.**")
    assert "-# Automatic reply" in after.content
    assert after.reply_to_id == thread.id


async def test_an_edited_post_that_is_fixed_loses_our_answer(house: House) -> None:
    thread = await house.asks()
    house.control.edit(thread.messages[thread.id], CHATTER)
    await house.settle()
    assert house.answers(thread) == []
    assert house.tags(thread) == []


async def test_an_edit_that_adds_the_error_is_answered(house: House) -> None:
    thread = await house.asks(CHATTER)
    house.control.edit(thread.messages[thread.id], DIM)
    await house.settle()
    assert house.only_answer(thread).content.startswith("**The provider refused")


async def test_a_link_preview_is_no_edit(house: House, watcher: Watcher) -> None:
    thread = await house.asks(f"{DIM} https://example.com/")
    assert house.control.add_preview(thread.messages[thread.id]) is True
    await house.settle()
    assert house.reasons[-1] == "the text is what it was"
    assert watcher.of("PATCH", ONE_MESSAGE) == []
    assert len(house.answers(thread)) == 1


async def test_a_deleted_question_takes_its_answer_with_it(house: House) -> None:
    thread = await house.asks(CHATTER)
    question = await house.says(thread, DIM)
    assert len(house.answers(thread)) == 1
    house.control.delete(question)
    await house.settle()
    assert house.answers(thread) == []


async def test_a_deleted_thread_leaves_nothing_to_say(house: House) -> None:
    thread = await house.asks()
    house.control.delete_thread(thread)
    other = await house.asks()
    assert len(house.answers(other)) == 1
    assert house.notices == []


async def test_an_answer_that_a_moderator_deletes_is_not_put_up_again(house: House) -> None:
    thread = await house.asks()
    house.control.delete(house.only_answer(thread))
    await house.settle()
    for text in (WICK, DIM):
        house.control.edit(thread.messages[thread.id], text)
        await house.settle()
    assert house.answers(thread) == []
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize("text", ["!mute", "please be quiet\n !MUTE "])
async def test_a_muted_thread_hears_nothing_more_until_it_is_unmuted(house: House, text: str) -> None:
    thread = await house.asks(CHATTER)
    command = await house.says(thread, text)
    bot_id = house.cast.bot.id
    assert command.reactions == {MUTED: [bot_id]}
    await house.says(thread, DIM)
    assert house.answers(thread) == []
    command = await house.says(thread, "!unmute")
    assert command.reactions == {UNMUTED: [bot_id]}
    await house.says(thread, DIM)
    assert len(house.answers(thread)) == 1


async def test_only_the_asker_can_mute(house: House) -> None:
    thread = await house.asks(CHATTER)
    message = house.control.reply(thread, "!mute", by=house.cast.another)
    await house.settle()
    assert message.reactions == {}
    await house.says(thread, DIM)
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize("who", ["helper", "moderator"])
async def test_a_person_of_staff_silences_heron_until_it_is_asked_again(house: House, who: str) -> None:
    thread = await house.asks(CHATTER)
    by = {"helper": house.cast.helper, "moderator": house.cast.moderator}[who]
    house.control.reply(thread, "I take this one", by=by)
    await house.settle()
    await house.says(thread, DIM)
    assert house.answers(thread) == []
    await house.says(thread, f"<@{house.cast.bot.id}> {WICK}")
    assert len(house.answers(thread)) == 1


async def test_where_somebody_else_helps_only_exact_evidence_is_answered(house: House) -> None:
    thread = await house.asks(CHATTER)
    house.control.reply(thread, "did you try another lamp in that socket?", by=house.cast.another)
    await house.settle()
    await house.says(thread, "my lamp gives a 503, please help")
    assert house.answers(thread) == []
    await house.says(thread, DIM)
    assert len(house.answers(thread)) == 1


async def test_what_somebody_else_writes_in_a_thread_is_not_answered(house: House) -> None:
    thread = await house.asks(CHATTER)
    house.control.reply(thread, DIM, by=house.cast.another)
    await house.settle()
    assert house.answers(thread) == []


async def test_staff_with_a_question_of_their_own_is_answered_like_anybody(house: House) -> None:
    thread = house.control.create_post("The lamp", DIM, by=house.cast.moderator)
    await house.settle()
    assert len(house.answers(thread)) == 1


async def test_older_buttons_go_when_newer_ones_come(house: House) -> None:
    thread = await house.asks()
    await house.says(thread, WICK)
    assert [len(labels(answer)) for answer in house.answers(thread)] == [0, 3]


async def test_messages_that_come_while_a_unit_is_at_work_are_taken_together(house: House, watcher: Watcher) -> None:
    """Two at once: the first is at work when the second comes; still nothing is said twice."""
    held = house.control.fault("POST", MESSAGES, hold=True)
    thread = house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    house.control.reply(thread, DIM)
    house.control.reply(thread, "please, anybody?")
    await house.heron.desk.idle()
    held.release()
    await house.settle()
    assert len(house.answers(thread)) == 1
    assert len(watcher.of("POST", MESSAGES)) == 1


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_words_that_brought_people_in_send_them_home_when_they_are_gone(
    house: House, *, is_deleted: bool
) -> None:
    thread = await house.asks()
    await house.says(thread, "did not help")
    last = await house.says(thread, "still the same error")
    assert house.tags(thread) == ["Handed over"]
    (card,) = house.cards
    if is_deleted:
        house.control.delete(last)
    else:
        house.control.edit(last, CHATTER)
    await house.settle()
    assert house.tags(thread) == ["Answered"]
    assert len(house.answers(thread)) == 2
    assert (card.content.startswith("✅"), labels(card)) == (True, ["Reopen"])
    await house.after(25 * 3600)
    assert not any("Nobody has picked this up" in message.content for message in house.answers(thread))


async def test_people_who_were_asked_for_by_a_press_stay_when_the_post_is_reworded(house: House) -> None:
    thread = await house.asks()
    house.control.press(house.only_answer(thread), "Ask a person")
    await house.settle()
    said = house.only_answer(thread).content
    house.control.edit(thread.messages[thread.id], f"well, it says {DIM}")
    await house.settle()
    assert house.tags(thread) == ["Handed over"]
    assert house.only_answer(thread).content == said
    (card,) = house.cards
    assert "upstream is dim, wait 5 seconds" in card.content
