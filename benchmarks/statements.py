"""Counts what a stretch of work asks of the database. Statements that go out together for many rows count once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, event

from bot.storage.engine import AsyncEngine


@dataclass(slots=True)
class Cost:
    """`statements` are texts with the parameters of their first row."""

    statements: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counted(engine: AsyncEngine) -> Iterator[Cost]:
    cost = Cost()

    def on_statement(_c: Connection, _cursor: object, statement: str, parameters: Any, *more: object) -> None:
        _context, is_many = more
        cost.statements.append((statement, tuple(parameters[0] if is_many else parameters)))

    def on_commit(_c: Connection) -> None:
        cost.commits += 1

    event.listen(engine.sync_engine, "before_cursor_execute", on_statement)
    event.listen(engine.sync_engine, "commit", on_commit)
    try:
        yield cost
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", on_statement)
        event.remove(engine.sync_engine, "commit", on_commit)
