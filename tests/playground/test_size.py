"""The playground stays a tool: smaller than what it is there to try."""

from pathlib import Path

import bot.playground

MOST_LINES = 4_000


def test_playground_and_page_together_stay_small() -> None:
    files = [path for path in Path(bot.playground.__path__[0]).rglob("*") if path.suffix in (".py", ".js", ".css")]
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in files}
    assert "page.js" in lines
    assert sum(lines.values()) <= MOST_LINES, lines
