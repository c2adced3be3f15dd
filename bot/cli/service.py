"""`heron run`, `heron demo` and `heron db`: Heron at work, on Discord or on this machine, and its database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import AsJson, failure, read_settings, read_source

database = typer.Typer(help="The database: upgrade, back up, forget.", no_args_is_help=True)

Thread = Annotated[str | None, typer.Option("--thread", metavar="FILE.jsonl", help="A thread of your own to play.")]
Exit = Annotated[bool, typer.Option("--exit", help="Play and end, instead of staying open.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 takes a free one.")]


def demo(thread: Thread = None, exit_after: Exit = False, as_json: AsJson = False, port: Port = 0) -> None:
    """Play a help thread through a real discord.py bot and a Discord on this machine."""
    from bot.demo import play
    from bot.lines import BadLine, read_threads

    settings = read_settings()
    source = thread or str(settings.templates_dir / "demo" / "seed.jsonl")
    try:
        threads = read_threads(*read_source(source))
    except BadLine as error:
        raise failure(error) from None
    if not threads:
        raise failure(f"{source}: no thread in it; write one JSON object a line")
    raise typer.Exit(play(threads, settings, exit_after=exit_after, as_json=as_json, port=port))


def run() -> None:
    """Watch the forums on Discord until told to stop."""
    from bot.app import run as run_app

    raise typer.Exit(run_app(read_settings()))


@database.command()
def upgrade() -> None:
    """Bring the tables up to date; an empty database gets them."""
    from bot.storage.engine import DatabaseError
    from bot.storage.migrate import upgrade as migrate

    try:
        migrate(read_settings().database_url)
    except DatabaseError as error:
        raise failure(error) from None


@database.command()
def backup(target: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]) -> None:
    """Copy the database while Heron runs."""
    import asyncio

    from bot.storage.engine import DatabaseError
    from bot.storage.upkeep import backup as copy

    try:
        asyncio.run(copy(read_settings().database_url, target))
    except DatabaseError as error:
        raise failure(error) from None


@database.command()
def purge(days: Annotated[int, typer.Argument(min=1, help="Forget the words of messages older than this.")]) -> None:
    """Empty the text of old messages, and of everything that quotes them."""
    import asyncio

    from bot.storage.engine import DatabaseError

    try:
        emptied = asyncio.run(_purge(read_settings().database_url, days))
    except DatabaseError as error:
        raise failure(error) from None
    print(f"{emptied} messages emptied")


async def _purge(database_url: str, days: int) -> int:
    from bot.storage.engine import create_engine
    from bot.storage.upkeep import purge as forget

    engine = create_engine(database_url)
    try:
        return await forget(engine, older_than=datetime.now(UTC) - timedelta(days=days))
    finally:
        await engine.dispose()
