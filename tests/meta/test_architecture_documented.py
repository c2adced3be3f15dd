"""The way of one post by name: every function that docs/architecture.md names stands in the file beside it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
WAY = re.findall(r"^\| [^|]+ \| ((?:`[\w.]+`(?:, )?)+) \| `([\w/]+\.py)` \|$", PAGE, re.MULTILINE)
STOPS = [(function, file) for functions, file in WAY for function in re.findall(r"`([\w.]+)`", functions)]


def defined(file: Path) -> set[str]:
    """Functions and methods, as `name` and `Class.name`."""
    found = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{m.name}" for m in node.body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef)
            }
    return found


def test_the_way_leads_from_discord_to_discord() -> None:
    assert len(STOPS) > 12
    assert STOPS[0][1].startswith("cogs/")
    assert STOPS[-1][1].startswith("cogs/")


@pytest.mark.parametrize(("function", "file"), STOPS)
def test_a_function_on_the_way_is_where_the_page_says(function: str, file: str) -> None:
    assert function in defined(ROOT / "bot" / file)
