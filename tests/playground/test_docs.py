"""docs/playground.md says what is there: all of it, and nothing else."""

import re
from pathlib import Path

from bot.playground import Control, Playground
from bot.playground.refusals import _BY_CODE

DOCS = (Path(__file__).parents[2] / "docs" / "playground.md").read_text("utf-8")


def test_every_route_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `([A-Z]+) (/[^`]*)` \|", DOCS, re.MULTILINE)
    assert sorted(documented) == sorted(Playground().routes)


def test_every_refusal_is_documented() -> None:
    assert [code for code in _BY_CODE if not re.search(rf"\b{code}\b", DOCS)] == []


def test_every_hand_of_the_control_is_documented() -> None:
    methods = [name for name in vars(Control) if not name.startswith("_")]
    assert [name for name in methods if f"{name}(" not in DOCS] == []
