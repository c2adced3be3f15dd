"""Timers in the database: rows that wait for their moment, over restarts and over whoever serves the server then."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.helpdesk.ports import Timer
from bot.posts import ChannelId, GuildId
from bot.storage.statements import insert
from bot.storage.tables import due
from bot.triage.case import Case
from bot.triage.decision import Due


class SqlTimers:
    """`Timers`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def due(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Sequence[Timer]:
        waiting = due.c.guild_id.in_(guild_ids), due.c.done_at.is_(None), due.c.due_at <= now
        statement = select(due).where(*waiting).order_by(due.c.due_at, due.c.case_id, due.c.kind).limit(limit)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [
            Timer(
                guild_id=GuildId(row["guild_id"]),
                case_id=ChannelId(row["case_id"]),
                kind=row["kind"],
                due_at=row["due_at"],
            )
            for row in rows
        ]

    async def next_due_at(self, guild_ids: Sequence[GuildId], *, after: datetime) -> datetime | None:
        waiting = due.c.guild_id.in_(guild_ids), due.c.done_at.is_(None), due.c.due_at > after
        async with self._engine.connect() as connection:
            moment: datetime | None = await connection.scalar(select(func.min(due.c.due_at)).where(*waiting))
        return moment

    async def done(self, timer: Timer, *, now: datetime) -> None:
        this = due.c.case_id == timer.case_id, due.c.kind == timer.kind, due.c.due_at == timer.due_at
        async with self._engine.begin() as connection:
            await connection.execute(update(due).where(*this).values(done_at=now))


async def write_dues(connection: AsyncConnection, case: Case, wanted: Sequence[Due]) -> None:
    """What a case waits for. A timer that fired fires again only for another moment; one that nobody waits for any more
    fires and finds nothing to do, which costs less than to look for it with every message."""
    if not wanted:
        return
    rows = [
        {"case_id": case.thread_id, "kind": w.kind, "guild_id": case.guild_id, "due_at": w.at, "done_at": None}
        for w in wanted
    ]
    statement = insert(connection, due)
    new = statement.excluded
    moved = statement.on_conflict_do_update(
        index_elements=["case_id", "kind"],
        set_={"due_at": new["due_at"], "done_at": None},
        where=due.c.due_at != new["due_at"],
    )
    await connection.execute(moved, rows)
