"""What pages name as proof exists: files of code, files and folders of tests, tests by name; and promises name some."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Each makes promises, so each says which tests hold them.
PAGES = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
TESTS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))
#: Between back-ticks, or where a link leads.
NAMED = re.compile(r"`([^`\n]+)`|\]\(([^)#\s]+)\)")
#: The head of a table of which every row is a promise.
OF_PROMISES = re.compile(r"\| (?:held by|shown by) \|$")
#: What only comes to be when Heron runs, or when a wheel is made of it.
MADE = {"var/", "var/cache/", "bot/shipped_files/"}


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def named(text: str) -> set[str]:
    return {one or other for one, other in NAMED.findall(text)}


def promises(text: str) -> Iterator[str]:
    """The rows of such tables."""
    is_inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            is_inside = False
        elif OF_PROMISES.search(line):
            is_inside = True
        elif is_inside and not line.startswith("|---"):
            yield line


def proofs_in(text: str) -> set[str]:
    return {name for name in named(text) if name.startswith(("tests/", "test_"))}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_tests_and_every_file_and_folder_of_code_that_it_names_exists(page: str) -> None:
    names = named(text_of(page))
    assert any(name.startswith("tests/") for name in names)
    files = {name for name in names if re.fullmatch(r"(tests|bot)/[\w./-]+|\w[\w./-]*(\.py|/)", name)} - MADE
    at_home = (ROOT, ROOT / "bot", ROOT / "docs")
    assert sorted(name for name in files if not any((root / name).exists() for root in at_home)) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_by_name_exists(page: str) -> None:
    tests = {name for name in named(text_of(page)) if name.startswith("test_")}
    assert sorted(name for name in tests if f"def {name}(" not in TESTS) == []


@pytest.mark.parametrize("page", [page for page in PAGES if any(promises(text_of(page)))])
def test_every_promise_of_a_table_names_a_test(page: str) -> None:
    assert [row for row in promises(text_of(page)) if not proofs_in(row) and not row.endswith("| the same |")] == []


def test_a_promise_without_a_test_is_found() -> None:
    table = "| it says | held by |\n|---|---|\n| a | `tests/b.py` |\n| c | nobody |\n\n| d | e |\n"
    rows = list(promises(table))
    assert len(rows) == 2
    assert [bool(proofs_in(row)) for row in rows] == [True, False]
