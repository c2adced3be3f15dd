"""What SQLite says about how it will find rows."""

import sqlite3

#: Parts of statements that it walks through, as it has to: none of them is a table.
_PARTS = ("CONSTANT ROW", "(subquery", "next_one", "due_ones", "waits", "anon_1")


def scans(database: sqlite3.Connection, statement: str, parameters: tuple[object, ...]) -> list[str]:
    """The steps that read a table as a whole, each with the statement."""
    plan = (str(step) for _, _, _, step in database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))
    return [f"{step}: {statement}" for step in plan if _is_scan(step)]


def _is_scan(step: str) -> bool:
    return step.startswith("SCAN") and not step.removeprefix("SCAN ").startswith(_PARTS)
