"""What an operator does to the database as a whole: a backup while Heron runs, and the purge of old words."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import exists, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.posts import ChannelId, MessageId
from bot.storage.engine import DatabaseError, create_engine, meaning, parse_url
from bot.storage.replies import PENDING, forget_bodies
from bot.storage.tables import cases, messages, replies

T = TypeVar("T")

#: Messages a transaction; between two of them the running bot gets its turn.
_BATCH = 500


async def on_database(database_url: str, work: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """What the work returns; raises `DatabaseError`. A SQLite file that is not there is not made."""
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        _check_is_there(Path(str(url.database)))
    engine = create_engine(database_url)
    try:
        return await work(engine)
    except (DBAPIError, OSError) as error:
        raise meaning(error) from error
    finally:
        await engine.dispose()


async def backup(database_url: str, target: Path) -> None:
    """Copies a SQLite database as it is at one moment. `target` appears whole or not at all."""
    url = parse_url(database_url)
    if url.get_backend_name() != "sqlite":
        raise DatabaseError("PostgreSQL has its own tool for backups: pg_dump --format=custom --file=FILE DATABASE_URL")
    await asyncio.to_thread(_copy, Path(str(url.database)), target)


def _copy(source: Path, target: Path) -> None:
    _check_is_there(source)
    if target.exists():
        raise DatabaseError(f"{target} is there already; a backup never replaces a file")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as live,
            contextlib.closing(sqlite3.connect(unfinished)) as copy,
        ):
            # All pages in one go: the copy is one moment's, and in WAL mode nobody has to wait for it.
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file that can be moved, without a -wal beside it
            if (verdict := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise DatabaseError(f"{source} is damaged: {verdict}; keep it as it is and restore an older backup")
        unfinished.rename(target)
    except sqlite3.DatabaseError as error:
        raise DatabaseError(f"{source} cannot be copied: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _check_is_there(file: Path) -> None:
    if not file.is_file():
        raise DatabaseError(f"{file} does not exist; is DATABASE_URL the one that Heron runs with?")


async def purge(engine: AsyncEngine, older_than: datetime) -> int:
    """Empties the words of messages from before that moment and the bodies that quote them; returns how many messages.

    What stands in Discord stays there beside the message that it quotes; editing it would wake old threads. A case
    with a reply that is still to be sent waits for the next purge.
    """
    emptied = 0
    while True:
        async with engine.begin() as connection:
            batch = await _purge_batch(connection, older_than)
        emptied += batch
        if batch < _BATCH:
            break
    await empty_log(engine)
    return emptied


async def empty_log(engine: AsyncEngine) -> None:
    """What was deleted also stands in old pages of SQLite's log."""
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


async def _purge_batch(connection: AsyncConnection, older_than: datetime) -> int:
    to_be_sent = exists().where(replies.c.case_id == messages.c.case_id, replies.c.state == PENDING)
    old = messages.c.has_words, messages.c.sent_at < older_than, ~to_be_sent
    statement = select(messages.c.message_id, messages.c.case_id).where(*old).order_by(messages.c.sent_at).limit(_BATCH)
    rows = (await connection.execute(statement)).all()
    if not rows:
        return 0
    message_ids = [MessageId(row.message_id) for row in rows]
    case_ids = {ChannelId(row.case_id) for row in rows}
    # A unit of work that loaded the words must not write them back: its case has moved.
    await connection.execute(update(cases).where(cases.c.thread_id.in_(case_ids)).values(version=cases.c.version + 1))
    emptied = {"text": "", "title": "", "taken": {}, "has_words": False}
    await connection.execute(update(messages).where(messages.c.message_id.in_(message_ids)).values(emptied))
    await forget_bodies(connection, case_ids, message_ids)
    return len(rows)
