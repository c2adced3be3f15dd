"""The desk: load, step, render, save; on a real database."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.gather import Gather
from bot.helpdesk.handle import MAX_TRIES, Desk, Handled
from bot.helpdesk.ports import CaseMoved, Message
from bot.helpdesk.standing import Standing
from bot.storage.cases import SqlCases
from bot.storage.engine import create_engine
from bot.triage.case import Case
from bot.triage.decision import Decision
from tests.end_to_end.house import CHATTER, DIM, WICK, HandClock
from tests.helpdesk.arrivals import HELPER, THREAD, erased, message_id, rewrote, wrote
from tests.tiny_knowledge import tiny


class ContestedCases(SqlCases):
    """Somebody else saves first, so many times. Counts what is tried."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine, knowledge_hash="fake-hash")
        self.lost = 0
        self.saves = 0

    async def save(
        self, case: Case, decisions: Sequence[Decision], bodies: Mapping[str, Message], *, now: datetime
    ) -> None:
        self.saves += 1
        if self.lost:
            self.lost -= 1
            raise CaseMoved(case.thread_id)
        await super().save(case, decisions, bodies, now=now)


class Bench:
    def __init__(self, cases: ContestedCases) -> None:
        self.cases = cases
        self.handled: list[Handled] = []
        self.desk = Desk(
            cases=cases,
            view=tiny().view,
            templates=tiny().templates,
            clock=HandClock(),
            gather=Gather(),
            on_handled=self.handled.append,
        )

    @property
    def reasons(self) -> list[str]:
        return [decision.reason for done in self.handled for decision in done.decisions]


@pytest.fixture
async def bench(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Bench]:
    engine = create_engine(f"sqlite:///{copy(sqlite_template, tmp_path / 'desk.db')}")
    yield Bench(ContestedCases(engine))
    await engine.dispose()


async def test_a_burst_that_is_heard_at_once_is_one_unit_and_one_answer(bench: Bench) -> None:
    for number, text in enumerate(("hello", "my lamp", DIM)):
        bench.desk.hear(wrote(number, text, title="The lamp" if number == 0 else ""))
    await bench.desk.idle()
    (done,) = bench.handled
    assert done.message_ids == (message_id(0), message_id(1), message_id(2))
    assert len(done.case.replies) == 1
    assert (done.standing, done.has_new_standing) == (Standing.ANSWERED, True)
    stored = await bench.cases.load(THREAD)
    assert stored is not None
    assert len(stored.messages) == 3


async def test_a_case_that_moved_is_loaded_and_judged_again(bench: Bench) -> None:
    bench.cases.lost = MAX_TRIES - 1
    bench.desk.hear(wrote(0, DIM))
    await bench.desk.idle()
    assert bench.cases.saves == MAX_TRIES
    assert len(bench.handled) == 1
    assert await bench.cases.load(THREAD) is not None


async def test_a_case_that_always_moves_is_left_and_the_next_unit_goes_on(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.cases.lost = MAX_TRIES
    bench.desk.hear(wrote(0, DIM))
    await bench.desk.idle()
    assert bench.handled == []
    assert "left to the next catch-up" in caplog.text
    bench.desk.hear(wrote(0, DIM))
    await bench.desk.idle()
    assert len(bench.handled) == 1


async def test_what_changes_nothing_is_not_saved(bench: Bench) -> None:
    bench.desk.hear(wrote(0, DIM))
    await bench.desk.idle()
    for again in (wrote(0, DIM), rewrote(0, DIM), erased(7)):
        bench.desk.hear(again)
        await bench.desk.idle()
    assert bench.cases.saves == 1
    assert bench.reasons[1:] == ["read already", "the text is what it was"]


async def test_a_thread_whose_start_nobody_saw_is_left_alone(bench: Bench) -> None:
    bench.desk.hear(wrote(3, DIM))
    await bench.desk.idle()
    assert (bench.cases.saves, bench.handled) == (0, [])


async def test_a_command_is_reported_once_and_only_for_the_asker(bench: Bench) -> None:
    bench.desk.hear(wrote(0, CHATTER))
    for arrival in (wrote(1, "!mute"), wrote(1, "!mute"), wrote(2, "!unmute", by=HELPER)):
        bench.desk.hear(arrival)
        await bench.desk.idle()
    assert [dict(done.commands) for done in bench.handled if done.commands] == [{message_id(1): "mute"}]


async def test_a_desk_that_is_stopped_hears_nothing_more(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    await bench.desk.stop()
    bench.desk.hear(wrote(0, WICK))
    await asyncio.wait_for(bench.desk.idle(), 5)
    assert bench.cases.saves == 0
    assert "left to the next catch-up" in caplog.text
