"""The import contract holds, and it bites: each kind of breach, planted in a copy, is found and named."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.meta.import_contracts import read_table

ROOT = Path(__file__).parents[2]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "200", "PATH": ""},
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests" / "meta").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "meta" / "import_contracts.py", tmp_path / "tests" / "meta")
    return tmp_path


def plant(copy: Path, room: str, line: str) -> None:
    folder = copy / "bot" / room
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / "planted.py").write_text(f"{line}\n", "utf-8")


def test_the_rooms_import_only_what_the_table_allows() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("room", "line", "message"),
    [
        ("extraction", "from bot.knowledge import articles", "extraction may not import bot.knowledge"),
        ("triage", "import discord", "discord belongs to cogs only"),
        ("knowledge", "def late():\n    import jinja2", "jinja2 belongs to replies only"),
        ("helpdesk", "import httpx", "httpx belongs to openrouter, attachments only"),
        ("cogs", "from sqlalchemy.ext import asyncio", "sqlalchemy belongs to storage only"),
        ("playground", "from bot.posts import Post", "playground may not import bot.posts"),
        ("attic", "import json", "bot.attic is in no line of the table"),
    ],
)
def test_a_planted_breach_is_found_and_named(copy: Path, room: str, line: str, message: str) -> None:
    plant(copy, room, line)
    result = lint_imports(copy)
    assert result.returncode == 1
    assert message in result.stdout


def test_a_room_may_import_one_module_of_another_and_not_the_rest(copy: Path) -> None:
    plant(copy, "openrouter", "from bot.helpdesk import ports")
    assert lint_imports(copy).returncode == 0
    (copy / "bot" / "helpdesk" / "desk.py").touch()
    plant(copy, "openrouter", "from bot.helpdesk import desk")
    assert "openrouter may not import bot.helpdesk.desk" in lint_imports(copy).stdout


def test_the_page_on_architecture_shows_the_same_table() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    lines = next(contract["table"] for contract in contracts if contract["id"] == "rooms")
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    shown = {
        room: tuple(
            name.strip() for name in allowed.replace("everything", "*").replace("–", "").split(",") if name.strip()
        )
        for room, allowed in re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", page, re.MULTILINE)
    }
    assert shown == read_table(lines)
