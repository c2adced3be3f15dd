"""One `heron run` as a process of its own. Whatever happens to the storm, none of them outlives it."""

import asyncio
import ctypes
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
_DIE_WITH_PARENT = 1  # prctl's number for it

_SERVING = re.compile(r"event=serving shards=([\d,]+)/")
_STANDING_BY = re.compile(r'event="standing by"')


class Process:
    """`said` is called after each line of its log."""

    def __init__(self, arguments: tuple[str, ...], log: Path, said: Callable[[], None]) -> None:
        self.shards: tuple[int, ...] = ()  # that it serves, as it says itself
        self.stands_by = False
        self.was_killed = False
        self._arguments = arguments
        self._log = log
        self._said = said
        self._process: asyncio.subprocess.Process
        self._reading: asyncio.Task[None]

    async def start(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            *self._arguments,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment},
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        self._reading = asyncio.create_task(self._read())

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    def kill(self) -> None:
        """At once: nothing more is said or written."""
        self.was_killed = True
        if self.is_alive:
            self._process.send_signal(signal.SIGKILL)

    async def ended(self) -> int:
        status = await self._process.wait()
        await self._reading
        return status

    async def stop(self, *, patience_s: float) -> int:
        """Politely; the exit status, or that of a kill when it does not stop in time."""
        if self.is_alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(patience_s):
                return await self.ended()
        except TimeoutError:
            self.kill()
            return await self.ended()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        with self._log.open("ab") as log:
            async for line in self._process.stderr:
                log.write(line)
                text = line.decode(errors="replace")
                if found := _SERVING.search(text):
                    self.shards, self.stands_by = tuple(map(int, found[1].split(","))), False
                elif _STANDING_BY.search(text):
                    self.shards, self.stands_by = (), True
                self._said()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
