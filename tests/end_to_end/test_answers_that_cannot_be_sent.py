"""A thread that takes no answer: closed, hidden, without its first message, or served by a Heron that may do little."""

import asyncio
import math

import pytest

from bot.playground import Permission
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import CHATTER, DIM, MESSAGES, WICK, House


async def test_a_locked_thread_is_left_alone_and_nobody_is_troubled(house: House, watcher: Watcher) -> None:
    thread = await house.asks(CHATTER)
    house.control.change(thread, locked=True)
    await house.says(thread, DIM)
    await house.after(600)
    assert house.answers(thread) == []
    assert watcher.of("POST", MESSAGES) == []
    assert house.notices == []


async def test_a_thread_that_is_locked_while_we_answer_is_let_go(house: House, watcher: Watcher) -> None:
    house.control.fault("POST", MESSAGES, refuse=160005, times=1)
    thread = await house.asks()
    await house.after(600)
    assert house.answers(thread) == []
    assert len(watcher.of("POST", MESSAGES)) == 1
    assert house.notices == []


async def test_a_forum_that_was_hidden_while_we_answer_is_told_to_staff_once(house: House, watcher: Watcher) -> None:
    house.control.fault("POST", MESSAGES, refuse=50001, times=1)
    first, second = await house.asks(), await house.asks()
    await house.after(600)
    assert house.answers(first) == house.answers(second) == []
    (notice,) = house.notices
    assert f"<#{house.playground.world.forum.id}>" in notice.content
    assert len(watcher.of("POST", MESSAGES)) == 2  # the refused one, and the notice


async def test_where_not_even_staff_can_be_told_heron_goes_on_elsewhere(house: House) -> None:
    world = house.playground.world
    house.control.set_permissions(world.moderators, deny=Permission.SEND_MESSAGES)
    house.control.set_permissions(world.forum, deny=Permission.SEND_MESSAGES_IN_THREADS)
    await house.asks()
    await house.after(600)
    assert house.notices == []
    house.control.set_permissions(world.forum)
    assert len(house.answers(await house.asks())) == 1


async def test_an_answer_stands_where_tags_cannot_be_set(house: House) -> None:
    house.control.set_permissions(house.playground.world.forum, deny=Permission.MANAGE_THREADS)
    thread = await house.asks()
    await house.after(600)
    assert len(house.answers(thread)) == 1
    assert house.tags(thread) == []
    assert house.notices == []


async def test_a_post_whose_files_are_still_on_their_way_and_that_is_deleted_is_forgotten(
    house: House, watcher: Watcher
) -> None:
    thread = house.control.create_post("The lamp", DIM, upload_delay=math.inf, attachments=[("a.png", b"\x89PNG")])
    await house.settle()
    house.control.delete_thread(thread)
    house.control.finish_upload(thread)
    assert len(house.answers(await house.asks())) == 1
    assert [call for call in watcher.of("POST", MESSAGES) if str(thread.id) in call.path] == []


@pytest.mark.parametrize("code", [10008, 40058])
async def test_an_asker_who_goes_on_writing_while_files_upload_is_told_everything_once(house: House, code: int) -> None:
    house.control.fault("POST", MESSAGES, refuse=code, times=1)
    thread = await house.asks()
    await house.says(thread, WICK)
    await house.after(5)
    said = "\n".join(answer.content for answer in house.answers(thread))
    for piece in ("upstream is dim", "wick limit reached", "-# Automatic reply"):
        assert said.count(piece) == 1, piece
    assert len([answer for answer in house.answers(thread) if answer.buttons]) == 1


async def test_an_edit_while_the_answer_is_on_its_way_is_what_stands_in_the_end(house: House) -> None:
    held = house.control.fault("POST", MESSAGES, hold=True)
    thread = house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    house.control.edit(thread.messages[thread.id], WICK)
    held.release()
    await house.settle()
    assert house.only_answer(thread).content.startswith("**Lantern refused: your wick is at its limit.**")


async def test_an_archived_thread_without_its_first_message_is_answered_when_its_asker_writes_again(
    house: House,
) -> None:
    thread = await house.asks(CHATTER)
    house.control.delete(thread.messages[thread.id])
    await house.archives(thread)
    await house.says(thread, DIM)
    assert len(house.answers(thread)) == 1
