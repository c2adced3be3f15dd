"""What the commands share: how they read input, how they fail, and the knowledge that they need."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.replies.compile import Templates
    from bot.settings import Settings
    from bot.triage.view import View

#: Exit status of unusable input or settings; nothing was written before it.
UNUSABLE = 2

Source = Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON lines; - is the standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, as docs/contracts.md says.")]
At = Annotated[str | None, typer.Option("--at", metavar="ISO-TIME", help="The time that counts as now.")]


def failure(message: object) -> typer.Exit:
    """To be raised; the message is for the person at the terminal."""
    print(message, file=sys.stderr)
    return typer.Exit(UNUSABLE)


def read_source(source: str) -> tuple[str, str]:
    """The text, and what to call it in an error."""
    if source == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace"), "standard input"
    try:
        return Path(source).read_bytes().decode("utf-8", "replace"), source
    except OSError as error:
        cure = "name a file of JSON lines, or - for the standard input"
        raise failure(f"{source}: {error.strerror or error}; {cure}") from None


def read_time(at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise failure(f"--at {at}: not a time; write it like 2026-11-24T12:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_settings() -> "Settings":
    from bot.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        raise failure(error) from None


@dataclass(frozen=True, slots=True)
class Expert:
    view: "View"
    templates: "Templates"


def expert(at: str | None, templates_dir: Path | None = None) -> Expert:
    """Knowledge, text model and time, ready to judge posts without Discord; the settings' templates, or others."""
    from bot.expertise import expertise
    from bot.knowledge.source import KnowledgeError
    from bot.triage.view import Policy, View

    now = read_time(at)
    try:
        knowledge, templates = expertise(templates_dir or read_settings().templates_dir)
    except KnowledgeError as error:
        raise failure(error) from None
    policy = Policy.of(knowledge.base.calibration)
    return Expert(View(now=now, knowledge=knowledge, policy=policy), templates)


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))
