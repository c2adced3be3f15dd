import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.tiny_knowledge import write_tiny_templates


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Heron = Callable[..., Ran]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with the tiny community's templates; what is learnt stays in it between tests."""
    folder = tmp_path_factory.mktemp("desk")
    write_tiny_templates(folder)
    return folder


@pytest.fixture
def heron(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Heron:
    """Runs a command in this process: `heron("diagnose", "-", given=…)`."""
    monkeypatch.chdir(desk)
    monkeypatch.setenv("TEMPLATES_DIR", str(desk / "templates"))

    def run(*arguments: str, given: str | bytes = "", env: Mapping[str, str] | None = None) -> Ran:
        result = CliRunner().invoke(app, arguments, input=given, env=env)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


def lines(*objects: object) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)
