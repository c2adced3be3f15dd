"""From a post to the answer under it: real discord.py against the playground, over sockets, on SQLite in a file.

Posts come one by one, each when the one before it is answered; then many at once. The playground's rate limits are off.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.diagnose import spread
from bot.app import read_mind
from bot.demo.stage import DemoClock, Stage, open_stage
from bot.playground import Playground
from bot.settings import Settings
from bot.storage.migrate import upgrade

ONE_BY_ONE = 60
AT_ONCE = 200

#: Exact evidence: the shipped article knows the sentence.
ERROR = (
    '{{"error": {{"message": "Provider returned error", "code": 429, "metadata": {{"raw": "acme/model-{number}:free is '
    'temporarily rate-limited upstream. Please retry shortly", "provider_name": "Chutes"}}}}}}'
)


def measure(settings: Settings) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="heron-benchmark-") as folder:
        settings = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{Path(folder) / 'heron.db'}"})
        upgrade(settings.database_url)
        return asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, object]:
    clock = DemoClock()
    mind = read_mind(settings, clock=clock, salt=b"")
    playground = Playground(clock=clock.now)
    async with open_stage(playground, settings, mind, clock, samples=(), on_handled=lambda _: None) as stage:
        await _answered(stage, 0)  # whatever is done once
        times = [await _answered(stage, number) for number in range(1, ONE_BY_ONE + 1)]
        burst_s = await _burst(stage)
    return {
        "posts": len(times),
        "a_post_us": spread(times),
        "posts_at_once": AT_ONCE,
        "all_answered_s": round(burst_s, 2),
    }


async def _answered(stage: Stage, number: int) -> int:
    """Microseconds until the answer stands; what follows it, such as the tag, is waited for but not counted."""
    control = stage.playground.control
    start = time.perf_counter_ns()
    thread = control.create_post(f"Rate limited {number}", ERROR.format(number=number))
    await stage.while_served(control.wait_for(lambda: control.answers(thread), timeout=30), patience_s=30)
    took_us = (time.perf_counter_ns() - start) // 1000
    await stage.settle()
    return took_us


async def _burst(stage: Stage) -> float:
    control = stage.playground.control
    start = time.perf_counter()
    threads = [control.create_post(f"Rate limited {n}", ERROR.format(number=n)) for n in range(AT_ONCE)]
    everywhere = control.wait_for(lambda: all(control.answers(thread) for thread in threads), timeout=60)
    await stage.while_served(everywhere, patience_s=60)
    return time.perf_counter() - start
