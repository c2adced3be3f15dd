"""Environment → Settings, and what an operator reads when it does not work."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import VARIABLES, SettingProblem, SettingsError, load_settings

TOKEN = "FAKE.token.for-tests"


def problems_of(env: Mapping[str, str] | None) -> tuple[SettingProblem, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(env)
    return caught.value.problems


@pytest.fixture
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = load_settings({})
    assert settings.discord_token is None
    assert settings.forum_channel_ids == ()
    assert settings.moderator_channel_id is None
    assert settings.database_url == "sqlite+aiosqlite:///var/heron.db"
    assert settings.retention_days == 90
    assert settings.templates_dir.is_dir()
    assert settings.discord_api_url is None
    assert settings.service_api_url is None


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ()),
        ("  ", ()),
        ("1", (1,)),
        ("1,2", (1, 2)),
        (" 1 , 2, ", (1, 2)),
        (",", ()),
        ("2,1,2", (2, 1)),
        ("1099511627776000001", (1099511627776000001,)),
    ],
)
def test_ids_are_read_as_people_write_them(text: str, ids: tuple[int, ...]) -> None:
    settings = load_settings({"FORUM_CHANNEL_IDS": text, "MODERATOR_ROLE_IDS": text, "HELPER_ROLE_IDS": text})
    assert settings.forum_channel_ids == ids
    assert settings.moderator_role_ids == ids
    assert settings.helper_role_ids == ids


@pytest.mark.parametrize("text", ["#help", "1;2", "-1", "0", "1.5", "²", "99999999999999999999"])
def test_what_is_no_id_is_named_with_the_cure(text: str) -> None:
    (problem,) = problems_of({"FORUM_CHANNEL_IDS": f"1,{text}"})
    assert problem.variable == "FORUM_CHANNEL_IDS"
    assert f"“{text}”" in problem.message
    assert "Copy ID" in problem.cure


def test_two_channels_are_too_many_for_the_moderators() -> None:
    (problem,) = problems_of({"MODERATOR_CHANNEL_ID": "1,2"})
    assert "exactly one" in problem.cure


def test_every_problem_is_told_at_once() -> None:
    found = problems_of(
        {"DATABASE_URL": "mysql://example.com", "DISCORD_API_URL": "example.com", "HELPER_ROLE_IDS": "x"}
    )
    assert {problem.variable for problem in found} == {"DATABASE_URL", "DISCORD_API_URL", "HELPER_ROLE_IDS"}


def test_a_token_in_the_wrong_line_is_not_printed() -> None:
    (problem,) = problems_of({"FORUM_CHANNEL_IDS": TOKEN + "-and-more"})
    assert TOKEN not in str(problem)


def test_a_password_in_the_database_address_is_not_printed() -> None:
    (problem,) = problems_of({"DATABASE_URL": "mysql://heron:FAKE-password@example.com/heron"})
    assert "FAKE-password" not in str(problem)
    assert "postgresql+asyncpg://" in problem.cure


def test_the_token_does_not_show_when_settings_are_printed() -> None:
    settings = load_settings({"DISCORD_TOKEN": TOKEN})
    assert settings.required_token() == TOKEN
    assert TOKEN not in repr(settings)


def test_a_missing_token_says_where_to_get_it_and_which_intent_to_switch_on() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"DISCORD_TOKEN": " "}).required_token()
    text = str(caught.value)
    assert text.startswith("DISCORD_TOKEN is not set")
    assert "Discord developer portal" in text
    assert "Reset Token" in text
    assert "Message Content Intent" in text


def test_a_templates_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (problem,) = problems_of({"TEMPLATES_DIR": str(tmp_path / "nowhere")})
    assert problem.variable == "TEMPLATES_DIR"


def test_addresses_lose_their_last_slash() -> None:
    settings = load_settings({"DISCORD_API_URL": "http://127.0.0.1:8080/api/v10/"})
    assert settings.discord_api_url == "http://127.0.0.1:8080/api/v10"


@pytest.mark.parametrize(("text", "days"), [("", 90), ("0", 0), ("7", 7), (" 30 ", 30)])
def test_how_long_words_are_kept_is_a_number_of_days(text: str, days: int) -> None:
    assert load_settings({"RETENTION_DAYS": text}).retention_days == days


@pytest.mark.parametrize("text", ["-1", "1.5", "90 days", "²", "99999"])
def test_what_is_no_number_of_days_is_named_with_the_cure(text: str) -> None:
    (problem,) = problems_of({"RETENTION_DAYS": text})
    assert problem.variable == "RETENTION_DAYS"
    assert "whole number" in problem.cure


def test_settings_cannot_be_changed() -> None:
    settings = load_settings({})
    with pytest.raises(ValidationError, match="frozen"):
        settings.database_url = "sqlite+aiosqlite:///other.db"  # type: ignore[misc]  # the very thing that is refused


def test_the_environment_wins_over_the_file(working_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_directory / ".env").write_text("FORUM_CHANNEL_IDS=1\nHELPER_ROLE_IDS=2 # two\n", "utf-8")
    monkeypatch.setenv("FORUM_CHANNEL_IDS", "3")
    settings = load_settings()
    assert settings.forum_channel_ids == (3,)
    assert settings.helper_role_ids == (2,)


def test_a_problem_says_which_of_the_two_it_stands_in(working_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_directory / ".env").write_text("FORUM_CHANNEL_IDS=x\n", "utf-8")
    monkeypatch.setenv("HELPER_ROLE_IDS", "y")
    where = {problem.variable: problem.where for problem in problems_of(None)}
    assert where == {"FORUM_CHANNEL_IDS": ".env in the working directory", "HELPER_ROLE_IDS": "the environment"}


def test_a_misspelt_name_in_the_file_is_no_silence(working_directory: Path) -> None:
    (working_directory / ".env").write_text("FORUM_CHANNEL_ID=1\nPOSTGRES_PASSWORD=FAKE\n", "utf-8")
    (problem,) = problems_of(None)
    assert problem.variable == "FORUM_CHANNEL_ID"
    assert problem.cure == "did you mean FORUM_CHANNEL_IDS?"
