"""The thread of the demo as moderators see it: the question about the credit stands at the desk with who decides it; a
card comes when a person is asked for, and nothing is left to ask on it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.playground import Thread
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import House
from tests.shipped_knowledge import shipped

SEED = Path(__file__).parents[2] / "templates" / "demo" / "seed.jsonl"


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(desk_rest=timedelta(), ready=shipped())


async def played(house: House, seed: dict[str, Any]) -> Thread:
    first, *others = [event["text"] for event in seed["events"] if event["text"]]
    thread = await house.asks(first, title=seed["title"])
    for text in others:
        await house.says(thread, text)
    return thread


async def test_the_question_about_the_credit_is_listed_with_who_decides_it(house: House) -> None:
    thread = await played(house, json.loads(SEED.read_text("utf-8")))
    assert "Waiting for people: 1" in house.desk.content
    (line,) = [line for line in house.desk.content.splitlines() if f"<#{thread.id}>" in line]
    assert "refund" in line
    assert "→ OpenRouter support" in line
    assert not house.cards  # nobody here can act
    assert "support@openrouter.ai" in house.answers(thread)[0].content


async def test_a_card_comes_when_a_person_is_asked_for_and_has_nothing_left_to_ask(house: House) -> None:
    thread = await played(house, json.loads(SEED.read_text("utf-8")))
    house.control.press(house.answers(thread)[-1], "Ask a person")
    await house.settle()
    (card,) = house.cards
    for known in ("rate-limit-upstream", "qwen/qwen3-coder:free", "Chutes", "429"):
        assert known in card.content
    assert "Missing" not in card.content
    assert "?" not in house.answers(thread)[-1].content


async def test_what_is_solved_no_longer_stands_there(house: House) -> None:
    thread = await played(house, json.loads(SEED.read_text("utf-8")))
    house.control.press(house.answers(thread)[-1], "Solved")
    await house.settle()
    assert "Nobody is waiting" in house.desk.content
