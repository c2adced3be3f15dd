"""What waits before it is said, and what is never said: questions, late people, drafts."""

import json

import pytest

from bot.playground import Thread
from tests.databases import rows_of
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import DIM, House

VAGUE = "my lamp gives a 503, please help"
MONEY = "can I get my money back"


async def test_a_question_waits_until_the_asker_is_quiet(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks(VAGUE)
    await house.after(19)
    assert house.answers(thread) == []
    await house.after(1)
    assert len(house.answers(thread)) == 1


async def test_a_question_waits_a_minute_at_most_however_much_the_asker_writes(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks(VAGUE)
    for _ in range(3):
        await house.after(19)
        await house.says(thread, VAGUE)
        assert house.answers(thread) == []
    await house.after(3)
    assert len(house.answers(thread)) == 1


async def types(house: House, thread: Thread, *, by: str = "asker") -> None:
    house.control.typing(thread, by=getattr(house.cast, by))
    await house.settle()


async def test_a_question_waits_while_the_asker_types_and_a_minute_at_most(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks(VAGUE)
    for _ in range(5):
        await house.after(10)
        await types(house, thread)
    await house.after(9)
    assert house.answers(thread) == []
    await house.after(1)
    assert len(house.answers(thread)) == 1


async def test_whoever_stops_typing_is_asked_when_they_were_quiet_long_enough(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks(VAGUE)
    await house.after(15)
    await types(house, thread)
    await house.after(19)
    assert house.answers(thread) == []
    await house.after(1)
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize("by", ["another", "moderator"])
async def test_only_the_askers_typing_counts(open_house: OpenHouse, by: str) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks(VAGUE)
    await house.after(15)
    await types(house, thread, by=by)
    await house.after(5)
    assert len(house.answers(thread)) == 1


async def test_typing_in_one_thread_holds_up_no_other(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    typed, other = await house.asks(VAGUE), await house.asks(VAGUE)
    await house.after(15)
    await types(house, typed)
    await house.after(5)
    assert (len(house.answers(typed)), len(house.answers(other))) == (0, 1)


async def test_typing_holds_up_no_sure_answer_and_changes_none_that_stands(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = house.control.create_post("The lamp", DIM)
    house.control.typing(thread)
    await house.settle()
    answer = house.only_answer(thread)
    await types(house, thread)
    await house.after(60)
    assert house.only_answer(thread) is answer


async def test_a_question_is_not_asked_once_a_person_helps(open_house: OpenHouse) -> None:
    house = await open_house(quiet_s=20.0)
    thread = await house.asks(VAGUE)
    house.control.reply(thread, "did you try another lamp in that socket?", by=house.cast.another)
    await house.settle()
    await house.after(60)
    assert house.answers(thread) == []


async def test_an_answer_that_people_have_to_see_first_is_kept_and_not_posted(house: House, database_url: str) -> None:
    thread = await house.asks(MONEY)
    await house.after(600)
    assert house.answers(thread) == []
    assert house.tags(thread) == []
    (row,) = await rows_of(database_url, "SELECT wanted, body, plan FROM replies WHERE purpose = 'reply'")
    plan = row["plan"] if isinstance(row["plan"], dict) else json.loads(str(row["plan"]))
    assert (bool(row["wanted"]), plan["parts"][0]["answer"]) == (False, "money-back")


async def test_a_warning_goes_out_without_the_draft_beside_it(house: House) -> None:
    thread = await house.asks(f"{MONEY}, my key is lk-0123456789abcdefghij")
    answer = house.only_answer(thread)
    assert "key" in answer.content
    assert "decides on money" not in answer.content
