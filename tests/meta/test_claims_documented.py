"""What the pages about security and privacy name as proof exists: files of code, files of tests, tests by name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("security.md", "privacy.md")
TESTS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))


def named(page: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", (ROOT / "docs" / page).read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    files = {name for name in named(page) if re.fullmatch(r"[\w./-]+(\.py|/)", name) or name.startswith("tests/")}
    assert files
    missing = [name for name in files if not (ROOT / name).exists() and not (ROOT / "bot" / name).exists()]
    assert sorted(set(missing) - {"var/cache/", "templates/"}) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_by_name_exists(page: str) -> None:
    tests = {name for name in named(page) if name.startswith("test_")}
    assert [name for name in tests if f"def {name}(" not in TESTS] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_row_of_security_names_a_test(page: str) -> None:
    rows = re.findall(
        r"^\| (?!-)(?!they try|it tries|what)(.*) \|$", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE
    )
    if page == "security.md":
        unproved = [row for row in rows if "test" not in row and "the same" not in row]
        assert rows
        assert unproved == []
