from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.cli.conftest import Ran
from tests.garden.community import write_garden

Shed = Callable[..., Ran]


@pytest.fixture(scope="session")
def allotment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with Beetkeeper's templates; what is learnt stays in it between tests."""
    folder = tmp_path_factory.mktemp("allotment")
    write_garden(folder)
    return folder


@pytest.fixture
def shed(allotment: Path, monkeypatch: pytest.MonkeyPatch) -> Shed:
    """Runs a command as Beetkeeper's people would: `shed("diagnose", "-", given=…)`."""
    monkeypatch.chdir(allotment)
    monkeypatch.setenv("TEMPLATES_DIR", str(allotment / "templates"))

    def run(*arguments: str, given: str = "") -> Ran:
        result = CliRunner().invoke(app, arguments, input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run
