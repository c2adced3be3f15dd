"""PostgreSQL databases that one test after another gets, each time as if it were new.

To make a database and to drop it takes PostgreSQL some hundred times as long as to empty one. Between two tests every
connection is cut and every table truncated, not deleted from: rows come in the order of a new file. A database whose
shape a test has changed, or that lets nobody in, is not given again.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import asyncpg

from tests.databases import PostgresServer, apart

_CUT = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1"

#: All that a test could have changed beside rows: columns, constraints, indexes, triggers, settings, the migration.
_SHAPE = """
SELECT string_agg(piece, E'\\n' ORDER BY piece) FROM (
    SELECT concat_ws(' ', attrelid::regclass, attnum, attname, atttypid, atttypmod, attnotnull) AS piece
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT setconfig::text FROM pg_db_role_setting
    UNION ALL SELECT version_num FROM alembic_version
) AS pieces"""

#: Tables that hold nothing cost nothing.
_EMPTY = """
DO $$ DECLARE one text; full_ones text[]; is_full boolean; BEGIN
    FOR one IN SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || one || ')' INTO is_full;
        IF is_full THEN full_ones := full_ones || one; END IF;
    END LOOP;
    IF full_ones IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || array_to_string(full_ones, ', ') || ' RESTART IDENTITY CASCADE';
    END IF;
END $$"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptiedDatabases:
    server: PostgresServer
    template: str
    shape: str
    _free: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def one(self) -> Iterator[str]:
        """A migrated database with nothing in it, for as long as the block runs; yields its address."""
        name = self._free.pop() if self._free else self.server.make(template=self.template)
        try:
            yield self.server.url(name)
        finally:
            if apart(_emptied(self.server.url(name), self.shape)):
                self._free.append(name)
            else:
                self.server.drop(name)

    def drop(self) -> None:
        while self._free:
            self.server.drop(self._free.pop())


@contextlib.contextmanager
def emptied_databases(server: PostgresServer, template: str) -> Iterator[EmptiedDatabases]:
    databases = EmptiedDatabases(server=server, template=template, shape=apart(_shape(server.url(template))))
    try:
        yield databases
    finally:
        databases.drop()


async def _shape(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval(_SHAPE))
    finally:
        await connection.close()


async def _emptied(url: str, shape: str) -> bool:
    """Whether the database is as it was when it was made."""
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.PostgresError:
        return False
    try:
        await connection.fetch(_CUT, connection.get_server_pid())
        if await connection.fetchval(_SHAPE) != shape:
            return False
        await connection.execute(_EMPTY)
    except asyncpg.PostgresError:
        return False
    finally:
        await connection.close()
    return True
