"""What the pages say is there is there: files, links, commands; and the commands of the README run."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGES = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md"), *PROJECT.glob("benchmarks/*.md")]
#: Where a path of the pages may begin: at the project's root, or in `bot/` as the table of rooms has it.
ROOTS = (PROJECT, PROJECT / "bot", PROJECT / "templates")
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|ya?ml|jsonl?|png|html|sh))`")
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)\s]*)?\)")
_MAKE = re.compile(r"\bmake ([a-z]+)\b(?=`|\s{2,}|$| ARGS)", re.MULTILINE)
_COMMAND = re.compile(r"`(?:\.venv/bin/)?heron ((?:db |kb )?[a-z]+)\b")
#: What only comes to be: when Heron runs, when thresholds are fitted, when a reader follows the page on articles.
MADE = {
    "var/sources.json",
    "templates/calibration.json",
    "templates/articles/office-proxy.md",
    "templates/examples/office-proxy.jsonl",
}


def told(pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for found in pattern.findall(page.read_text("utf-8")):
            yield page, found


def ids(values: list[tuple[Path, str]]) -> list[str]:
    return [f"{page.name}: {found}" for page, found in values]


FILES = sorted({(page, path) for page, path in told(_PATH) if path not in MADE})
LINKS = sorted(set(told(_LINK)))
TARGETS = sorted(set(told(_MAKE)))
COMMANDS = sorted({command for _, command in told(_COMMAND)})


def test_there_is_something_to_hold() -> None:
    assert min(len(FILES), len(LINKS), len(TARGETS), len(COMMANDS)) > 3


@pytest.mark.parametrize(("page", "path"), FILES, ids=ids(FILES))
def test_a_file_that_a_page_names_is_there(page: Path, path: str) -> None:
    assert any((root / path).exists() for root in (*ROOTS, page.parent)), f"{page.name} names {path}"


@pytest.mark.parametrize(("page", "path"), LINKS, ids=ids(LINKS))
def test_a_link_of_a_page_leads_somewhere(page: Path, path: str) -> None:
    assert (page.parent / path).exists(), f"{page.name} links to {path}"


@pytest.mark.parametrize(("page", "target"), TARGETS, ids=ids(TARGETS))
def test_what_a_page_makes_can_be_made(page: Path, target: str) -> None:
    assert f"\n{target}:" in (PROJECT / "Makefile").read_text("utf-8"), f"{page.name} says make {target}"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_a_page_names_is_there(command: str) -> None:
    ran = heron(*command.split(), "--help")
    assert ran.returncode == 0, f"no such command as heron {command}: {ran.stderr}"


def heron(*arguments: str, given: str = "", folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=120,
        check=False,
    )


def commands_of_the_readme() -> list[str]:
    blocks = re.findall(r"^    (.+)$", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE)
    return [line.partition("   #")[0].strip() for line in blocks]


def test_the_readme_shows_these_commands_and_no_other() -> None:
    """Each is run by a test below; the demo that stays, with its page, in tests/end_to_end/test_processes.py."""
    demo, played, diagnosed = commands_of_the_readme()
    assert (demo, played) == ("make demo", 'make demo ARGS="--exit"')
    assert re.fullmatch(r"echo '\{.+\}' \| \.venv/bin/heron diagnose -", diagnosed)


def measured(page: str) -> set[str]:
    """The last cell of every row below the headline *Figures*."""
    chapter = (PROJECT / page).read_text("utf-8").partition("\n## Figures\n")[2].partition("\n## ")[0]
    return set(re.findall(r"\| ([^|\n]*\d[^|\n]*) \|$", chapter, re.MULTILINE))


def test_the_figures_of_the_readme_are_those_of_the_benchmarks() -> None:
    shown = measured("README.md")
    assert len(shown) > 3
    assert shown - measured("benchmarks/README.md") == set()


def test_the_demo_of_the_readme_plays_and_ends() -> None:
    stamp = f"{sys.prefix}/.heron-runtime"
    make = ["make", "--no-print-directory", f"VENV={sys.prefix}"]
    if subprocess.run([*make, "--question", stamp], cwd=PROJECT, capture_output=True, check=False).returncode:
        pytest.skip("the environment was not set up by make, or is older than pyproject.toml")
    played = subprocess.run(
        [*make, "demo", "ARGS=--exit"], cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False
    )
    assert played.returncode == 0, played.stderr
    assert "events played" in played.stdout


def test_the_post_of_the_readme_is_diagnosed() -> None:
    post = commands_of_the_readme()[2].split("'")[1]
    ran = heron("diagnose", "-", given=post + "\n")
    assert ran.returncode == 0, ran.stderr
    assert "429" in ran.stdout


def test_running_without_a_token_says_where_to_get_one(tmp_path: Path) -> None:
    ran = heron("run", folder=tmp_path)
    assert ran.returncode == 2
    assert "DISCORD_TOKEN" in ran.stderr
