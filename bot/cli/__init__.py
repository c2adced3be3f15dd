"""The commands. Each imports what it needs inside, so that the light ones start without Discord and database."""

import typer

from bot.cli import articles, database, posts, service

app = typer.Typer(
    name="heron",
    help="A support bot for Discord help forums: reviewed answers, and silence where it has no right to speak.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(posts.diagnose)
app.command()(posts.replay)
app.command()(service.demo)
app.command()(service.run)
app.command()(database.pause)
app.command()(database.resume)
app.add_typer(database.app, name="db")
app.add_typer(articles.app, name="kb")


def main() -> None:
    app()
