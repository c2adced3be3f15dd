"""`make` on a machine that lacks something: one line with the cure, and nothing made."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "make", "awk", "echo", "touch")

TOO_OLD = """#!/bin/sh
case "$2" in
*version_info\\ \\<*) exit 1 ;;
*) echo 3.9 ;;
esac
"""
WITHOUT_VENV = f"""#!/bin/sh
case "$2" in
*ensurepip*) echo "ModuleNotFoundError: No module named 'ensurepip'" >&2; exit 1 ;;
*) exec {sys.executable} "$@" ;;
esac
"""
NOT_THERE = """#!/bin/sh
echo "python3: command not found" >&2
exit 127
"""


class Machine:
    """A fresh copy of the project and a PATH on which only a few tools are found."""

    def __init__(self, folder: Path) -> None:
        self.tools = folder / "tools"
        self.project = folder / "project"
        self.tools.mkdir()
        self.project.mkdir()
        for tool in TOOLS:
            (self.tools / tool).symlink_to(str(shutil.which(tool)))
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.project)
        shutil.copytree(ROOT / "scripts", self.project / "scripts")
        self.before = self.files()

    def give(self, name: str, script: str) -> None:
        (self.tools / name).write_text(script, "utf-8")
        (self.tools / name).chmod(0o755)

    def make(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", *args],
            executable=self.tools / "make",
            cwd=self.project,
            env={"PATH": str(self.tools), "HOME": str(self.project)},
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self) -> set[Path]:
        return set(self.project.rglob("*"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench", "install"])
@pytest.mark.parametrize(
    ("script", "cause", "cure"),
    [
        (TOO_OLD, "Python 3.11 or newer and python3 is 3.9", "make demo PYTHON="),
        (WITHOUT_VENV, "lacks its venv module", "apt install python3-venv"),
        (NOT_THERE, "python3 does not run", "apt install python3"),
    ],
    ids=["too old", "no venv module", "no Python"],
)
def test_a_machine_that_cannot_gets_one_line_with_the_cure(
    machine: Machine, target: str, script: str, cause: str, cure: str
) -> None:
    machine.give("python3", script)
    result = machine.make(target)
    assert result.returncode == 2
    (line,) = (result.stdout + result.stderr).splitlines()
    assert cause in line
    assert cure in line
    assert machine.files() == machine.before


def test_another_python_can_be_named(machine: Machine) -> None:
    machine.give("python3", WITHOUT_VENV)
    machine.give("python3.9", TOO_OLD)
    assert "python3.9 is 3.9" in machine.make("demo", "PYTHON=python3.9").stderr


def test_uv_makes_up_for_a_missing_venv_module(machine: Machine) -> None:
    machine.give("python3", WITHOUT_VENV)
    machine.give("uv", '#!/bin/sh\necho "uv $1 $2" >> uv.log\nexit 9\n')
    result = machine.make("demo")
    assert "lacks its venv module" not in result.stderr
    assert (machine.project / "uv.log").read_text("utf-8") == "uv venv --quiet\n"


def test_make_alone_lists_what_can_be_made(machine: Machine) -> None:
    result = machine.make()
    assert result.returncode == 0
    for target in ("demo", "install", "test", "check", "bench"):
        assert f"make {target} " in result.stdout
    assert machine.files() == machine.before


def test_arguments_are_passed_on_and_a_second_run_installs_nothing(machine: Machine) -> None:
    """A set-up that is there already: only stamps newer than what they were made from."""
    commands = machine.project / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "heron").write_text('#!/bin/sh\necho "heron $*"\n', "utf-8")
    (commands / "heron").chmod(0o755)
    (machine.project / ".venv" / ".heron-runtime").touch()
    result = machine.make("demo", "ARGS=--exit --json")
    assert result.stdout == "heron demo --exit --json\n"
    assert result.stderr == ""
