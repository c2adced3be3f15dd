"""Connections to SQLite and PostgreSQL, set up the same way everywhere. No statement about a case is here."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine as AsyncEngine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

#: How long a connection to SQLite waits for another process.
_BUSY_S = 5

#: FULL, since a reply that was sent and then forgotten at power loss would be sent twice. `secure_delete`, since
#: purged words shall not survive in free pages.
_SQLITE_PRAGMAS = (
    f"busy_timeout={_BUSY_S * 1000}",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)

#: What waiting mends on SQLite; what it does not mend on PostgreSQL: a wrong name or password, a missing table.
_SQLITE_PASSES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL)
_POSTGRES_STAYS = ("28", "3D", "42")

#: Without it a server that falls silent would hold up a unit of work for ever.
_POSTGRES = {"timeout": 10.0, "command_timeout": 30.0, "server_settings": {"application_name": "heron"}}


class DatabaseError(Exception):
    """The database cannot be used as it is; the message says what to do."""


class DatabaseAway(DatabaseError):
    """It cannot be used at this moment; later it may be."""


def meaning(error: DBAPIError | OSError) -> DatabaseError:
    """What a connection or a statement that failed means to whoever operates Heron."""
    if not isinstance(error, DBAPIError):
        return DatabaseAway(f"the database cannot be reached: {str(error) or type(error).__name__}")
    if _may_pass(error.orig):
        return DatabaseAway(f"the database cannot be used: {error.orig}")
    return DatabaseError(
        f"the database cannot be used: {error.orig}\n"
        "  cure:  look at DATABASE_URL; where tables or columns are missing, run heron db upgrade"
    )


def _may_pass(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode in _SQLITE_PASSES
    return not str(getattr(cause, "sqlstate", "")).startswith(_POSTGRES_STAYS)


def parse_url(database_url: str) -> URL:
    """The address with the driver that Heron uses filled in."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise DatabaseError("DATABASE_URL is no database address; write sqlite:///var/heron.db, say") from None
    name = url.get_backend_name()
    if name not in _DRIVERS:
        raise DatabaseError(f"DATABASE_URL names {name}; Heron keeps its cases in sqlite or postgresql")
    if name == "sqlite" and url.database in (None, "", ":memory:"):
        raise DatabaseError("DATABASE_URL names no file; a database in memory would forget what was already answered")
    return url.set(drivername=_DRIVERS[name])


def create_engine(database_url: str, *, is_pooled: bool = True) -> AsyncEngine:
    """Opens nothing yet, but makes the folder of a SQLite file. Errors do not show parameters: words are among them."""
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, is_pooled=is_pooled)
    if not is_pooled:
        return postgres_engine(url, poolclass=NullPool)
    return postgres_engine(url, pool_size=10, max_overflow=0, pool_pre_ping=True, connect_args=_POSTGRES)


def postgres_engine(url: URL, **options: Any) -> AsyncEngine:
    try:
        return create_async_engine(url, hide_parameters=True, **options)
    except ModuleNotFoundError as missing:
        raise DatabaseError(f"PostgreSQL needs the package {missing.name}; install heron[postgres]") from None


def _sqlite_engine(url: URL, *, is_pooled: bool) -> AsyncEngine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    if is_pooled:
        # One connection: SQLite writes one transaction at a time anyway, and a queue of our own is fair and never
        # ends in "database is locked" as its busy handler can.
        engine = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    else:
        engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _on_connect)
    return engine


def _on_connect(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    set_up_sqlite(connection)


def set_up_sqlite(connection: sqlite3.Connection) -> None:
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Only the first connection to a new file changes anything; of two at once SQLite refuses one without waiting."""
    give_up_at = time.monotonic() + _BUSY_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
        time.sleep(0.01)
