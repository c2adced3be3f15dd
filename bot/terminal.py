"""Decisions for people at a terminal: what was done and why, and the words as they would be posted."""

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from bot.replay import Played

_COLOURS = {"warn": "red", "answer": "green", "ask": "yellow", "escalate": "magenta", "retract": "blue"}


def show(name: str, title: str, played: Played, console: Console | None = None) -> None:
    """One decision. Colours appear only where the output is a terminal."""
    console = console or Console(highlight=False)
    decision = played.decision
    actions = " + ".join(f"[{_COLOURS.get(a.value, 'dim')}]{a.value}[/]" for a in decision.actions)
    first_line = " ".join(title.split())[:100]
    console.print(f"[bold]{escape(name)}[/]  {escape(first_line)}")
    console.print(f"  {actions} · {escape(decision.reason)}")
    ranked = [f"{h.article_id} {h.confidence:.2f} ({h.kind})" for h in decision.diagnosis.ranked[:3]]
    if ranked:
        console.print(f"  [dim]{escape(', '.join(ranked))}[/]")
    if played.message:
        _say(console, "posted", played.message, "green")
    for card in played.cards:
        _say(console, "to the moderators", card, "magenta")
    console.print()


def _say(console: Console, where: str, words: str, colour: str) -> None:
    console.print(f"  [{colour}]{where}:[/]")
    console.print(Padding(Text(words), (0, 0, 0, 4)))
