"""Work in lanes: order within a key, width over all, and one broken unit that takes nothing with it."""

import asyncio
from collections import deque

from bot.helpdesk.lanes import Lanes


class Worker:
    def __init__(self, *, width: int = 8, most: int = 100) -> None:
        self.done: list[tuple[int, str]] = []
        self.under_way = self.most_under_way = 0
        self.gate = asyncio.Event()
        self.lanes: Lanes[str] = Lanes(self._work, width=width, most=most)

    async def _work(self, key: int, lane: deque[str]) -> None:
        item = lane.popleft()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await self.gate.wait()
        self.under_way -= 1
        if item == "broken":
            raise RuntimeError(item)
        self.done.append((key, item))


async def test_one_key_is_done_in_order_and_keys_beside_each_other() -> None:
    worker = Worker()
    for item in ("a", "b", "c"):
        worker.lanes.put(1, item)
        worker.lanes.put(2, item)
    await asyncio.sleep(0)
    worker.gate.set()
    await worker.lanes.idle()
    assert [item for key, item in worker.done if key == 1] == ["a", "b", "c"]
    assert [item for key, item in worker.done if key == 2] == ["a", "b", "c"]
    assert worker.most_under_way == 2


async def test_no_more_lanes_work_than_the_width_allows() -> None:
    worker = Worker(width=3)
    for key in range(20):
        worker.lanes.put(key, "a")
    for _ in range(5):
        await asyncio.sleep(0)
    assert worker.under_way == 3
    worker.gate.set()
    await worker.lanes.idle()
    assert (worker.most_under_way, len(worker.done)) == (3, 20)


async def test_a_full_house_says_so_and_has_room_again_afterwards() -> None:
    worker = Worker(most=2)
    assert [worker.lanes.put(1, item) for item in ("a", "b", "c")] == [True, True, False]
    worker.gate.set()
    await worker.lanes.idle()
    assert worker.lanes.put(1, "d")
    await worker.lanes.idle()
    assert [item for _, item in worker.done] == ["a", "b", "d"]


async def test_a_broken_unit_takes_neither_its_lane_nor_others_with_it() -> None:
    worker = Worker()
    worker.gate.set()
    for item in ("a", "broken", "b"):
        worker.lanes.put(1, item)
    await worker.lanes.idle()
    assert worker.done == [(1, "a"), (1, "b")]


async def test_what_a_unit_refuses_to_take_is_not_tried_for_ever() -> None:
    async def refuse(_: int, lane: deque[str]) -> None:
        raise RuntimeError(lane[0])

    lanes: Lanes[str] = Lanes(refuse)
    lanes.put(1, "a")
    lanes.put(1, "b")
    async with asyncio.timeout(5):
        await lanes.idle()


async def test_a_stop_ends_what_is_begun_drops_the_rest_and_takes_nothing_new() -> None:
    worker = Worker()
    worker.lanes.put(1, "a")
    worker.lanes.put(1, "b")
    await asyncio.sleep(0)
    stopping = asyncio.create_task(worker.lanes.stop(patience_s=5))
    await asyncio.sleep(0)
    worker.gate.set()
    await stopping
    assert worker.done == [(1, "a")]
    assert not worker.lanes.put(1, "c")


async def test_a_stop_does_not_wait_for_ever() -> None:
    worker = Worker()
    worker.lanes.put(1, "a")
    await asyncio.sleep(0)
    await worker.lanes.stop(patience_s=0.0)
    await worker.lanes.idle()
    assert worker.done == []
