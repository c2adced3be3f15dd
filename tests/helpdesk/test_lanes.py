"""Lanes: order within one key, keys side by side, bounds, and what a broken unit of work does not break."""

import asyncio
from collections import deque

import pytest

from bot.helpdesk.lanes import Lanes


class Workshop:
    """Takes one item at a time and can be held."""

    def __init__(self) -> None:
        self.done: list[tuple[int, str]] = []
        self.running = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def work(self, key: int, lane: deque[str]) -> None:
        item = lane.popleft()
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            await self.gate.wait()
            if item == "broken":
                raise RuntimeError(item)
            self.done.append((key, item))
        finally:
            self.running -= 1


@pytest.fixture
def shop() -> Workshop:
    return Workshop()


async def turns(number: int = 20) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_one_lane_is_worked_on_in_order(shop: Workshop) -> None:
    lanes = Lanes(shop.work)
    for item in "abc":
        assert lanes.put(1, item)
    await lanes.idle()
    assert shop.done == [(1, "a"), (1, "b"), (1, "c")]
    assert shop.most_at_once == 1


async def test_different_lanes_go_side_by_side_but_only_so_many(shop: Workshop) -> None:
    lanes = Lanes(shop.work, width=3)
    shop.gate.clear()
    for key in range(10):
        lanes.put(key, "x")
    await turns()
    assert shop.running == 3
    shop.gate.set()
    await lanes.idle()
    assert (len(shop.done), shop.most_at_once) == (10, 3)


async def test_more_than_there_is_room_for_is_refused_and_room_comes_back(shop: Workshop) -> None:
    lanes = Lanes(shop.work, most=2)
    assert lanes.put(1, "a")
    assert lanes.put(1, "b")
    assert not lanes.put(2, "c")
    await lanes.idle()
    assert lanes.put(2, "d")
    await lanes.idle()
    assert [item for _, item in shop.done] == ["a", "b", "d"]


async def test_a_broken_unit_does_not_take_its_lane_with_it(shop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes(shop.work)
    for item in ("broken", "after"):
        lanes.put(1, item)
    await lanes.idle()
    assert shop.done == [(1, "after")]
    assert "a unit of work of lane 1 failed" in caplog.text


async def test_work_that_fails_before_it_takes_anything_is_dropped_and_not_tried_for_ever() -> None:
    seen: list[str] = []

    async def work(_: int, lane: deque[str]) -> None:
        seen.append(lane[0])
        raise RuntimeError

    lanes = Lanes(work)
    for item in "ab":
        lanes.put(1, item)
    await lanes.idle()
    assert seen == ["a", "b"]


async def test_stopping_finishes_what_is_begun_and_takes_nothing_new(shop: Workshop) -> None:
    lanes = Lanes(shop.work)
    shop.gate.clear()
    for item in "ab":
        lanes.put(1, item)
    await turns()
    stopping = asyncio.create_task(lanes.stop(patience_s=5))
    await turns()
    shop.gate.set()
    await stopping
    assert shop.done == [(1, "a")]
    assert not lanes.put(1, "c")


async def test_work_that_does_not_end_is_cut_off_when_patience_is_over(shop: Workshop) -> None:
    lanes = Lanes(shop.work)
    shop.gate.clear()
    lanes.put(1, "a")
    await turns()
    await lanes.stop(patience_s=0)
    await lanes.idle()
    assert shop.done == []
