"""When Discord says no, breaks off, or Heron itself goes down: everything is said once, or staff is told once."""

import asyncio

import pytest

from bot.playground import Permission
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import CHATTER, DIM, MESSAGES, ONE_MESSAGE, WICK, House


async def test_an_answer_whose_question_went_while_it_was_sent_is_taken_back(house: House) -> None:
    held = house.control.fault("POST", MESSAGES, hold=True)
    thread = house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    house.control.delete(thread.messages[thread.id])
    held.release()
    await house.settle()
    assert house.answers(thread) == []
    assert house.notices == []


async def test_a_question_that_goes_before_anything_is_sent_gets_no_answer(house: House) -> None:
    thread = house.control.create_post("The lamp", DIM)
    house.control.delete(thread.messages[thread.id])
    await house.settle()
    assert house.answers(thread) == []


async def test_a_thread_that_is_deleted_while_we_answer_is_let_go(house: House) -> None:
    held = house.control.fault("POST", MESSAGES, hold=True)
    thread = house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    house.control.delete_thread(thread)
    house.control.clear_faults()
    await house.settle()
    await house.after(600)
    assert house.notices == []


async def test_nobody_wakes_an_archived_thread_to_correct_an_answer(house: House) -> None:
    thread = await house.asks()
    before = house.only_answer(thread).content
    question = thread.messages[thread.id]
    await house.archives(thread)
    house.control.edit(question, WICK)
    await house.settle()
    await house.after(600)
    assert thread.archived
    assert house.only_answer(thread).content == before
    assert house.notices == []


async def test_a_thread_that_is_archived_before_the_answer_is_sent_stays_so(house: House) -> None:
    house.control.fault("POST", MESSAGES, refuse=40058)
    thread = await house.asks()
    await house.archives(thread)
    await house.after(10)
    assert thread.archived
    assert house.answers(thread) == []


async def test_an_archived_thread_that_its_asker_wakes_is_answered(house: House) -> None:
    thread = await house.asks(CHATTER)
    await house.archives(thread)
    await house.says(thread, DIM)
    assert not thread.archived
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize("missing", [Permission.SEND_MESSAGES_IN_THREADS, Permission.READ_MESSAGE_HISTORY])
async def test_where_heron_may_not_write_staff_is_told_once_and_nothing_is_tried(
    house: House, watcher: Watcher, missing: Permission
) -> None:
    house.control.set_permissions(house.playground.world.forum, deny=missing)
    first = await house.asks()
    second = await house.asks()
    await house.after(600)
    (notice,) = house.notices
    assert f"<#{house.playground.world.forum.id}>" in notice.content
    assert house.answers(first) == house.answers(second) == []
    assert len(watcher.of("POST", MESSAGES)) == 1


async def test_a_permission_that_only_discord_knows_to_be_missing_is_told_to_staff_once(
    house: House, watcher: Watcher
) -> None:
    house.control.fault("POST", MESSAGES, refuse=50013, times=1)
    await house.asks()
    await house.asks()
    assert len(house.notices) == 1
    assert len(watcher.of("POST", MESSAGES)) == 2  # the refused one, and the notice


async def test_a_forum_that_was_mended_is_served_again(house: House) -> None:
    forum = house.playground.world.forum
    house.control.set_permissions(forum, deny=Permission.SEND_MESSAGES_IN_THREADS)
    await house.asks()
    house.control.set_permissions(forum)
    thread = await house.asks()
    assert len(house.answers(thread)) == 1


async def test_an_answer_whose_outcome_nobody_knows_is_found_and_not_sent_again(house: House, watcher: Watcher) -> None:
    house.control.fault("POST", MESSAGES, when="after", reset=True)
    thread = await house.asks()
    assert len(house.answers(thread)) == 1  # it is there, and Heron does not know
    await house.after(600)  # longer than Discord remembers a nonce
    assert len(house.answers(thread)) == 1
    assert len([call for call in watcher.of("POST", MESSAGES) if call.status == 200]) == 0
    house.control.edit(thread.messages[thread.id], WICK)
    await house.settle()
    assert house.only_answer(thread).content.startswith("**Lantern refused")


async def test_an_answer_that_did_not_arrive_is_sent_again(house: House) -> None:
    house.control.fault("POST", MESSAGES, reset=True)
    thread = await house.asks()
    assert house.answers(thread) == []
    await house.after(5)
    assert len(house.answers(thread)) == 1


async def test_a_service_that_is_down_is_tried_eight_times_and_then_told_to_staff(
    house: House, watcher: Watcher
) -> None:
    house.control.fault("POST", MESSAGES, status=503, times=8)
    thread = await house.asks()
    for _ in range(20):
        await house.after(300)
    assert house.answers(thread) == []
    assert len(house.notices) == 1
    assert len(watcher.of("POST", MESSAGES)) == 9


async def test_a_restart_between_sending_and_knowing_makes_no_second_answer(house: House) -> None:
    house.control.fault("POST", MESSAGES, when="after", reset=True)
    thread = await house.asks()
    await house.restart()
    await house.after(600)
    assert len(house.answers(thread)) == 1


async def test_a_restart_sends_what_was_still_wanted(house: House) -> None:
    house.control.fault("POST", MESSAGES, status=503)
    thread = await house.asks()
    await house.restart()
    await house.after(5)
    assert len(house.answers(thread)) == 1


async def test_after_a_restart_a_conversation_goes_on(house: House) -> None:
    thread = await house.asks()
    await house.restart()
    await house.says(thread, DIM)
    await house.says(thread, WICK)
    first, second = house.answers(thread)
    assert "upstream is dim" in first.content
    assert "wick limit" in second.content
    assert "-# Automatic reply" not in second.content


async def test_a_correction_to_a_message_that_is_gone_ends_there(house: House, watcher: Watcher) -> None:
    thread = await house.asks()
    house.control.fault("PATCH", ONE_MESSAGE, refuse=10008)
    house.control.edit(thread.messages[thread.id], WICK)
    await house.settle()
    await house.after(600)
    assert len(watcher.of("PATCH", ONE_MESSAGE)) == 1
    assert house.notices == []


async def test_work_that_is_under_way_is_finished_when_heron_is_stopped(house: House) -> None:
    held = house.control.fault("POST", MESSAGES, hold=True)
    thread = house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    stopping = asyncio.create_task(house.stop())
    await asyncio.sleep(0)
    held.release()
    await stopping
    assert len(house.answers(thread)) == 1
    await house.start()
    await house.after(600)
    assert len(house.answers(thread)) == 1
