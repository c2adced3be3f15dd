"""The settings, the form to copy and the page that describes them name the same variables."""

import re
from pathlib import Path

from bot.settings import VARIABLES, load_settings

ROOT = Path(__file__).parents[2]


def test_the_form_to_copy_lists_every_setting_in_order_and_nothing_else() -> None:
    form = (ROOT / ".env.example").read_text("utf-8")
    assert tuple(re.findall(r"^([A-Z_]+)=", form, re.MULTILINE)) == VARIABLES


def test_the_form_to_copy_holds_no_values() -> None:
    form = (ROOT / ".env.example").read_text("utf-8")
    assert not re.findall(r"^[A-Z_]+=.+", form, re.MULTILINE)


def test_the_page_describes_every_setting_in_order_and_nothing_else() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == VARIABLES


def test_the_page_states_the_default_database() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert f"| `DATABASE_URL` | `{load_settings({}).database_url}` |" in page
