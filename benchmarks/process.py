"""`heron run` as a process of its own: how soon it is ready, and what memory it holds with little and with much."""

import asyncio
import os
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from benchmarks.crowd import Answered
from benchmarks.first_answer import ERROR
from bot.playground import Playground, PlaygroundConfig
from bot.playground.model import Thread
from bot.settings import Settings
from bot.storage.engine import create_engine
from bot.storage.migrate import upgrade
from bot.storage.tables import cases, messages
from chaos.databases import fill_in_servers

GUILDS, CASES = 100, 100_000
#: Long closed, so that nothing of them is due.
AGE = timedelta(days=20)
ROWS_AT_ONCE = 5_000
READY_S, REST_S = 60.0, 3.0
STARTS = 3
#: Posts after which memory is looked at; what happens before the first of these is warming up.
WARM, DONE = 5_000, 20_000
#: So many posts may wait for their answers: Heron decides how fast it goes.
AHEAD = 50
#: Discord archives by itself what is older when a server has a thousand active threads.
ACTIVE = 900
GROWTH_S, PATIENCE_S = 3_600.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    pid: int
    ready_s: float

    @property
    def memory_mb(self) -> float:
        """Resident, as the system counts it."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
        return round(kilobytes * 1024 / 1_000_000, 1)


def measure(settings: Settings) -> dict[str, object]:
    return asyncio.run(_measure(settings))


def measure_growth(settings: Settings) -> dict[str, object]:
    return asyncio.run(_growth(settings))


async def _measure(settings: Settings) -> dict[str, object]:
    idle = [await _rests(settings, guilds=1, stored=0) for _ in range(STARTS)]
    crowded = await _rests(settings, guilds=GUILDS, stored=CASES)
    return {
        "start_to_ready_s": sorted(ready for ready, _ in idle)[STARTS // 2],
        "idle_mb": max(memory for _, memory in idle),
        f"with_{GUILDS}_servers_and_{CASES}_cases": {"start_to_ready_s": crowded[0], "memory_mb": crowded[1]},
    }


async def _rests(settings: Settings, *, guilds: int, stored: int) -> tuple[float, float]:
    """Seconds until it was ready, and its memory when it has nothing to do."""
    world = Playground(config=PlaygroundConfig(guilds=guilds))
    async with world as playground, running(settings, playground, stored=stored) as heron:
        await asyncio.sleep(REST_S)
        return round(heron.ready_s, 2), heron.memory_mb


async def _growth(settings: Settings) -> dict[str, object]:
    async with Playground() as playground, running(settings, playground) as heron:
        answered, memory = Answered(playground), {}
        start = time.perf_counter()
        try:
            async for number in _posts(playground, answered):
                if number in (WARM, DONE):
                    await answered.wait_for(number, patience_s=PATIENCE_S)
                    memory[number] = heron.memory_mb
                if time.perf_counter() - start > GROWTH_S:
                    return {"skipped": f"{number} posts in {GROWTH_S:.0f} s; the machine is too slow for {DONE}"}
        except TimeoutError:
            return {"failed": f"only {len(answered.messages)} posts were answered, then none for {PATIENCE_S:.0f} s"}
        return {
            "posts": DONE,
            "answered_once": answered.once,
            "seconds": round(time.perf_counter() - start),
            "memory_mb": memory,
            "growth": round(memory[DONE] / memory[WARM] - 1, 3),
        }


async def _posts(playground: Playground, answered: Answered) -> AsyncIterator[int]:
    """One after the other, as fast as they are answered. As on Discord, no more than so many threads are active."""
    active: deque[Thread] = deque()
    await asyncio.sleep(REST_S)  # what it finds while it catches up is answered at the pace of late answers
    for number in range(1, DONE + 1):
        active.append(playground.control.create_post(f"Rate limited {number}", ERROR.format(number=number)))
        await answered.wait_for(number - AHEAD, patience_s=PATIENCE_S)
        if len(active) > ACTIVE:
            playground.control.archive(active.popleft())
        yield number


@asynccontextmanager
async def running(settings: Settings, playground: Playground, *, stored: int = 0) -> AsyncIterator[Started]:
    """Ready, on a database of its own with so many cases in it."""
    with tempfile.TemporaryDirectory(prefix="heron-benchmark-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'heron.db'}"
        await asyncio.to_thread(upgrade, url)
        await fill_in_servers(url, list(playground.world.guilds.values()))
        await _fill_in_cases(url, [guild.id for guild in playground.world.guilds.values()], stored)
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DISCORD_TOKEN": playground.token,
            "DISCORD_API_URL": playground.api_url,
            "FORUM_CHANNEL_IDS": str(playground.world.guild.forum.id),
            "TEMPLATES_DIR": str(settings.templates_dir),
            "ANSWERS_PER_HOUR": "0",  # all posts are by one person
        }
        with (Path(folder) / "log").open("w") as log:
            start = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=environment, stdout=log, stderr=log
            )
            try:
                await playground.control.connected(timeout_s=READY_S)
                yield Started(pid=process.pid, ready_s=time.perf_counter() - start)
            finally:
                process.terminate()
                await process.wait()


async def _fill_in_cases(url: str, guild_ids: list[int], count: int) -> None:
    engine = create_engine(url, is_pooled=False)
    try:
        async with engine.begin() as connection:
            for rows in _in_parts(guild_ids, count):
                await connection.execute(insert(cases), [case for case, _ in rows])
                await connection.execute(insert(messages), [message for _, message in rows])
    finally:
        await engine.dispose()


def _in_parts(guild_ids: list[int], count: int) -> Iterator[list[tuple[dict[str, object], dict[str, object]]]]:
    for first in range(0, count, ROWS_AT_ONCE):
        yield [_case(number, guild_ids) for number in range(first, min(count, first + ROWS_AT_ONCE))]


def _case(number: int, guild_ids: list[int]) -> tuple[dict[str, object], dict[str, object]]:
    at = datetime.now(UTC) - AGE
    thread, guild = number + 1, guild_ids[number % len(guild_ids)]
    case = {column.name: None for column in cases.columns} | {
        "thread_id": thread, "guild_id": guild, "asker_id": thread, "opened_at": at, "language": "en",
        "is_muted": False, "wants_person": False, "closed_at": at, "warned": [], "known": {}, "version": 1,
    }  # fmt: skip
    message = {column.name: None for column in messages.columns} | {
        "message_id": thread, "guild_id": guild, "case_id": thread, "author_id": thread, "role": "asker",
        "sent_at": at, "digest": "0", "pictures": 0, "title": f"Rate limited {number}",
        "text": ERROR.format(number=number), "taken": {}, "has_words": True,
    }  # fmt: skip
    return case, message
