"""What holds for every test: nothing reaches beyond this machine, CI skips nothing, property tests repeat exactly."""

import ipaddress
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.database_fixtures import (
    database_url,
    emptied_postgres,
    empty_database_url,
    postgres_server,
    postgres_template,
    sqlite_folder,
    sqlite_home,
    sqlite_template,
)
from tests.shipped_knowledge import Ready, share_what_is_learnt, shipped, take_along, working_directory

#: Fixtures of every package that needs a database; one throw-away server serves them all.
__all__ = [
    "database_url",
    "emptied_postgres",
    "empty_database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_folder",
    "sqlite_home",
    "sqlite_template",
]

IN_CI = os.environ.get("CI") == "true"

settings.register_profile("heron", deadline=None, derandomize=True, database=None)
settings.load_profile("heron")


@pytest.fixture(scope="session")
def ours() -> Ready:
    """The shipped knowledge base, learnt."""
    return shipped()


@pytest.fixture(scope="session")
def learnt() -> Path:
    """A working directory for processes that share one thing: what was learnt from the shipped templates."""
    return working_directory()


@pytest.fixture
def has_learnt(tmp_path: Path) -> None:
    """What was learnt from the shipped templates lies in the test's own folder too."""
    take_along(tmp_path)


#: Each takes many seconds. Begun first, so that at the end no worker is left alone with one of them.
LONG = (
    "authoring/test_articles_page.py",
    "crashes/test_kills.py",
    "screenshots/test_engine.py",
    "end_to_end/test_database_trouble.py",
    "end_to_end/test_processes.py",
    "end_to_end/test_seed_pictures.py",
    "end_to_end/test_standby.py",
    "end_to_end/test_start.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


def pytest_configure(config: pytest.Config) -> None:
    share_what_is_learnt(config.add_cleanup)


class OutsideNetworkError(RuntimeError):
    """No OSError, or the code under test would take it for a network that is down and go on."""


def is_on_this_machine(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_outside(event: str, args: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None  # anything else is a path in the file system
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if not is_on_this_machine(host):
        raise OutsideNetworkError(f"a test may not reach {host!r}: only this machine")


# An audit hook sees every socket, also those that a library opens in C, and nothing can take it away again.
sys.addaudithook(refuse_outside)


def skipped_in_ci(report: pytest.TestReport | pytest.CollectReport) -> bool:
    return IN_CI and report.skipped and not hasattr(report, "wasxfail")


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    where_and_why = report.longrepr
    return str(where_and_why[-1] if isinstance(where_and_why, tuple) else where_and_why).removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if skipped_in_ci(report):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {reason_of(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if skipped_in_ci(report):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {reason_of(report)}"
    return report
