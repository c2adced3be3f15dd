"""INSERT as both databases understand it: SQLAlchemy has `ON CONFLICT` only per database."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.columns import Row

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert(connection: AsyncConnection, table: Table) -> Insert:
    return _insert(connection.dialect.name, table)


def _insert(dialect_name: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect_name == "sqlite" else postgresql.insert(table)


async def upsert(
    connection: AsyncConnection, table: Table, rows: Sequence[Row], *, only: Iterable[str] | None = None
) -> None:
    """Writes these rows; one that is there gets new values in all columns, or in `only` these."""
    if rows:
        names = None if only is None else tuple(only)
        await connection.execute(_upserting(connection.dialect.name, table, names), rows)


@cache
def _upserting(dialect_name: str, table: Table, only: tuple[str, ...] | None) -> Insert:
    """Built once: that takes longer than SQLite takes to carry it out.

    The rows go beside the statement and not into it: only so does SQLAlchemy know it again and need not compile it.
    """
    statement = _insert(dialect_name, table)
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if column.name not in keys] if only is None else only
    changes = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)
