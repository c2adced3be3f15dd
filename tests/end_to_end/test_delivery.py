"""How much is sent at once, when it is tried again, and how little is asked of the database meanwhile."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.helpdesk.deliver import MAX_AT_ONCE
from bot.helpdesk.ports import Pending
from bot.posts import GuildId
from bot.storage.replies import SqlReplies
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import DIM, MESSAGES, House


async def test_so_many_answers_are_sent_at_once_and_no_more(house: House) -> None:
    held = house.control.fault("POST", MESSAGES, hold=True, times=None)
    threads = [house.control.create_post(f"Lamp {number}", DIM) for number in range(20)]
    await house.control.wait_for(lambda: held.struck >= MAX_AT_ONCE)
    await house.heron.desk.idle()
    assert held.struck == MAX_AT_ONCE
    house.control.clear_faults()
    await house.settle()
    assert [len(house.answers(thread)) for thread in threads] == [1] * 20


async def test_a_thread_that_hangs_holds_up_no_other(house: House) -> None:
    held = house.control.fault("POST", MESSAGES, hold=True)
    first = house.control.create_post("Lamp 1", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    second = house.control.create_post("Lamp 2", DIM)
    await house.control.wait_for(lambda: house.answers(second))
    assert house.answers(first) == []
    held.release()
    await house.settle()
    assert len(house.answers(first)) == 1


async def test_discord_says_how_long_to_wait_and_is_believed(house: House, watcher: Watcher) -> None:
    house.control.fault("POST", MESSAGES, retry_after_s=90)  # longer than the library waits by itself
    thread = await house.asks()
    await house.after(89)
    assert len(watcher.of("POST", MESSAGES)) == 1
    await house.after(2)
    assert len(house.answers(thread)) == 1


async def test_nothing_is_asked_of_the_database_while_nothing_is_wanted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []
    pending = SqlReplies.pending

    async def counted(self: SqlReplies, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Pending:
        asked.append(now)
        return await pending(self, guild_ids, now=now, limit=limit)

    await house.asks()
    monkeypatch.setattr(SqlReplies, "pending", counted)
    for _ in range(50):
        house.clock.pass_time(10)  # no timer of the case falls due in all that time
        await asyncio.sleep(0)
    house.control.reply(house.playground.world.general, "something else")
    await house.settle()
    assert asked == []
