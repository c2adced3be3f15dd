"""What a post, a follow-up and a hand-over cost the database, from the event to what stands in Discord: little, however
many came before, and no table scan."""

import sqlite3
from collections.abc import Mapping

import pytest
from sqlalchemy import make_url

from benchmarks.statements import Cost, counted
from bot.playground import Thread
from bot.storage.engine import create_engine
from tests.end_to_end.house import WICK, House
from tests.storage.plans import scans

#: Statements and commits, by what was written.
MOST: Mapping[str, tuple[int, int]] = {"post": (9, 2), "follow-up": (13, 3), "hand-over": (20, 4)}
PERSON = "Please let me talk to a moderator, a human being."


@pytest.fixture
async def costs(house: House) -> list[tuple[str, Cost]]:
    """Of six posts, three follow-ups and a hand-over, after a first one that starts timers and desk."""
    await house.asks()
    found: list[tuple[str, Cost]] = []
    for number in range(6):
        with counted(house.engine) as cost:
            thread = await house.asks()
        found.append(("post", cost))
        if number % 2:
            found.append(("follow-up", await _says(house, thread, WICK)))
    found.append(("hand-over", await _says(house, thread, PERSON)))
    return found


async def _says(house: House, thread: Thread, text: str) -> Cost:
    with counted(house.engine) as cost:
        await house.says(thread, text)
    return cost


@pytest.mark.parametrize("what", MOST)
async def test_it_takes_few_statements_however_many_came_before(costs: list[tuple[str, Cost]], what: str) -> None:
    statements, commits = MOST[what]
    found = [cost for name, cost in costs if name == what]
    assert max(len(cost.statements) for cost in found) <= statements, [one for one, _ in found[-1].statements]
    assert max(cost.commits for cost in found) <= commits


@pytest.mark.usefixtures("costs")
async def test_the_hand_over_that_was_counted_brought_a_card(house: House) -> None:
    assert len(house.cards) == 1


async def test_every_statement_of_it_stands_on_an_index(costs: list[tuple[str, Cost]], database_url: str) -> None:
    statements = dict(statement for _, cost in costs for statement in cost.statements)
    assert len(statements) >= 15
    if database_url.startswith("sqlite"):
        found = _sqlite_scans(str(make_url(database_url).database), statements)
    else:
        found = await _postgres_scans(database_url, statements)
    assert found == []


def _sqlite_scans(file: str, statements: dict[str, tuple[object, ...]]) -> list[str]:
    database = sqlite3.connect(file)
    try:
        return [scan for statement in statements.items() for scan in scans(database, *statement)]
    finally:
        database.close()


async def _postgres_scans(database_url: str, statements: dict[str, tuple[object, ...]]) -> list[str]:
    """A table of six rows is quicker read as a whole, so the planner is kept from that."""
    engine = create_engine(database_url, is_pooled=False)
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SET enable_seqscan = off")
            return [
                f"{line}: {statement}"
                for statement, parameters in statements.items()
                for (line,) in (await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)).all()
                if "Seq Scan" in line
            ]
    finally:
        await engine.dispose()
