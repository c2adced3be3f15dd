"""Work behind the connection that crashes begins anew, and says so; and words are forgotten every night."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.app.background import keep_running
from bot.app.retention import next_night, purge_nightly
from tests.helpdesk.fakes import HandClock


async def turns(number: int = 20) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_work_that_crashes_begins_anew_after_a_pause_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    clock, begun, end = HandClock(), 0, asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise ValueError("FAKE defect")
        await end.wait()

    running = asyncio.create_task(keep_running("delivery", work, clock=clock))
    await turns()
    assert begun == 1
    await clock.pass_time(1)
    await turns()
    assert begun == 2
    await clock.pass_time(1)
    await turns()
    assert begun == 2  # the second pause is longer
    await clock.pass_time(1)
    await turns()
    assert begun == 3
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "delivery crashed and begins anew in 1.0 s",
        "delivery crashed and begins anew in 2.0 s",
    ]
    end.set()
    await asyncio.wait_for(running, 1)


async def test_work_that_ends_by_itself_has_ended() -> None:
    async def work() -> None: ...

    await asyncio.wait_for(keep_running("delivery", work, clock=HandClock()), 1)


async def test_words_are_forgotten_at_the_start_and_every_night_until_it_ends() -> None:
    clock, stop = HandClock(), asyncio.Event()
    limits: list[datetime] = []

    async def purge(older_than: datetime) -> int:
        limits.append(older_than)
        return 0

    running = asyncio.create_task(purge_nightly(purge, days=90, stop=stop, clock=clock))
    await turns()
    assert limits == [clock.now() - timedelta(days=90)]
    await clock.pass_time((next_night(clock.now()) - clock.now()).total_seconds() - 1)
    await turns()
    assert len(limits) == 1
    await clock.pass_time(1)
    await turns()
    assert (len(limits), limits[1].hour, limits[1].minute) == (2, 3, 0)
    stop.set()
    await asyncio.wait_for(running, 1)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 11, 24, 2, 59, tzinfo=UTC), datetime(2026, 11, 24, 3, tzinfo=UTC)),
        (datetime(2026, 11, 24, 3, tzinfo=UTC), datetime(2026, 11, 25, 3, tzinfo=UTC)),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC)),
    ],
)
def test_the_next_night_is_always_still_to_come(now: datetime, night: datetime) -> None:
    assert next_night(now) == night
