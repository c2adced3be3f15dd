"""`heron kb sources` against pages on this machine that change, vanish, break, move and pour."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
import typer
from aiohttp import web
from typer.testing import CliRunner

from bot.cli.freshness import tell_of_sources
from tests.openrouter.service import Handler, Service, hangs, pours, refuses, sends, served
from tests.tiny_knowledge import write_tiny_templates

PAGE, OTHER = "/docs", "/oil"
LONG = "A thousand drops of oil a day. " * 20

Look = Callable[[str], tuple[int, str]]


@pytest.fixture
def service() -> Iterator[Service]:
    """Serves in a thread: the command has a loop of its own."""
    started, running = Event(), list[tuple[Service, asyncio.AbstractEventLoop, asyncio.Event]]()

    async def serve() -> None:
        async with served() as one:
            running.append((one, asyncio.get_running_loop(), stop := asyncio.Event()))
            started.set()
            await stop.wait()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(10)
    one, loop, stop = running[0]
    yield one
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


@pytest.fixture
def look(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """A look at the pages on that day: exit status and what was printed."""
    write_tiny_templates(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEMPLATES_DIR", str(tmp_path / "templates"))
    for path in (tmp_path / "templates").rglob("*.*"):
        if path.suffix in (".md", ".yaml"):
            text = path.read_text("utf-8").replace(
                "url: https://lantern.example.com/docs", f"url: {service.base}{PAGE}"
            )
            text = re.sub(r"source: https://[^,}\s]+", f"source: {service.base}{OTHER}", text)
            path.write_text(text, "utf-8")
    service.on(PAGE, page(LONG))
    service.on(OTHER, page(LONG))
    app = typer.Typer()

    @app.command()
    def sources(at: str) -> None:
        tell_of_sources(at, origins=[service.base], seconds=2.0)

    def run(day: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [day])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


def page(text: str) -> Handler:
    return sends(f"<html><body><p>{text}</p></body></html>".encode(), content_type="text/html")


def moves(to: str) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        raise web.HTTPMovedPermanently(to)

    return handle


def test_the_first_look_says_that_changes_are_seen_from_now_on_and_the_next_nothing(look: Look) -> None:
    status, out = look("2026-11-25")
    assert (status, "2 first look" in out, "only from the first look on this machine on" in out) == (0, True, True)
    assert look("2026-11-26") == (0, "2 pages: 2 unchanged\n")


def test_a_change_is_told_with_file_key_and_cure_until_it_was_checked(
    look: Look, service: Service, tmp_path: Path
) -> None:
    look("2026-11-25")
    service.on(PAGE, page(LONG + "And one more."))
    for day in ("2026-11-26", "2026-11-27"):
        status, out = look(day)
        assert status == 1
        assert f"changed  {service.base}{PAGE}: seen on 2026-11-26" in out
        assert "articles/upstream-dim.md `sources`" in out
        assert "set `checked` to that day" in out
    for path in (tmp_path / "templates" / "articles").glob("*.md"):
        path.write_text(path.read_text("utf-8").replace("checked: 2026-11-24", "checked: 2026-11-27"), "utf-8")
    assert look("2026-11-28")[0] == 0
    assert look("2026-11-29")[0] == 0


def test_an_error_page_that_claims_to_be_fine_is_told_and_forgotten_once_the_page_is_back(
    look: Look, service: Service
) -> None:
    look("2026-11-25")
    service.on(PAGE, page("Something went wrong. " * 30))
    assert look("2026-11-26")[0] == 1
    service.on(PAGE, page(LONG))
    assert look("2026-11-27") == (0, "2 pages: 2 unchanged\n")


def test_a_page_with_hardly_a_word_is_told(look: Look, service: Service) -> None:
    service.on(PAGE, page("Loading"))
    status, out = look("2026-11-25")
    assert (status, "too little text" in out, "7 characters" in out) == (1, True, True)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refuses(404), "status 404"),
        (refuses(500), "status 500"),
        (moves("https://example.com/new"), "status 301, it moved to 'https://example.com/new'"),
        (pours(10), "it is too large"),
        (sends(b"x" * 10 * 1024 * 1024), "it is too large"),
    ],
    ids=["404", "500", "moved", "pours", "10 MB"],
)
def test_a_page_that_cannot_be_read_is_told_with_its_reason(
    look: Look, service: Service, answer: Handler, reason: str
) -> None:
    look("2026-11-25")
    service.on(PAGE, answer)
    status, out = look("2026-11-26")
    assert (status, f"unreachable  {service.base}{PAGE}: {reason}" in out) == (1, True)
    service.on(PAGE, page(LONG))
    assert look("2026-11-27") == (0, "2 pages: 2 unchanged\n")


def test_a_page_that_never_answers_is_given_up(look: Look, service: Service) -> None:
    service.on(PAGE, hangs(service))
    status, out = look("2026-11-25")
    assert (status, "it takes too long" in out) == (1, True)


def test_nothing_reached_is_one_sentence(look: Look, service: Service) -> None:
    service.on(PAGE, refuses(500))
    service.on(OTHER, refuses(500))
    status, out = look("2026-11-25")
    assert (status, "none of 2 pages could be reached (status 500)" in out) == (2, True)
