"""The parent's side of the process that reads pictures: started when there is something to read, gone when idle."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.screenshots.frames import MAX_FRAME, framed

log = logging.getLogger(__name__)

#: An answer is one line: some thousand characters of text.
_MAX_ANSWER = 256 * 1024
_ROOT = Path(__file__).resolve().parents[2]


class NotRead(Exception):
    """The picture could not be read; its text says why, without anybody's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    start_s: float = 20.0
    picture_s: float = 12.0
    idle_s: float = 60.0
    pictures: int = 60  # of one process; what libraries leak goes with it


def command() -> Sequence[str]:
    return (sys.executable, "-m", "bot.screenshots.child")


class ReadingProcess:
    """One picture at a time. A process that breaks, hangs or grows is ended, and the next picture gets a new one."""

    def __init__(self, bounds: Bounds = Bounds(), *, command: Callable[[], Sequence[str]] = command) -> None:
        self._bounds = bounds
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._read = 0
        self._turn = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return self._process.pid if self._process is not None else None

    async def read(self, picture: bytes) -> tuple[str, ...]:
        """The lines of the picture; raises `NotRead`."""
        if len(picture) > MAX_FRAME:
            raise NotRead("the file is too large")
        async with self._turn:
            self._stay()
            try:
                answer = await self._ask(picture)
            except (TimeoutError, OSError, ValueError) as error:
                await self._end()
                raise NotRead(f"the reading process failed: {type(error).__name__}") from None
            except BaseException:  # cancelled: half a picture is on its way
                await self._end()
                raise
            self._read += 1
            if self._read >= self._bounds.pictures:
                await self._end()
            else:
                self._idle = asyncio.get_running_loop().call_later(self._bounds.idle_s, self._end_idle)
        if "error" in answer:
            raise NotRead(str(answer["error"]))
        lines = answer.get("lines")
        return tuple(str(line) for line in lines) if isinstance(lines, list) else ()

    async def stop(self) -> None:
        async with self._turn:
            self._stay()
            await self._end()

    async def _ask(self, picture: bytes) -> dict[str, object]:
        process = self._process
        if process is None or process.returncode is not None:
            async with asyncio.timeout(self._bounds.start_s):
                self._process = process = await self._started()
                await _answer(process)
        assert process.stdin is not None
        async with asyncio.timeout(self._bounds.picture_s):
            process.stdin.write(framed(picture))
            await process.stdin.drain()
            return await _answer(process)

    async def _started(self) -> asyncio.subprocess.Process:
        self._read = 0
        return await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=_ROOT,
            env=_environment(),
            limit=_MAX_ANSWER,
            start_new_session=True,  # Ctrl-C at the terminal is the parent's affair
        )

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    def _stay(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _end_idle(self) -> None:
        task = asyncio.get_running_loop().create_task(self._end_if_idle())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end_if_idle(self) -> None:
        if not self._turn.locked():
            async with self._turn:
                await self._end()


def _environment() -> dict[str, str]:
    """No token, no address of a database: what reads strangers' pictures needs none of them."""
    passed = {name: value for name in ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR") if (value := os.environ.get(name))}
    return {**passed, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


async def _answer(process: asyncio.subprocess.Process) -> dict[str, object]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    answer = json.loads(line)  # an empty line, of a process that ended, is no JSON
    if not isinstance(answer, dict):
        raise ValueError("no object")
    return answer
