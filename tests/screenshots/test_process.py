"""The process that reads pictures, seen from its parent: bounded, replaced when it breaks, and gone when idle."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.screenshots.child import MAX_DATA
from bot.screenshots.frames import MAX_FRAME
from bot.screenshots.process import Bounds, NotRead, ReadingProcess
from tests.screenshots.children import DIES, ECHO, FLOODS, HANGS, NEVER_READY, RAVES, REFUSES, child

Start = Callable[..., ReadingProcess]


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Start]:
    started: list[ReadingProcess] = []

    def begin(program: str, **bounds: float) -> ReadingProcess:
        process = ReadingProcess(Bounds(**bounds), command=lambda: child(program))  # type: ignore[arg-type]
        started.append(process)
        return process

    yield begin
    for process in started:
        await process.stop()


def is_alive(pid: int | None) -> bool:
    return pid is not None and Path(f"/proc/{pid}").exists()


async def test_pictures_are_read_one_after_the_other_by_one_process(start: Start) -> None:
    process = start(ECHO)
    read = await asyncio.gather(*(process.read(f"line {n}".encode()) for n in range(5)))
    assert read == [(f"line {n}",) for n in range(5)]
    pid = process.pid
    await process.read(b"more")
    assert process.pid == pid


async def test_nothing_runs_before_there_is_something_to_read(start: Start) -> None:
    assert start(ECHO).pid is None


async def test_what_is_no_picture_is_refused_and_the_process_stays(start: Start) -> None:
    process = start(REFUSES)
    with pytest.raises(NotRead, match="no picture"):
        await process.read(b"text")
    assert is_alive(process.pid)


@pytest.mark.parametrize(
    ("program", "bounds"),
    [
        (HANGS, {"picture_s": 0.2}),
        (NEVER_READY, {"start_s": 0.2}),
        (DIES, {}),
        (RAVES, {}),
        (FLOODS, {}),
    ],
    ids=["hangs", "is never ready", "dies", "raves", "floods"],
)
async def test_a_process_that_misbehaves_is_ended(start: Start, program: str, bounds: dict[str, float]) -> None:
    process = start(program, **bounds)
    with pytest.raises(NotRead, match="the reading process failed"):
        await process.read(b"picture")
    assert process.pid is None


async def test_after_a_failure_the_next_picture_gets_a_new_process(start: Start, tmp_path: Path) -> None:
    flag = tmp_path / "failed once"
    once = (
        f"p = __import__('pathlib').Path({str(flag)!r})\nif not p.exists():\n  p.touch()\n  raise SystemExit(1)\n{ECHO}"
    )
    process = start(once)
    with pytest.raises(NotRead):
        await process.read(b"first")
    assert await process.read(b"second") == ("second",)


async def test_whoever_stops_waiting_leaves_no_half_read_picture(start: Start) -> None:
    process = start(HANGS)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await process.read(b"picture")
    assert process.pid is None


async def test_it_is_gone_when_it_was_idle_long_enough(start: Start) -> None:
    process = start(ECHO, idle_s=0.0)
    await process.read(b"picture")
    assert process.pid is not None
    ended = asyncio.Event()
    handle = os.pidfd_open(process.pid)
    asyncio.get_running_loop().add_reader(handle, ended.set)
    try:
        async with asyncio.timeout(5):
            await ended.wait()
    finally:
        asyncio.get_running_loop().remove_reader(handle)
        os.close(handle)
    assert process.pid is None


async def test_it_is_replaced_after_so_many_pictures(start: Start) -> None:
    process = start(ECHO, pictures=2)
    await process.read(b"first")
    pid = process.pid
    await process.read(b"second")
    assert (process.pid, is_alive(pid)) == (None, False)
    assert await process.read(b"third") == ("third",)


async def test_a_file_beyond_all_bounds_is_not_even_handed_over(start: Start) -> None:
    process = start(ECHO)
    with pytest.raises(NotRead, match="too large"):
        await process.read(b"x" * (MAX_FRAME + 1))
    assert process.pid is None


async def test_its_memory_has_a_limit(start: Start) -> None:
    greedy = ECHO.replace("data = take()", "data = take(); kept = bytearray(int(data))")
    process = start(f"from bot.screenshots.child import bound\nbound()\n{greedy}")
    assert await process.read(b"1000") == ("1000",)
    with pytest.raises(NotRead):
        await process.read(str(MAX_DATA).encode())


async def test_it_writes_no_file(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "file"
    writes = ECHO.replace("data = take()", "data = take(); open(data, 'wb', buffering=0).write(b'x')")
    process = start(f"from bot.screenshots.child import bound\nbound()\n{writes}")
    with pytest.raises(NotRead):
        await process.read(str(path).encode())
    assert path.stat().st_size == 0


async def test_it_gets_no_secret_of_the_environment(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "FAKE-token")
    tells = ECHO.replace("[data.decode()]", "[','.join(sorted(__import__('os').environ))]")
    (names,) = await start(tells).read(b"x")
    assert "DISCORD_TOKEN" not in names
    assert "PATH" in names
    assert os.environ["DISCORD_TOKEN"]
