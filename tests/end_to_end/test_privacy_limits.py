"""Deleting where Heron may not act at once: in a thread that is archived, and in a server that is paused."""

import pytest

from bot.playground import Playground
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import House
from tests.end_to_end.test_pauses_and_timers import order
from tests.end_to_end.test_privacy import QUESTION, WORDS, at_a_terminal, deletes, places_of


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house()


async def test_an_archived_thread_keeps_the_answer_and_the_database_nothing(house: House, database_url: str) -> None:
    archived, place = await house.asks(QUESTION), await house.asks(QUESTION)
    await house.archives(archived)
    await deletes(house, place, by=house.cast.asker)
    await house.after(600)
    assert archived.archived
    assert (len(house.answers(archived)), len(house.answers(place))) == (1, 0)
    assert await places_of(database_url, house.cast.asker.id) == set()
    assert await places_of(database_url, WORDS) == set()


async def test_what_is_deleted_in_a_pause_is_forgotten_at_once_and_taken_down_after_it(
    house: House, playground: Playground, database_url: str
) -> None:
    thread = await house.asks(QUESTION)
    await order(house, playground, is_paused=True)
    await at_a_terminal(house, database_url, house.cast.asker)
    await house.after(60)
    assert len(house.answers(thread)) == 1
    assert await places_of(database_url, house.cast.asker.id) == set()
    assert await places_of(database_url, WORDS) == set()
    await order(house, playground, is_paused=False)
    await house.after(60)
    assert house.answers(thread) == []
