"""One kill and what comes after it.

Three posts are at the same point; while nobody listens one of them is edited, one deleted, and a fourth comes. Then an
ordinary `heron run` starts on the same database.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.playground import Event, Playground, PlaygroundConfig, Thread
from tests.crashes.points import Point
from tests.databases import rows_of
from tests.end_to_end.house import DIM, MESSAGES, WICK

ROOT = Path(__file__).parents[2]
#: On a machine with much other work.
LONGEST_S = 60.0
#: Each takes some milliseconds.
MOST_LOOKS = 1_000

#: What only the answers to these two errors say.
ABOUT_DIM, ABOUT_WICK = "All lamps share one wick", "your wick is at its limit"
VICTIM = "tests.crashes.victim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What stands in the end; `twice` are questions or keys with two answers at any moment."""

    killed_with: int
    ended_with: int
    answers: Mapping[str, Sequence[str]]
    twice: Sequence[str]
    unsettled: Sequence[Mapping[str, object]]
    log: str


@dataclass(slots=True, kw_only=True)
class Scene:
    point: Point
    database_url: str
    folder: Path
    templates: Path
    playground: Playground
    twice: list[str] = field(default_factory=list)

    async def play(self) -> Outcome:
        control = self.playground.control
        self.playground.world.listen(self._look)
        threads, killed_with = await (self._kill_while_catching_up() if self.is_at_start else self._kill_at_work())
        control.edit(threads["edited"].messages[threads["edited"].id], WICK)
        control.delete(threads["deleted"].messages[threads["deleted"].id])
        threads["missed"] = control.create_post("The lamp", DIM)
        async with self._process("bot", "run") as heron:
            with suppress(TimeoutError):
                await control.wait_for(lambda: self._is_right(threads), LONGEST_S)
                await self._all_settled(threads["deleted"])
            heron.send_signal(signal.SIGTERM)
            ended_with = await self._ended(heron)
        return Outcome(
            killed_with=killed_with,
            ended_with=ended_with,
            answers=self._answers(threads),
            twice=self.twice,
            unsettled=await self._unsettled(),
            log=self._log.read_text("utf-8"),
        )

    @property
    def is_at_start(self) -> bool:
        return self.point is Point.RECONCILING

    async def _kill_while_catching_up(self) -> tuple[dict[str, Thread], int]:
        threads = self._posts()
        async with self._process(VICTIM, self.point, "1") as victim:
            return threads, await self._ended(victim)

    async def _kill_at_work(self) -> tuple[dict[str, Thread], int]:
        control = self.playground.control
        async with self._process(VICTIM, self.point, "3") as victim:
            await control.connected(timeout_s=LONGEST_S)
            if self.point is not Point.SENT:
                return self._posts(), await self._ended(victim)
            held = control.fault("POST", MESSAGES, when="after", hold=True, times=None)
            threads = self._posts()
            await control.wait_for(lambda: all(map(control.answers, threads.values())), LONGEST_S)
            victim.kill()
            status = await self._ended(victim)
            control.clear_faults(held)
            return threads, status

    def _posts(self) -> dict[str, Thread]:
        return {name: self.playground.control.create_post("The lamp", DIM) for name in ("kept", "edited", "deleted")}

    def _answers(self, threads: Mapping[str, Thread]) -> dict[str, list[str]]:
        control = self.playground.control
        return {name: [answer.content for answer in control.answers(thread)] for name, thread in threads.items()}

    def _is_right(self, threads: Mapping[str, Thread]) -> bool:
        answers = self._answers(threads)
        has_one = all(len(answers[name]) == 1 for name in ("kept", "edited", "missed"))
        return has_one and ABOUT_WICK in answers["edited"][0] and not answers["deleted"]

    async def _all_settled(self, deleted: Thread) -> None:
        """What never stood is settled without a word to Discord, so nothing but the database tells of it."""
        known = f"SELECT 1 FROM messages WHERE message_id = {deleted.id} AND deleted_at IS NULL"
        for _ in range(MOST_LOOKS):
            if not await rows_of(self.database_url, known) and not await self._unsettled():
                return

    async def _unsettled(self) -> Sequence[Mapping[str, object]]:
        return await rows_of(self.database_url, "SELECT * FROM replies WHERE state <> 'done'")

    def _look(self, event: Event) -> None:
        message = event.message
        if message is None or message.author_id != self.playground.world.cast.bot.id:
            return
        answers = self.playground.control.answers(self.playground.world.places[message.channel_id])
        seen = Counter([answer.nonce for answer in answers] + [answer.reply_to_id for answer in answers])
        self.twice += [str(what) for what, times in seen.items() if what is not None and times > 1]

    @asynccontextmanager
    async def _process(self, *command: str) -> AsyncIterator[Process]:
        guild = self.playground.world.guild
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": self.playground.token,
            "DISCORD_API_URL": self.playground.api_url,
            "FORUM_CHANNEL_IDS": str(guild.forum.id),
            "DATABASE_URL": self.database_url,
            "TEMPLATES_DIR": str(self.templates),
        }
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *command, cwd=self.folder, env=environment, stdin=DEVNULL, stderr=log
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.point}.log"

    async def _ended(self, process: Process) -> int:
        return await asyncio.wait_for(process.wait(), LONGEST_S)


async def play(point: Point, database_url: str, folder: Path, templates: Path) -> Outcome:
    # Discord remembers a nonce for minutes; after a longer outage only a look into the thread tells what stands there.
    config = PlaygroundConfig(bot_name="Heron", nonce_window_s=0.0)
    async with Playground(config=config) as playground:
        scene = Scene(point=point, database_url=database_url, folder=folder, templates=templates, playground=playground)
        return await scene.play()
