"""A new post: when it is heard, and what stands under it then."""

import math

import pytest

from bot.playground import Playground
from bot.playground.model import MessageFlag, Tag
from bot.playground.world import EventOrder
from tests.end_to_end.conftest import OpenHouse, Watcher
from tests.end_to_end.house import CHATTER, DIM, MESSAGES, WICK, House, labels


@pytest.mark.parametrize("order", ["thread_first", "message_first"])
async def test_a_post_is_answered_in_whichever_order_discord_tells_of_it(house: House, order: EventOrder) -> None:
    thread = house.control.create_post("The lamp", DIM, order=order)
    await house.settle()
    answer = house.only_answer(thread)
    assert answer.content.startswith("**The provider refused the request.** Your error says:\n`upstream is dim,")
    assert answer.reply_to_id == thread.id
    assert labels(answer) == ["Solved", "Still stuck", "Ask a person"]


async def test_an_answer_is_plain_text_that_pings_nobody_and_shows_no_link_cards(
    house: House, watcher: Watcher
) -> None:
    thread = await house.asks(f"{DIM} @everyone <@{house.cast.moderator.id}>")
    (call,) = watcher.of("POST", MESSAGES)
    assert call.request is not None
    assert isinstance(call.request, dict)
    assert call.request["allowed_mentions"] == {"parse": []}
    assert call.request["enforce_nonce"] is True
    assert not call.request.get("embeds")
    answer = house.only_answer(thread)
    assert answer.flags & MessageFlag.SUPPRESS_EMBEDS
    assert (answer.mentions.user_ids, answer.mentions.everyone) == ((), False)
    assert house.control.add_preview(answer) is False


async def test_every_button_carries_the_key_that_is_also_the_nonce(house: House) -> None:
    thread = await house.asks()
    answer = house.only_answer(thread)
    assert {button["custom_id"].split(":")[1] for button in answer.buttons} == {answer.nonce}


async def test_the_footer_stands_under_the_first_message_of_a_thread_alone(house: House) -> None:
    thread = await house.asks()
    await house.says(thread, f"and now {WICK}")
    first, second = house.answers(thread)
    assert "-# Automatic reply" in first.content
    assert "-# Automatic reply" not in second.content
    assert (labels(first), len(labels(second))) == ([], 3)


async def test_the_forums_tag_follows_the_case_and_leaves_other_tags_alone(house: House) -> None:
    theirs = Tag(id=987, name="Green lamps", emoji="🟢")
    house.playground.world.forum.tags.append(theirs)
    thread = house.control.create_post("The lamp", "my lamp gives a 503, please help", tags=[theirs])
    await house.settle()
    assert house.tags(thread) == ["Waiting for you", "Green lamps"]
    await house.says(thread, DIM)
    assert house.tags(thread) == ["Answered", "Green lamps"]
    await house.says(thread, "it works now, thanks")
    assert house.tags(thread) == ["Solved", "Green lamps"]


async def test_five_tags_of_people_are_left_alone(house: House) -> None:
    tags = [987_000 + number for number in range(5)]
    thread = house.control.create_post("The lamp", DIM)
    house.control.change(thread, applied_tags=tags)
    await house.settle()
    assert len(house.answers(thread)) == 1
    assert thread.applied_tags == tags


async def test_while_files_upload_nothing_is_tried_and_then_answered_once(house: House, watcher: Watcher) -> None:
    thread = house.control.create_post("The lamp", DIM, upload_delay=math.inf, attachments=[("a.png", b"\x89PNG")])
    await house.settle()
    assert [call for call in watcher.calls if str(thread.id) in call.path] == []
    house.control.finish_upload(thread)
    await house.settle()
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize("code", [40058, 10008])
async def test_an_answer_that_comes_while_files_upload_is_tried_again_later(house: House, code: int) -> None:
    house.control.fault("POST", MESSAGES, refuse=code, times=2)
    thread = await house.asks()
    assert house.answers(thread) == []
    await house.after(2)
    assert house.answers(thread) == []
    await house.after(3)
    assert len(house.answers(thread)) == 1
    assert house.notices == []


async def test_files_that_never_arrive_are_given_up_in_silence(house: House, watcher: Watcher) -> None:
    house.control.fault("POST", MESSAGES, refuse=40058, times=None)
    thread = await house.asks()
    for _ in range(20):
        await house.after(300)
    assert len(watcher.of("POST", MESSAGES)) == 8
    assert house.answers(thread) == []
    assert house.notices == []


async def test_a_burst_gets_one_answer(open_house: OpenHouse, playground: Playground) -> None:
    house = await open_house(quiet_s=20.0)
    thread = house.control.create_post("The lamp", "hello, my lamp gives a 503")
    house.control.reply(thread, "since this morning")
    await house.settle()
    assert house.answers(thread) == []  # a question waits until the asker is quiet
    house.control.reply(thread, DIM)
    await house.settle()
    await house.after(60)
    assert house.only_answer(thread).content.startswith("**The provider refused")
    assert len(playground.world.threads) == 1


async def test_a_question_waits_until_the_asker_is_quiet(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks("my lamp gives a 503, please help")
    await house.after(19)
    assert house.answers(thread) == []
    await house.after(2)
    assert labels(house.only_answer(thread)) == ["A upstream is dim", "B wick limit reached", "Something else"]


async def test_a_post_elsewhere_is_nobodys_affair(house: House) -> None:
    house.control.reply(house.playground.world.general, DIM)
    await house.settle()
    assert house.handled == []
    assert house.answers(house.playground.world.general) == []


async def test_talk_that_asks_for_nothing_gets_no_answer(house: House) -> None:
    thread = await house.asks(CHATTER)
    assert house.answers(thread) == []
    assert len(house.handled) == 1


async def test_two_threads_are_answered_side_by_side_and_each_for_itself(house: House) -> None:
    threads = [house.control.create_post(f"Lamp {number}", DIM) for number in range(20)]
    await house.settle()
    assert [len(house.answers(thread)) for thread in threads] == [1] * 20
    assert all(house.only_answer(thread).reply_to_id == thread.id for thread in threads)
