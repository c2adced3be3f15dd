"""Answers to typed errors while pictures of others are read, beside answers while nothing is read, in the same run.

Stretches with and without pictures take turns, so that other work on the machine falls on both. One picture after the
other is posted, each when the one before it is read: the reading process is never idle in a stretch with pictures.
"""

import asyncio
import io
import os
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crowd import serving
from benchmarks.end_to_end import Stopwatch, percentiles
from benchmarks.first_answer import ERROR
from bot.app import Mind, read_mind
from bot.app.senses import Senses
from bot.attachments.client import open_client
from bot.attachments.downloads import Downloads
from bot.helpdesk.clock import SystemClock
from bot.playground import Playground
from bot.screenshots.mend import mended
from bot.screenshots.process import Bounds, ReadingProcess
from bot.screenshots.reader import Screenshots, can_read
from bot.settings import Settings

STRETCHES, POSTS, A_SECOND = 5, 24, 4
DRAWN = 8
IDLE_S, PATIENCE_S = 3.0, 60.0
SIZE, LINES = (1280, 800), 14


@dataclass(slots=True)
class Watched:
    """The reading process, and what each picture cost it."""

    process: ReadingProcess
    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    is_read: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, picture: bytes) -> Sequence[str]:
        before, start = self._used_s(), time.perf_counter()
        try:
            return await self.process.read(picture)
        finally:
            if before is not None and self.process.pid is not None:
                self.seconds.append(time.perf_counter() - start)
                self.cpu_s.append((self._used_s() or before) - before)
                self.peak_mb = max(self.peak_mb, _peak_mb(self.process.pid))
            self.is_read.set()

    def _used_s(self) -> float | None:
        """None before it is started."""
        if self.process.pid is None:
            return None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(settings: Settings) -> dict[str, object]:
    if not can_read():
        return {"skipped": "heron[ocr] is not installed"}
    return asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, object]:
    mind = read_mind(settings, clock=SystemClock(), salt=b"")
    drawn = [screenshot(number) for number in range(DRAWN)]
    watched = Watched(ReadingProcess(Bounds(idle_s=IDLE_S)))
    times: dict[bool, list[float]] = {False: [], True: []}
    async with Playground() as playground, _senses(playground, mind, watched) as senses:
        async with serving(settings, mind, playground, senses=senses) as serves:
            await playground.control.connected(timeout_s=PATIENCE_S)
            await serves.heron.idle()
            await watched.read(drawn[0])  # starts the process, which is not what is measured
            await _answered(playground)
            for number in range(2 * STRETCHES):
                with_pictures = number % 2 == 1
                async with _pictures_are_posted(playground, watched, drawn if with_pictures else ()):
                    times[with_pictures] += await _answered(playground)
                await serves.heron.idle()
        pid = watched.process.pid
        await asyncio.sleep(IDLE_S + 1.0)
        is_gone = pid is None or not Path(f"/proc/{pid}").exists()
        await watched.process.stop()
    return figures(times[False], times[True]) | {
        "pictures": len(watched.seconds),
        "a_picture_s": round(statistics.median(watched.seconds), 2),
        "a_picture_cpu_s": round(statistics.median(watched.cpu_s), 2),
        "longest_picture_cpu_s": round(max(watched.cpu_s), 2),
        "reader_peak_mb": watched.peak_mb,
        "reader_is_gone_after_its_idle_time": is_gone,
    }


def figures(without: Sequence[float], during: Sequence[float]) -> dict[str, object]:
    alone, beside = percentiles(without), percentiles(during)
    return {
        "answers_without_pictures": {"posts": len(without), **alone},
        "answers_while_pictures_are_read": {"posts": len(during), **beside},
        "median_ratio": round(statistics.median(during) / statistics.median(without), 2),
        "p95_ratio": round(beside["p95_ms"] / alone["p95_ms"], 2),
    }


@asynccontextmanager
async def _senses(playground: Playground, mind: Mind, watched: Watched) -> AsyncIterator[Senses]:
    knowledge = mind.view.knowledge
    async with open_client() as client:
        reader = Screenshots(
            fetch=Downloads(client, origins=[playground.base_url]).fetch,
            recogniser=watched,
            mend=lambda lines: mended(lines, knowledge.base.catalogue, knowledge.vocabulary),
        )
        yield Senses(pictures=reader)
        await reader.stop()


@asynccontextmanager
async def _pictures_are_posted(playground: Playground, watched: Watched, drawn: Sequence[bytes]) -> AsyncIterator[None]:
    """None of them, if none is drawn."""
    if not drawn:
        yield
        return
    posting = asyncio.create_task(_post_pictures(playground, watched, drawn))
    try:
        yield
    finally:
        posting.cancel()
        with suppress(asyncio.CancelledError):
            await posting


async def _post_pictures(playground: Playground, watched: Watched, drawn: Sequence[bytes]) -> None:
    while True:
        watched.is_read.clear()
        number = len(watched.seconds)
        file = (f"screen-{number}.png", drawn[number % len(drawn)])
        playground.control.create_post(f"My screen {number}", "it fails, see the picture", attachments=[file])
        await watched.is_read.wait()


async def _answered(playground: Playground) -> Sequence[float]:
    """Seconds until each of some typed errors was answered."""
    watch, begin = Stopwatch(playground), time.perf_counter()
    for number in range(POSTS):
        at = begin + number / A_SECOND
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        watch.asked(playground.control.create_post("Rate limited", ERROR.format(number=number)).id, at)
    return await watch.all_answered()


def screenshot(number: int) -> bytes:
    """A terminal full of text, with an error at its end."""
    from PIL import Image, ImageDraw, ImageFont  # comes with the extra that reads pictures

    screen, font = Image.new("RGB", SIZE, "#1e1e1e"), ImageFont.load_default(size=22)
    rows = [f"step {number}.{line}: reading src/part_{line}.py and writing what is missing" for line in range(LINES)]
    for line, row in enumerate(
        (*rows, f"API Error 429: acme/model-{number}:free is temporarily rate-limited upstream")
    ):
        ImageDraw.Draw(screen).text((20, 20 + 48 * line), row, font=font, fill="#e8e8e8")
    out = io.BytesIO()
    screen.save(out, "PNG")
    return out.getvalue()


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1_000_000, 1)
