"""The drawing of who may import whom in CONTRIBUTING.md: every folder stands in it, and its arrows are in the table."""

import itertools
import re
import tomllib
from pathlib import Path

from tests.meta.import_contracts import read_table

ROOT = Path(__file__).parents[2]
CHAPTER = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Who may import whom")[2].partition("\n## ")[0]
DRAWING = [line for line in CHAPTER.splitlines() if line.startswith("    ")]


def table() -> dict[str, tuple[str, ...]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return read_table(next(contract["table"] for contract in contracts if contract["id"] == "rooms"))


def test_every_folder_of_the_code_is_drawn() -> None:
    folders = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert sorted(folders - set(re.findall(r"\w+", "\n".join(DRAWING)))) == []


def test_the_chain_is_allowed_in_the_direction_that_is_drawn_and_in_no_other() -> None:
    (chain,) = [line for line in DRAWING if line.count("◄─") > 2]
    rooms = re.findall(r"[a-z]+", chain.partition("   pure")[0])
    allowed = table()
    assert len(rooms) > 5
    assert [pair for pair in itertools.pairwise(rooms) if pair[0] not in allowed[pair[1]]] == []
    later = [(one, other) for one, other in itertools.combinations(rooms, 2) if other in allowed[one]]
    assert later == []


def test_the_arrows_to_the_right_are_allowed() -> None:
    allowed = table()
    arrows = [tuple(line.split("─►")) for line in DRAWING if "─►" in line]
    assert len(arrows) > 1
    for places in arrows:
        groups = [re.findall(r"[a-z]+", place.partition("   ")[0] or place) for place in places]
        for importers, imported in itertools.pairwise(groups):
            for one in importers:
                may = allowed[one]
                assert may == ("*",) or imported[0] in may, (one, imported)


def test_those_behind_ports_import_the_ports_and_no_use_case() -> None:
    (line,) = [line for line in DRAWING if "(ports)" in line]
    rooms = re.findall(r"[a-z]+", line.partition("──")[0])
    assert len(rooms) > 3
    for room in rooms:
        of_use_cases = {place for place in table()[room] if place.startswith(("helpdesk", "moderation"))}
        assert "helpdesk.ports" in of_use_cases
        assert of_use_cases & {"helpdesk", "moderation"} == set()
