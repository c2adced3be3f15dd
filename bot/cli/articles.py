"""`heron kb`: the tools of the people who write articles."""

from datetime import UTC, datetime

import typer

from bot.cli.common import At, failure, read_settings, read_time

app = typer.Typer(help="The knowledge base: check what you wrote.", no_args_is_help=True)


@app.callback()
def _knowledge_base() -> None:
    """Keeps `heron kb <command>` a group while it has one command."""


@app.command()
def check(at: At = None) -> None:
    """Say everything that is wrong with the templates: file, line, key and cure."""
    from bot.authoring.check import check as find_problems

    today = read_time(at).date() if at else datetime.now(UTC).date()
    problems = find_problems(read_settings().templates_dir, today)
    if problems:
        raise failure("\n".join(str(problem) for problem in problems))
    print("every article, message and fact is in order")
