"""`heron db`, `heron pause` and `heron resume`: what an operator does to the database, whether Heron runs or not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.common import failure, read_settings

if TYPE_CHECKING:
    from bot.storage.engine import AsyncEngine

T = TypeVar("T")

app = typer.Typer(help="The database: upgrade, back up, forget.", no_args_is_help=True)

Target = Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]
Days = Annotated[
    int | None,
    typer.Argument(min=1, help="Forget the words of messages older than this.", show_default="RETENTION_DAYS"),
]
User = Annotated[int, typer.Argument(metavar="USER_ID", min=1, help="As Discord shows it under Copy User ID.")]
Guild = Annotated[
    int | None, typer.Option("--guild", metavar="ID", min=1, help="Only in this server; without it in all.")
]


@app.command()
def upgrade() -> None:
    """Bring the tables up to date; an empty database gets them."""
    from bot.storage.migrate import upgrade as migrate

    _told(lambda: migrate(read_settings().database_url))


@app.command()
def backup(target: Target) -> None:
    """Copy a SQLite database while Heron runs. PostgreSQL has pg_dump for it."""
    from bot.storage.upkeep import backup as copy

    _told(lambda: asyncio.run(copy(read_settings().database_url, target)))


@app.command()
def purge(days: Days = None) -> None:
    """Empty the text of old messages, and of everything that quotes them."""
    from bot.storage.upkeep import purge as forget

    days = days or read_settings().retention_days
    if not days:
        raise failure("RETENTION_DAYS is 0, so words are kept; say how many days: heron db purge 90")
    emptied = _in_database(lambda engine: forget(engine, datetime.now(UTC) - timedelta(days=days)))
    print(f"{emptied} messages emptied")


@app.command()
def forget(user: User) -> None:
    """Delete what is kept about somebody who left, in every server; a running Heron takes down what quotes them."""
    from bot.app.forgetting import forget as forget_user
    from bot.app.mind import read_mind
    from bot.helpdesk.clock import SystemClock
    from bot.knowledge.source import KnowledgeError
    from bot.posts import UserId

    clock = SystemClock()
    try:
        mind = read_mind(read_settings(), clock=clock, salt=b"")  # no post is read
    except KnowledgeError as error:
        raise failure(error) from None
    done = _in_database(lambda engine: forget_user(engine, UserId(user), mind, clock=clock))
    print(f"deleted: threads {done.threads}, messages {done.messages}; a backup keeps them until it is deleted itself")


def pause(guild: Guild = None) -> None:
    """Keep still, within seconds, until `heron resume`. What is asked meanwhile is caught up with then."""
    _set_paused(guild, is_paused=True)


def resume(guild: Guild = None) -> None:
    """Go on after `heron pause`."""
    _set_paused(guild, is_paused=False)


def _set_paused(guild: int | None, *, is_paused: bool) -> None:
    from bot.posts import GuildId
    from bot.storage.guilds import set_paused

    only = None if guild is None else GuildId(guild)
    outcome = _in_database(partial(set_paused, only, is_paused=is_paused, now=datetime.now(UTC)))
    if not outcome.known:
        which = "no server is set up yet" if guild is None else f"server {guild} is not set up here"
        raise failure(f"{which}; heron run sets up the one that owns the first of FORUM_CHANNEL_IDS")
    state = "paused" if is_paused else "served"
    print(f"{outcome.known} {'server is' if outcome.known == 1 else 'servers are'} {state}, {outcome.changed} changed")


def _in_database(work: "Callable[[AsyncEngine], Awaitable[T]]") -> T:
    from bot.storage.upkeep import on_database

    return _told(lambda: asyncio.run(on_database(read_settings().database_url, work)))


def _told(work: Callable[[], T]) -> T:
    """What the work returns, or the end with what the person at the terminal has to do."""
    from bot.storage.engine import DatabaseError

    try:
        return work()
    except DatabaseError as error:
        raise failure(error) from None
