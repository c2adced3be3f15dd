"""Takes over templates that change while Heron runs: tried in a process of their own, learnt by the mind as a whole.

What is wrong with them goes to staff; the old ones stay in use until that is mended.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from bot.expertise import CACHE, expertise
from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.knowledge.source import KnowledgeError, Problem
from bot.posts import GuildId

log = logging.getLogger(__name__)

#: Between two looks at the folder. What changed has to be the same for one of them: writers save file after file.
LOOK = timedelta(seconds=1)
#: After templates could not be tried for a reason of this machine.
LOOK_AFTER_TROUBLE = timedelta(seconds=30)
#: Trying templates takes two or three seconds on an idle machine.
_PATIENCE_S = 120.0
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """Of the process that tries templates."""

    hash: str = ""
    problems: tuple[Problem, ...] = ()


_ANSWER = TypeAdapter(_Answer)

Print = frozenset[tuple[str, int, int, int]]


class Outcome(StrEnum):
    SAME = "same"
    CHANGING = "changing"  # looked at again before it is tried
    REFUSED = "refused"
    TAKEN = "taken"
    UNTRIED = "untried"  # for a reason of this machine; a later look tries again


class NotTried(Exception):
    """The process that tries templates ended without an answer."""


def fingerprint(folder: Path) -> Print:
    """Differs when any file does; no file is opened."""
    return frozenset(_files(folder))


@dataclass(slots=True, kw_only=True, eq=False)
class Reload:
    """Outlives every connection; runs beside one of them at a time."""

    mind: Mind
    folder: Path
    known: Print  # of the folder as it was before `mind` was read from it
    clock: Clock
    cache: Path = CACHE
    on_looked: Callable[[Outcome], None] = lambda _: None
    problems: tuple[Problem, ...] = ()  # why the newest templates are not in use
    _changing: Print | None = None
    _told: set[tuple[GuildId, tuple[Problem, ...]]] = field(default_factory=set)

    async def run(
        self,
        stop: asyncio.Event,
        *,
        guild_ids: Callable[[], Sequence[GuildId]],
        tell: Callable[[GuildId, Sequence[Problem]], Awaitable[bool]],  # False: it is worth another try
    ) -> None:
        outcome = Outcome.SAME
        while True:
            pause = LOOK_AFTER_TROUBLE if outcome is Outcome.UNTRIED else LOOK
            await self.clock.wait(stop, until=self.clock.now() + pause)
            if stop.is_set():
                return
            outcome = await self._look()
            for guild_id in guild_ids() if self.problems else ():
                if (guild_id, self.problems) not in self._told and await tell(guild_id, self.problems):
                    self._told.add((guild_id, self.problems))
            self.on_looked(outcome)

    async def _look(self) -> Outcome:
        found = await asyncio.to_thread(fingerprint, self.folder)
        if found == self.known:
            self._changing = None
            return Outcome.SAME
        if found != self._changing:
            self._changing = found
            return Outcome.CHANGING
        try:
            outcome = await self._try()
        except NotTried as no:
            log.error("changed templates could not be tried: %s", no)
            return Outcome.UNTRIED
        self.known = found
        return outcome

    async def _try(self) -> Outcome:
        answer = await _examined(self.folder, self.cache, self.clock.now().date())
        if answer.problems:
            return self._refuse(answer.problems)
        if answer.hash != self.mind.knowledge_hash:
            try:
                knowledge, templates = await asyncio.to_thread(expertise, self.folder, self.cache, learns_apart=True)
            except KnowledgeError:  # changed once more in between; the next look sees it
                return Outcome.CHANGING
            if knowledge.base.hash != answer.hash:
                return Outcome.CHANGING
            self.mind.learn(knowledge, templates)
            log.info("changed templates are in use: %s", knowledge.base.hash[:12])
        self.problems = ()
        self._told.clear()
        return Outcome.TAKEN

    def _refuse(self, problems: tuple[Problem, ...]) -> Outcome:
        if problems != self.problems:
            log.warning("changed templates are refused, the old ones stay in use:\n%s", "\n".join(map(str, problems)))
        self.problems = problems
        return Outcome.REFUSED


def _files(folder: Path) -> Iterator[tuple[str, int, int, int]]:
    with suppress(FileNotFoundError, NotADirectoryError):  # gone between two calls: the next look says more
        for entry in os.scandir(folder):
            if entry.name.startswith("."):  # an editor's own
                continue
            if entry.is_dir():
                yield from _files(Path(entry.path))
            else:
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size, stat.st_ino


async def _examined(folder: Path, cache: Path, today: date) -> _Answer:
    """Raises `NotTried`."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli.examine", str(folder), str(cache), today.isoformat()),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
        start_new_session=True,  # Ctrl-C at the terminal is the parent's affair
    )
    try:
        async with asyncio.timeout(_PATIENCE_S):
            answer, complaint = await process.communicate()
    except TimeoutError:
        raise NotTried(f"no answer within {_PATIENCE_S:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotTried(f"exit status {process.returncode}: {complaint.decode('utf-8', 'replace')[-1_000:]}")
    return _ANSWER.validate_json(answer)


def _environment() -> dict[str, str]:
    """No token, no address of a database: who reads templates needs none of them."""
    passed = {name: value for name in ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR") if (value := os.environ.get(name))}
    return {**passed, "PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
