"""`make audit`: what it says of a weakness, of none, and where nobody can be asked."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit.sh"

#: The output file is the argument behind --output.
AUDIT = """#!/bin/sh
[ "$1" = --version ] && exit 0
while [ "$1" != --output ]; do shift; done
{body}
"""
CLEAN = 'echo \'{"dependencies": []}\' > "$2"; exit 0'
WEAK = 'echo \'{"dependencies": ["weak"]}\' > "$2"; echo \'Found 1 known vulnerability\' >&2; exit 1'
OFFLINE = "echo 'Could not connect' >&2; exit 1"


def audited(folder: Path, body: str | None) -> subprocess.CompletedProcess[str]:
    tools = folder / "bin"
    tools.mkdir()
    if body is not None:
        tool = tools / "pip-audit"
        tool.write_text(AUDIT.format(body=body), "utf-8")
        tool.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "VENV": str(folder)}
    return subprocess.run(["sh", str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)


def test_nothing_found_is_said(tmp_path: Path) -> None:
    done = audited(tmp_path, CLEAN)
    assert (done.returncode, done.stdout) == (0, "No known weakness in what is installed.\n")


def test_a_weakness_fails_and_is_shown(tmp_path: Path) -> None:
    done = audited(tmp_path, WEAK)
    assert done.returncode == 1
    assert "weak" in done.stdout
    assert "Found 1 known vulnerability" in done.stderr


@pytest.mark.parametrize(
    ("body", "why"),
    [(OFFLINE, "cannot be reached: Could not connect"), (None, "pip-audit is not installed and cannot be had")],
)
def test_out_of_reach_it_says_so_and_does_not_fail(tmp_path: Path, body: str | None, why: str) -> None:
    done = audited(tmp_path, body)
    assert done.returncode == 0
    assert done.stderr.startswith("Nothing was audited: ")
    assert why in done.stderr
