"""How the command starts: under both its names, light, and with a cache that may be missing or unwritable."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.tiny_knowledge import write_tiny_templates

POST = json.dumps({"id": 1, "text": "503 upstream is dim"}) + "\n"
ROOT = Path(__file__).parents[2]

HEAVY = ("discord", "sqlalchemy", "alembic", "aiosqlite", "aiohttp", "httpx", "matplotlib", "rapidocr")
IMPORTED = """
import sys
from bot.cli import main
sys.argv = ["heron", "diagnose", "-", "--json"]
try:
    main()
except SystemExit as end:
    assert end.code in (0, None), end.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def run(command: Sequence[str], folder: Path, given: str = POST) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"TEMPLATES_DIR": str(folder / "templates"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=env, input=given, capture_output=True, text=True, check=False)


def test_diagnose_imports_neither_discord_nor_the_database_nor_a_network_client(desk: Path) -> None:
    done = run([sys.executable, "-c", IMPORTED], desk)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["action"] == "answer"
    assert set(HEAVY) & set(done.stderr.split()) == set()
    assert "jinja2" in done.stderr.split()


def test_both_names_of_the_program_say_the_same(desk: Path) -> None:
    said = []
    for command in ([str(Path(sys.executable).parent / "heron")], [sys.executable, "-m", "bot"]):
        done = run([*command, "diagnose", "-", "--json"], desk)
        assert done.returncode == 0, done.stderr
        said.append({key: value for key, value in json.loads(done.stdout).items() if key != "elapsed_us"})
    assert said[0] == said[1]


def test_without_a_command_the_help_is_shown(desk: Path) -> None:
    done = run([sys.executable, "-m", "bot"], desk, given="")
    for command in ("diagnose", "replay"):
        assert command in done.stdout + done.stderr


def test_what_was_learnt_is_kept_and_used_again(tmp_path: Path) -> None:
    write_tiny_templates(tmp_path)
    times = []
    for _ in range(2):
        assert run([sys.executable, "-m", "bot", "diagnose", "-", "--json"], tmp_path).returncode == 0
        (kept,) = (tmp_path / "var" / "cache").iterdir()
        times.append(kept.stat().st_mtime_ns)
    assert times[0] == times[1]
