"""Environment and `.env` → one frozen `Settings`, or an error that names the variable, the place and the cure.

Nothing is read at import.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.shipped import shipped_folder

DOTENV = ".env"
_LARGEST_ID = 2**63 - 1  # Discord's ids are 64-bit, and a database column is signed
_MOST_DAYS = 36_500
_MOST_ANSWERS = 10_000
_DATABASES = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingProblem:
    variable: str
    message: str
    where: str
    cure: str

    def __str__(self) -> str:
        cure = self.cure.replace("\n", "\n         ")
        return f"{self.variable} {self.message}\n  where: {self.where}\n  cure:  {cure}"


class SettingsError(Exception):
    """Settings with which Heron cannot run; its text is written for the person who operates it."""

    def __init__(self, *problems: SettingProblem) -> None:
        super().__init__("\n\n".join(str(problem) for problem in problems))
        self.problems = problems


def _read_ids(value: object) -> object:
    """Ids as people write them: `1`, `1,2`, `1, 2,` or nothing; each once, in the order given."""
    if not isinstance(value, str):
        return value
    pieces = [piece.strip() for piece in value.split(",")]
    return tuple(dict.fromkeys(_read_id(piece) for piece in pieces if piece))


def _read_id(value: object) -> int:
    if isinstance(value, int):
        return value
    text = str(value).strip()
    # A token pasted into the wrong line must not end up in a log, so only the beginning is shown.
    shown = text if len(text) <= 20 else f"{text[:6]}…"
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= _LARGEST_ID:
        raise ValueError(f"has “{shown}” where an id of Discord belongs")
    return int(text)


def _read_days(value: object) -> object:
    if isinstance(value, str) and not (value.isascii() and value.isdecimal() and int(value) <= _MOST_DAYS):
        raise ValueError(f"is no number of days from 0 to {_MOST_DAYS}")
    return value


def _read_answers(value: object) -> object:
    if isinstance(value, str) and not (value.isascii() and value.isdecimal() and int(value) <= _MOST_ANSWERS):
        raise ValueError(f"is no number of answers from 0 to {_MOST_ANSWERS}")
    return value


def _read_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("is no address")
    return value.rstrip("/")


def _read_database(value: str) -> str:
    if not value.startswith(_DATABASES):  # never shown: it may hold a password
        raise ValueError("names a database or driver that Heron does not speak to")
    return value


def _read_folder(value: str) -> Path:
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise ValueError("is not a folder")
    return folder


Ids = Annotated[tuple[int, ...], BeforeValidator(_read_ids)]
Id = Annotated[int, BeforeValidator(_read_id)]
Address = Annotated[str, BeforeValidator(_read_address)]


class Settings(BaseModel):
    """What an operator may set; docs/settings.md describes each variable, .env.example lists them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    discord_token: SecretStr | None = Field(None, alias="DISCORD_TOKEN")
    forum_channel_ids: Ids = Field((), alias="FORUM_CHANNEL_IDS")
    moderator_role_ids: Ids = Field((), alias="MODERATOR_ROLE_IDS")
    helper_role_ids: Ids = Field((), alias="HELPER_ROLE_IDS")
    moderator_channel_id: Id | None = Field(None, alias="MODERATOR_CHANNEL_ID")
    database_url: Annotated[str, BeforeValidator(_read_database)] = Field(
        "sqlite+aiosqlite:///var/heron.db", alias="DATABASE_URL"
    )
    retention_days: Annotated[int, BeforeValidator(_read_days)] = Field(90, alias="RETENTION_DAYS")
    answers_per_hour: Annotated[int, BeforeValidator(_read_answers)] = Field(20, alias="ANSWERS_PER_HOUR")
    templates_dir: Annotated[Path, BeforeValidator(_read_folder)] = Field(
        default_factory=lambda: shipped_folder("templates"), alias="TEMPLATES_DIR"
    )
    discord_api_url: Address | None = Field(None, alias="DISCORD_API_URL")
    service_api_url: Address | None = Field(None, alias="OPENROUTER_API_URL")

    def required_token(self) -> str:
        if self.discord_token is None:
            raise SettingsError(_MISSING_TOKEN)
        return self.discord_token.get_secret_value()


VARIABLES = tuple(str(field.alias) for field in Settings.model_fields.values())

_SOURCES = f"the environment, then {DOTENV} in the working directory"

_MISSING_TOKEN = SettingProblem(
    variable="DISCORD_TOKEN",
    message="is not set, and without it Heron cannot log in to Discord.",
    where=_SOURCES,
    cure=(
        "Discord developer portal (https://discord.com/developers/applications) → your application → Bot → "
        f"Reset Token; write it to {DOTENV} as DISCORD_TOKEN=…\n"
        "On the same page switch on Message Content Intent: without it Discord delivers every post with an empty text, "
        "and there is nothing to read.\n"
        "To see Heron at work without any account: heron demo"
    ),
)

_COPY_IDS = "in Discord: User Settings → Advanced → Developer Mode, then right-click the {thing} → Copy ID"
_CURES = {
    "FORUM_CHANNEL_IDS": _COPY_IDS.format(thing="forum") + "; several with commas between them",
    "MODERATOR_ROLE_IDS": _COPY_IDS.format(thing="role (Server Settings → Roles)")
    + "; several with commas between them",
    "HELPER_ROLE_IDS": _COPY_IDS.format(thing="role (Server Settings → Roles)") + "; several with commas between them",
    "MODERATOR_CHANNEL_ID": _COPY_IDS.format(thing="moderators' channel") + "; exactly one",
    "DATABASE_URL": "begin with " + " or ".join(_DATABASES) + ", or leave it out for SQLite under var/",
    "RETENTION_DAYS": "a whole number of days, 0 to keep the words of messages for ever, or leave it out for 90",
    "ANSWERS_PER_HOUR": "a whole number of answers to one person, 0 for no limit, or leave it out for 20",
    "TEMPLATES_DIR": "name a folder laid out like the templates/ that comes with Heron, or leave it out for that one",
    "DISCORD_API_URL": "a full address such as http://127.0.0.1:8080/api/v10, or leave it out for the real Discord",
    "OPENROUTER_API_URL": "a full address that begins with https://, or leave it out for the real one",
}


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the environment over `.env`, or `env` alone when it is given. An empty value counts as not set."""
    from_file: Mapping[str, str] = {}
    if env is None:
        env = os.environ
        from_file = {name: value for name, value in dotenv_values(DOTENV).items() if value is not None}
    given = {name: value for name in VARIABLES if (value := (env.get(name) or from_file.get(name) or "").strip())}
    problems = list(_misspelt(from_file))
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        problems += _problems(error, env)
    if problems:
        raise SettingsError(*problems)
    return settings


def _problems(error: ValidationError, env: Mapping[str, str]) -> Iterator[SettingProblem]:
    for detail in error.errors(include_input=False, include_url=False):
        variable = str(detail["loc"][0])
        yield SettingProblem(
            variable=variable,
            message=detail["msg"].removeprefix("Value error, ") + ".",
            where="the environment" if env.get(variable) else f"{DOTENV} in the working directory",
            cure=_CURES[variable],
        )


def _misspelt(from_file: Mapping[str, str]) -> Iterator[SettingProblem]:
    """A near miss in `.env` would be ignored in silence. Names unlike any of ours are other programs' affair."""
    for name in from_file:
        if name not in VARIABLES and (meant := difflib.get_close_matches(name.upper(), VARIABLES, n=1, cutoff=0.85)):
            yield SettingProblem(
                variable=name,
                message="is no setting of Heron.",
                where=f"{DOTENV} in the working directory",
                cure=f"did you mean {meant[0]}?",
            )
