"""From the event of a post to the request that answers it, at steady rates, beside the floor and in the same run.

Real discord.py, real sockets, the playground in the same process for both. Each subject starts on an empty forum. Time
runs from the moment at which the post was to be written, so whoever falls behind pays for it.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from benchmarks.crowd import serving
from benchmarks.first_answer import ERROR
from benchmarks.floor import floor
from benchmarks.statements import Cost, counted
from bot.app import Mind, read_mind
from bot.helpdesk.clock import SystemClock
from bot.playground import Event, Playground
from bot.settings import Settings
from chaos.databases import KINDS, NoDatabase, database

#: Posts a second, and for how many seconds.
RATES: tuple[tuple[int, int], ...] = ((1, 15), (5, 12), (20, 10))
#: Before it counts: connections are opened, statements compiled, caches filled.
WARM_UP = 10
PATIENCE_S = 60.0
FLOOR = "floor"


class Stopwatch:
    """When each post was to be written, and when its answer reached the playground."""

    def __init__(self, playground: Playground) -> None:
        self._world = playground.world
        self._asked: dict[int, float] = {}
        self._took: dict[int, float] = {}
        self._world.listen(self._happens)

    def asked(self, thread_id: int, at: float) -> None:
        self._asked[thread_id] = at

    def _happens(self, event: Event) -> None:
        message = event.message
        if event.name == "MESSAGE_CREATE" and message is not None and message.author_id == self._world.cast.bot.id:
            asked = self._asked.get(message.channel_id)
            if asked is not None:
                self._took.setdefault(message.channel_id, time.perf_counter() - asked)

    async def all_answered(self) -> Sequence[float]:
        await self._world.wait_for(lambda: len(self._took) == len(self._asked), PATIENCE_S)
        return list(self._took.values())


def percentiles(times_s: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    cuts = statistics.quantiles(times_s, n=100, method="inclusive")
    return {f"p{cut}_ms": round(cuts[cut - 1] * 1000, 1) for cut in (50, 95, 99)}


def measure(settings: Settings) -> dict[str, object]:
    mind = read_mind(settings, clock=SystemClock(), salt=b"")
    found: dict[str, object] = {FLOOR: asyncio.run(_subject(settings, mind, None))}
    for kind in KINDS:
        with tempfile.TemporaryDirectory(prefix="heron-benchmark-") as folder:
            try:
                with database(kind, Path(folder)) as url:
                    found[kind] = asyncio.run(_subject(settings, mind, url))
            except NoDatabase as missing:
                found[kind] = {"skipped": str(missing)}
    return {**found, "above_the_floor": above_the_floor(found)}


def above_the_floor(found: dict[str, object]) -> dict[str, object]:
    """By how much the tail of each subject is longer than the floor's at the same rate, and the ratio."""
    rows: dict[str, object] = {}
    bottom = found[FLOOR]
    for kind in KINDS:
        subject = found[kind]
        if not isinstance(subject, dict) or not isinstance(bottom, dict) or "skipped" in subject:
            continue
        for rate, _ in RATES:
            name = f"{rate}_a_second"
            mine, least = subject[name]["p95_ms"], bottom[name]["p95_ms"]
            rows[f"{kind}_{name}"] = {"p95_more_ms": round(mine - least, 1), "p95_ratio": round(mine / least, 2)}
    return rows


async def _subject(settings: Settings, mind: Mind, database_url: str | None) -> dict[str, object]:
    async with Playground() as playground, _at_work(settings, mind, playground, database_url) as cost:
        await _rate(playground, 20, WARM_UP)
        found: dict[str, object] = {}
        for a_second, seconds in RATES:
            before, commits, cpu_s = len(cost.statements), cost.commits, time.process_time()
            times = await _rate(playground, a_second, a_second * seconds)
            found[f"{a_second}_a_second"] = {
                "posts": len(times),
                **percentiles(times),
                "cpu_ms_a_post": round((time.process_time() - cpu_s) * 1000 / len(times), 1),
                "statements_a_post": round((len(cost.statements) - before) / len(times), 1),
                "commits_a_post": round((cost.commits - commits) / len(times), 1),
            }
    return found


@asynccontextmanager
async def _at_work(
    settings: Settings, mind: Mind, playground: Playground, database_url: str | None
) -> AsyncIterator[Cost]:
    async with AsyncExitStack() as stack:
        if database_url is None:
            await stack.enter_async_context(floor(playground))
            yield Cost()
            return
        serves = await stack.enter_async_context(serving(settings, mind, playground, database_url=database_url))
        await playground.control.connected(timeout_s=PATIENCE_S)
        await serves.heron.idle()
        yield stack.enter_context(counted(serves.engine))


async def _rate(playground: Playground, a_second: int, posts: int) -> Sequence[float]:
    watch, begin = Stopwatch(playground), time.perf_counter()
    for number in range(posts):
        at = begin + number / a_second
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        thread = playground.control.create_post(f"Rate limited {number}", ERROR.format(number=number))
        watch.asked(thread.id, at)
    return await watch.all_answered()
