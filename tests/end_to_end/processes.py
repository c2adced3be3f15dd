"""`heron run` as processes of their own beside a playground with two servers, on one database."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.helpdesk.ports import GuildSettings
from bot.playground import Playground
from bot.posts import ChannelId, GuildId
from bot.storage.engine import create_engine
from bot.storage.guilds import SqlGuilds

ROOT = Path(__file__).parents[2]
#: The shipped templates know this one.
ERROR = "429 Provider returned error. raw: acme/model-1:free is temporarily rate-limited upstream. Please retry shortly"

#: How long a process may take to start on a machine with other work.
START_S = 60.0


class Running:
    """A process, and what it has logged so far."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._lines: list[str] = []
        self._more = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return "".join(self._lines)

    @property
    def has_ended(self) -> bool:
        return self._process.returncode is not None

    async def told(self, piece: str) -> str:
        """The line of its log in which this stands."""
        async with asyncio.timeout(START_S):
            while not (found := [line for line in self._lines if piece in line]):
                assert not self._listening.done(), f"it ended without a word of “{piece}”: {self.log}"
                self._more.clear()
                await self._more.wait()
        return found[0]

    async def ended(self) -> int:
        """Its exit status."""
        status = await asyncio.wait_for(self._process.wait(), START_S)
        await self._listening
        return status

    def stop(self) -> None:
        self._process.terminate()

    async def kill(self) -> None:
        if not self.has_ended:
            self._process.kill()
        await self.ended()

    async def _listen(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self._lines.append(line.decode())
            self._more.set()
        self._more.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Herons:
    playground: Playground
    database_url: str
    folder: Path  # what is learnt is kept in it
    started: list[Running] = field(default_factory=list)

    async def run(self, *arguments: str) -> Running:
        env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": self.playground.token,
            "DISCORD_API_URL": self.playground.api_url,
            "DATABASE_URL": self.database_url,
        }
        command = (sys.executable, "-m", "bot", "run", *arguments)
        process = await asyncio.create_subprocess_exec(*command, cwd=self.folder, env=env, stdout=DEVNULL, stderr=PIPE)
        self.started.append(Running(process))
        return self.started[-1]

    async def serve(self, *shards: int, timeout_s: float = START_S) -> None:
        """Until these shards are connected and no others."""
        control = self.playground.control
        await self._wait_for(
            lambda: sorted(c.session.shard[0] for c in control.live_connections() if c.session) == list(shards),
            timeout_s,
        )

    async def answer(self) -> list[int]:
        """How many answers a new post in each server gets."""
        control = self.playground.control
        guilds = self.playground.world.guilds.values()
        threads = [control.create_post("Rate limited", ERROR, forum=guild.forum) for guild in guilds]
        await self._wait_for(lambda: all(control.answers(thread) for thread in threads), START_S)
        return [len(control.answers(thread)) for thread in threads]

    async def _wait_for(self, happened: Callable[[], bool], timeout_s: float) -> None:
        try:
            await self.playground.control.wait_for(happened, timeout_s)
        except TimeoutError:
            logs = "\n".join(f"{running.pid}, ended: {running.has_ended}\n{running.log}" for running in self.started)
            raise AssertionError(f"it did not happen within {timeout_s:.0f} s\n{logs}") from None


@asynccontextmanager
async def herons(playground: Playground, database_url: str, folder: Path) -> AsyncIterator[Herons]:
    """Both servers are set up in the database; what still runs at the end is killed."""
    await set_up(playground, database_url)
    herons = Herons(playground=playground, database_url=database_url, folder=folder)
    yield herons
    for running in herons.started:
        await running.kill()


async def set_up(playground: Playground, database_url: str) -> None:
    engine = create_engine(database_url)
    for guild in playground.world.guilds.values():
        await SqlGuilds(engine).fill(
            GuildSettings(
                guild_id=GuildId(guild.id),
                forum_ids=(ChannelId(guild.forum.id),),
                moderator_role_ids=(),
                helper_role_ids=(),
                moderator_channel_id=None,
            )
        )
    await engine.dispose()
