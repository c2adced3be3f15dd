"""The processes that serve: one alone, or two with a standby. They are killed, and others take their place."""

import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Protocol

from bot.playground import Playground
from chaos.process import Process

READY_S, STOP_S = 60.0, 15.0
#: Who is hit: one that serves, the one that waits, or all of them at once.
_ONE, _STANDBY = 0.8, 0.9


class Fleet(Protocol):
    kills: int
    take_overs_s: list[float]
    fallen: list[int]  # statuses of those that ended without being hit

    async def start(self) -> None: ...

    async def settled(self) -> None:
        """Until those that should serve or wait do so, where more than one is there."""
        ...

    def kill(self, shard: int | None = None) -> None:
        """Without a word of warning; the one that serves this shard, if one is to be hit."""
        ...

    async def restore(self) -> None:
        """Others take the place of those that were killed."""
        ...

    async def stop(self) -> Sequence[int]:
        """Politely; the exit statuses."""
        ...

    async def end(self) -> None:
        """None of them runs any more."""
        ...


class _Crew:
    def __init__(self, playground: Playground, folder: Path, environment: Mapping[str, str]) -> None:
        self.kills = 0
        self.take_overs_s: list[float] = []
        self.fallen: list[int] = []
        self._playground = playground
        self._folder = folder
        self._environment = environment
        self._number = itertools.count(1)
        self._crew: list[Process] = []

    async def stop(self) -> Sequence[int]:
        return await asyncio.gather(*(process.stop(patience_s=STOP_S) for process in self._crew))

    async def end(self) -> None:
        for process in self._crew:
            process.kill()
            await process.ended()

    async def _spawn(self, *arguments: str) -> None:
        log = self._folder / f"process-{next(self._number):03}.log"
        process = Process(arguments, log, self._playground.world.touch)
        await process.start(self._folder, self._environment)
        self._crew.append(process)

    def _hit(self, *processes: Process) -> None:
        for process in processes:
            process.kill()
            self.kills += 1

    async def _bury(self) -> int:
        """How many of them are gone."""
        gone = [process for process in self._crew if process.was_killed or not process.is_alive]
        self._crew = [process for process in self._crew if process not in gone]
        for process in gone:
            status = await process.ended()
            if not process.was_killed:
                self.fallen.append(status)
        return len(gone)


class Alone(_Crew):
    async def start(self) -> None:
        await self._spawn()

    async def settled(self) -> None:
        """It may be hit at any moment."""

    def kill(self, shard: int | None = None) -> None:  # noqa: ARG002  # it serves them all
        self._hit(*self._crew)

    async def restore(self) -> None:
        await self._bury()
        await self._spawn()


class Shared(_Crew):
    def __init__(
        self, playground: Playground, folder: Path, environment: Mapping[str, str], *, shards: int, chance: Random
    ) -> None:
        super().__init__(playground, folder, environment)
        self._shards = shards
        self._chance = chance
        self._measuring: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for shard in range(self._shards):
            await self._spawn("--shards", f"{shard}/{self._shards}")
        await self._playground.control.wait_for(lambda: all(process.shards for process in self._crew), READY_S)
        await self._spawn_standby()

    async def settled(self) -> None:
        await self._playground.control.wait_for(self._is_settled, READY_S)

    def kill(self, shard: int | None = None) -> None:
        dice = self._chance.random()
        serving = [process for process in self._crew if process.shards]
        if dice >= _STANDBY:
            self._hit(*self._crew)
        elif dice >= _ONE:
            self._hit(*(process for process in self._crew if process.stands_by))
        else:
            victim = next((p for p in serving if shard in p.shards), None) or self._chance.choice(serving)
            self._hit(victim)
            self._measure(victim.shards)

    async def restore(self) -> None:
        gone = await self._bury()
        if not self._crew:
            await self.start()
        else:
            for _ in range(gone):
                await self._spawn_standby()

    async def stop(self) -> Sequence[int]:
        await asyncio.gather(*self._measuring)
        return await super().stop()

    async def end(self) -> None:
        for task in self._measuring:
            task.cancel()
        await super().end()

    async def _spawn_standby(self) -> None:
        await self._spawn("--standby", "--shards", f"0-{self._shards - 1}/{self._shards}")

    def _is_settled(self) -> bool:
        served = [shard for process in self._crew for shard in process.shards]
        return sorted(served) == list(range(self._shards)) and any(process.stands_by for process in self._crew)

    def _measure(self, shards: Sequence[int]) -> None:
        for shard in shards:
            task = asyncio.create_task(self._take_over(shard, time.monotonic()))
            self._measuring.add(task)
            task.add_done_callback(self._measuring.discard)

    async def _take_over(self, shard: int, since: float) -> None:
        """From the kill to the READY of whoever serves the shard next."""
        control = self._playground.control
        before = set(control.live_connections(shard))
        await control.wait_for(lambda: set(control.live_connections(shard)) - before, READY_S)
        self.take_overs_s.append(time.monotonic() - since)
