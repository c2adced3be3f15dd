"""`heron run` and `heron demo`: Heron at work, on Discord or on this machine."""

from typing import Annotated

import typer

from bot.cli.common import AsJson, failure, read_settings, read_source

Thread = Annotated[str | None, typer.Option("--thread", metavar="FILE.jsonl", help="A thread of your own to play.")]
Exit = Annotated[bool, typer.Option("--exit", help="Play and end, instead of staying open.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 takes a free one.")]

ShardsText = Annotated[
    str | None,
    typer.Option(
        "--shards",
        metavar="0-1/4",
        help="Serve only these of so many shards: 0/2, 0-1/4 or 0,2-3/4. Without it: all servers.",
    ),
]
Standby = Annotated[
    bool,
    typer.Option("--standby", help="Wait while other processes serve; take those of the shards that become free."),
]


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


def run(shards: ShardsText = None, standby: Standby = False) -> None:
    """Watch the forums on Discord until told to stop. One process serves all servers; see --shards for more."""
    from bot.app import run as run_app
    from bot.app.shards import EVERYTHING, BadShards, Shards

    try:
        wanted = EVERYTHING if shards is None else Shards.parse(shards)
    except BadShards as error:
        raise failure(error) from None
    raise typer.Exit(run_app(read_settings(), shards=wanted, is_standby=standby))
