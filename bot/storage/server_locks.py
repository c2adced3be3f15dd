"""Locks on PostgreSQL: advisory ones, kept by a connection of their own. The server frees them when it ends.

They belong to the session, so a pooler that hands one session to many clients (pgbouncer by transaction, say) does not
carry them; the address has to lead to the server itself.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from bot.storage.engine import DatabaseAway, meaning, parse_url, postgres_engine
from bot.storage.locks import Holder, free_ones

#: The first of the two numbers that name a lock: "hero" in ASCII. The second is the shard, and zero the door.
_CLASS = 0x6865726F
_BITS = 15

#: A client that is cut off notices after `_REPLY_S` at the latest, long before the server gives its locks to another.
_REPLY_S = 2.0
_SERVER_SETTINGS = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}

_ASK = text("SELECT 1")
_HOLDERS = text(
    "SELECT l.objid::bigint AS number, coalesce(a.application_name, '') AS name"
    " FROM pg_locks l JOIN pg_database d ON d.oid = l.database LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :class AND l.objsubid = 2 AND l.objid <> 0"
    " AND d.datname = current_database() ORDER BY 1"
)


class ServerLocks:
    """`Locks`."""

    def __init__(self, database_url: str) -> None:
        self._engine = postgres_engine(
            parse_url(database_url),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": 5.0, "command_timeout": _REPLY_S, "server_settings": _SERVER_SETTINGS},
        )
        self._connection: AsyncConnection | None = None
        self._raw: Any = None  # the driver's own
        self.lost = asyncio.Event()

    async def take(self, ids: Sequence[int], *, count: int, all_of_them: bool, who: str) -> tuple[int, ...]:
        try:
            connection = self._connection or await self._connect()
            return await self._take(connection, ids, count=count, all_of_them=all_of_them, who=who)
        except (SQLAlchemyError, OSError) as error:  # a timeout is an OSError, too
            self.lost.set()
            await self.release()
            if isinstance(error, DBAPIError | OSError):
                raise meaning(error) from error
            raise DatabaseAway(f"the connection for the locks is broken: {error}") from error

    async def check(self) -> None:
        if self._connection is None:
            return
        try:
            async with asyncio.timeout(_REPLY_S):
                await self._connection.execute(_ASK)
        except (SQLAlchemyError, OSError):
            self.lost.set()

    async def release(self) -> None:
        connection, raw = self._connection, self._raw
        self._connection = self._raw = None
        if connection is not None and raw is not None:
            raw.remove_termination_listener(self._ended)
            if self.lost.is_set():  # nobody is there to say goodbye to
                raw.terminate()
                await connection.invalidate()
            await connection.close()
        self.lost.clear()

    async def _connect(self) -> AsyncConnection:
        self._connection = connection = await self._engine.connect()
        self._raw = (await connection.get_raw_connection()).driver_connection
        if self._raw is not None:
            self._raw.add_termination_listener(self._ended)
        return connection

    def _ended(self, _: object) -> None:
        self.lost.set()

    async def _take(
        self, connection: AsyncConnection, ids: Sequence[int], *, count: int, all_of_them: bool, who: str
    ) -> tuple[int, ...]:
        async with _one_at_a_time(connection):
            rows = (await connection.execute(_HOLDERS, {"class": _CLASS})).all()
            held = [
                Holder(shard=number & (2**_BITS - 1), count=number >> _BITS, who=name.removeprefix("heron "))
                for number, name in rows
            ]
            taken = free_ones(ids, held, count=count, all_of_them=all_of_them)
            await connection.execute(
                text("SELECT set_config('application_name', :name, false)"), {"name": f"heron {who}"}
            )
            for shard in taken:
                await connection.execute(
                    text("SELECT pg_try_advisory_lock(:class, :number)"),
                    {"class": _CLASS, "number": count << _BITS | shard},
                )
        return taken


@asynccontextmanager
async def _one_at_a_time(connection: AsyncConnection) -> AsyncIterator[None]:
    """Looking and taking is one step; nobody stays in here."""
    await connection.execute(text("SELECT pg_advisory_lock(:class, 0)"), {"class": _CLASS})
    try:
        yield
    finally:
        await connection.execute(text("SELECT pg_advisory_unlock(:class, 0)"), {"class": _CLASS})
