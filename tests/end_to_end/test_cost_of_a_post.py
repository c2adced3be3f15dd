"""What a post costs the database from its event to its delivered answer: the same for every post, and little."""

import sqlite3

import pytest
from sqlalchemy import make_url

from benchmarks.statements import Cost, counted
from bot.storage.engine import create_engine
from tests.end_to_end.house import House

MOST_STATEMENTS, MOST_COMMITS = 12, 3


@pytest.fixture
async def costs(house: House) -> list[Cost]:
    """Of six posts, after a first one that starts timers and desk."""
    await house.asks()
    found = []
    for _ in range(6):
        with counted(house.engine) as cost:
            await house.asks()
        found.append(cost)
    return found


async def test_a_post_is_answered_with_few_statements_however_many_came_before(costs: list[Cost]) -> None:
    counts = [len(cost.statements) for cost in costs]
    assert max(counts) <= MOST_STATEMENTS, [statement for statement, _ in costs[-1].statements]
    assert len(set(counts)) == 1
    assert {cost.commits for cost in costs} <= set(range(1, MOST_COMMITS + 1))


async def test_every_statement_of_a_post_stands_on_an_index(costs: list[Cost], database_url: str) -> None:
    statements = dict(costs[-1].statements)
    assert len(statements) >= 8
    if database_url.startswith("sqlite"):
        plans = _sqlite_plans(str(make_url(database_url).database), statements)
    else:
        plans = await _postgres_plans(database_url, statements)
    assert {step for step in plans if ("SCAN" in step and "CONSTANT ROW" not in step) or "Seq Scan" in step} == set()


def _sqlite_plans(file: str, statements: dict[str, tuple[object, ...]]) -> list[str]:
    database = sqlite3.connect(file)
    try:
        return [
            f"{step}: {statement}"
            for statement, parameters in statements.items()
            for _, _, _, step in database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    finally:
        database.close()


async def _postgres_plans(database_url: str, statements: dict[str, tuple[object, ...]]) -> list[str]:
    """A table of six rows is quicker read as a whole, so the planner is kept from that."""
    engine = create_engine(database_url, is_pooled=False)
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SET enable_seqscan = off")
            return [
                f"{line}: {statement}"
                for statement, parameters in statements.items()
                for (line,) in (await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)).all()
            ]
    finally:
        await engine.dispose()
