"""The settings, the form to copy and the page that describes them name the same variables."""

import re
from pathlib import Path

from bot.settings import VARIABLES, Settings, load_settings

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


def test_the_page_states_the_default_of_each() -> None:
    """A dash is required, and what has no value to show is told in words."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| ([^|]+) \|", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE
    )
    settings = load_settings({})
    told = {"DISCORD_TOKEN": "–", "DISCORD_API_URL": "the real Discord", "OPENROUTER_API_URL": "the real one"}
    told["TEMPLATES_DIR"] = "the folder that comes with Heron"
    for field, info in Settings.model_fields.items():
        value = getattr(settings, field)
        expected = "none" if value in ((), None) else f"`{value}`"
        assert dict(rows)[str(info.alias)] == told.get(str(info.alias), expected), info.alias


def test_every_setting_is_read_by_somebody() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py") if path.name != "settings.py")
    unread = [name for name in Settings.model_fields if not re.search(rf"settings(?:\(\))?\.{name}\b", code)]
    assert unread == ["discord_token"]  # by `required_token`
    assert "settings.required_token()" in code
