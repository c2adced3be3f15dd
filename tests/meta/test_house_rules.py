"""Rules of the house that no linter knows: sizes, words, fakes, and what may happen while a module is imported."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE_FOLDERS = ("bot", "tests", "benchmarks", "migrations")

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
REASON = re.compile(r"# size: \w+")  # beside the `def`, or in the first ten lines of a file: why it has to be longer

SERVICE = re.compile("openrouter", re.IGNORECASE)
#: The room's own name where the whole is built, and the one variable of the environment that bears the service's name.
LAWFUL_NAMES = {"bot/app/senses.py": ("bot.openrouter",), "bot/settings.py": ('"OPENROUTER_API_URL"',)}

#: Paths of somebody's machine and hosts of package indexes; written in pieces, or this file would break its own rule.
FOREIGN = re.compile(
    r"(?<![\w.}~/-])/(?:root|work|Users|home/(?!heron\b))/|"
    + "|".join(re.escape(host + dot) for host, dot in (("pypi", ".org"), ("pythonhosted", ".org"), ("npmjs", ".org")))
)
UNSPECIFIC = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock"}


@cache
def committed_files() -> tuple[Path, ...]:
    """What git has or would take; a copy without git is taken whole, except for what tools leave behind."""
    git = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if git.returncode == 0:
        found = [ROOT / name for name in git.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not re.search(r"/(\.(?!ci|env\.)|var/|__pycache__)", f"/{path}")]
    return tuple(sorted(path for path in found if path.is_file()))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_files() -> list[Path]:
    return [path for path in committed_files() if path.suffix == ".py" and named(path).split("/")[0] in CODE_FOLDERS]


def texts() -> Iterator[tuple[str, str]]:
    for path in committed_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield named(path), content.decode()


def overlong(name: str, source: str) -> Iterator[str]:
    lines = source.splitlines()
    if len(lines) > MOST_LINES_OF_A_FILE and not any(REASON.search(line) for line in lines[:10]):
        yield f"{name}: {len(lines)} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            beside = lines[max(0, node.lineno - 2) : node.lineno]
            if length > MOST_LINES_OF_A_FUNCTION and not any(REASON.search(line) for line in beside):
                yield f"{name}:{node.lineno}: {node.name} has {length} lines"


def bare_mocks(name: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in UNSPECIFIC and not {"spec", "spec_set"} & {keyword.arg for keyword in node.keywords}:
                yield f"{name}:{node.lineno}: {called}() agrees to everything; write a fake or give it a spec"


def sleeps(name: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "sleep":
            is_a_turn = any(isinstance(arg, ast.Constant) and arg.value == 0 for arg in node.args)
            if isinstance(node.func.value, ast.Name) and node.func.value.id in ("time", "asyncio") and not is_a_turn:
                yield f"{name}:{node.lineno}: a test that sleeps"


def test_files_and_functions_stay_small() -> None:
    assert [found for path in code_files() for found in overlong(named(path), path.read_text("utf-8"))] == []


def test_an_overlong_function_is_found_unless_a_reason_stands_beside_it() -> None:
    function = "def long():\n" + "    pass\n" * MOST_LINES_OF_A_FUNCTION
    assert list(overlong("a.py", function)) == ["a.py:1: long has 51 lines"]
    assert list(overlong("a.py", f"# size: one table of cases\n{function}")) == []
    assert list(overlong("a.py", "x = 1\n" * 401)) == ["a.py: 401 lines"]


def test_code_outside_its_room_does_not_name_the_service() -> None:
    found = []
    for name, text in texts():
        if name.startswith("bot/") and not name.startswith("bot/openrouter/"):
            for lawful in LAWFUL_NAMES.get(name, ()):
                text = text.replace(lawful, "")
            found += [f"{name}:{number}" for number, line in enumerate(text.splitlines(), 1) if SERVICE.search(line)]
    assert found == []


def test_tests_use_no_mock_that_agrees_to_everything() -> None:
    assert [found for path in code_files() for found in bare_mocks(named(path), path.read_text("utf-8"))] == []


def test_a_bare_mock_is_found() -> None:
    assert len(list(bare_mocks("a.py", "m = Mock()\nn = mock.AsyncMock(return_value=1)\no = Mock(spec=str)"))) == 2


def test_no_test_sleeps() -> None:
    tests = [path for path in code_files() if named(path).startswith("tests/")]
    assert [found for path in tests for found in sleeps(named(path), path.read_text("utf-8"))] == []


def test_a_sleep_is_found_and_a_turn_of_the_loop_is_none() -> None:
    assert len(list(sleeps("a.py", "time.sleep(1)\nawait asyncio.sleep(0.1)\nawait asyncio.sleep(0)"))) == 2


def test_no_committed_file_names_a_machine_or_a_package_index() -> None:
    assert [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if FOREIGN.search(line)
    ] == []


@pytest.mark.parametrize("line", ["cd /root" + "/heron", "'/work" + "/x'", "https://pypi" + ".org/simple"])
def test_a_path_of_a_machine_is_found(line: str) -> None:
    assert FOREIGN.search(line)


WATCH_IMPORTS = """
import importlib, os, pathlib, pkgutil, sys

root = pathlib.Path.cwd()

def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        path = pathlib.Path(os.path.abspath(os.fsdecode(args[0])))
        is_ours = path.is_relative_to(root) and not path.is_relative_to(sys.prefix)
        if is_ours and ".py" not in path.name:  # in the name, for a .pyc that is being written bears a longer one
            print(f"{module}: opens {path.relative_to(root)}")
    elif event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "sqlite3.connect"):
        print(f"{module}: {event}")

module = "bot"
sys.addaudithook(watch)
import bot
modules = [found.name for found in pkgutil.walk_packages(bot.__path__, "bot.") if found.name != "bot.__main__"]
for module in modules:
    importlib.import_module(module)
print(len(modules), file=sys.stderr)
"""


def test_nothing_is_opened_while_a_module_is_imported() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WATCH_IMPORTS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    assert int(result.stderr.splitlines()[-1]) > 10
