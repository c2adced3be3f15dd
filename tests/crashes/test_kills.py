"""Kills at fixed points: afterwards each post has exactly one answer, and what happened meanwhile is applied."""

import asyncio
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.crashes.points import Point
from tests.crashes.scene import ABOUT_DIM, ABOUT_WICK, Outcome, play
from tests.databases import PostgresServer
from tests.tiny_knowledge import write_tiny_templates


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[Point, Outcome]]:
    """All points at once: most of the time goes by while processes start and connections are made."""
    folder = tmp_path_factory.mktemp("crashes")
    templates = write_tiny_templates(folder)
    with ExitStack() as stack:
        urls = [_database(request, stack) for _ in Point]

        async def all_of_them() -> list[Outcome]:
            scenes = (play(point, url, folder, templates) for point, url in zip(Point, urls, strict=True))
            return await asyncio.gather(*scenes)

        yield dict(zip(Point, asyncio.run(all_of_them()), strict=True))


def _database(request: pytest.FixtureRequest, stack: ExitStack) -> str:
    """Each point has its own, with tables and nothing in them."""
    if request.param == "sqlite":
        home: Path = request.getfixturevalue("sqlite_home")
        file = Path(mkdtemp(dir=home)) / "heron.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite+aiosqlite:///{file}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = stack.enter_context(server.database(template=request.getfixturevalue("postgres_template")))
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


@pytest.mark.parametrize("point", list(Point))
def test_after_a_kill_each_post_has_exactly_one_answer_and_edits_and_deletions_are_applied(
    outcomes: Mapping[Point, Outcome], point: Point
) -> None:
    outcome = outcomes[point]
    assert (outcome.killed_with, outcome.ended_with) == (-signal.SIGKILL, 0), outcome.log
    counts = {name: len(answers) for name, answers in outcome.answers.items()}
    assert counts == {"kept": 1, "edited": 1, "deleted": 0, "missed": 1}, outcome.log
    assert ABOUT_DIM in outcome.answers["kept"][0]
    assert ABOUT_WICK in outcome.answers["edited"][0]
    assert ABOUT_DIM in outcome.answers["missed"][0]
    assert (outcome.twice, outcome.unsettled) == ([], [])
