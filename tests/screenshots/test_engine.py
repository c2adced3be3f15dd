"""The recogniser itself, in its own process, on drawn screenshots and on files that are no pictures."""

import asyncio
import io
import os
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.extraction import read
from bot.extraction.attached import Attached, Kind, with_attached
from bot.extraction.report import Report
from bot.screenshots.mend import mended
from bot.screenshots.process import Bounds, NotRead, ReadingProcess
from bot.screenshots.reader import can_read
from tests.browser import CHROMIUM
from tests.screenshots.camera import photograph
from tests.screenshots.gallery import ACTIVITY, CREDITS, PAGES
from tests.shipped_knowledge import shipped

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not can_read(), reason="the extra for reading pictures is not installed"),
]
MAX_CPU_S = 2.5
MAX_MEMORY_MB = 700


@pytest.fixture(scope="module")
def pictures() -> Mapping[str, bytes]:
    return photograph(PAGES)


@pytest_asyncio.fixture
async def process() -> AsyncIterator[ReadingProcess]:
    one = ReadingProcess(Bounds(start_s=60.0, picture_s=60.0))  # the machine may be busy
    yield one
    await one.stop()


def report_of(lines: tuple[str, ...]) -> Report:
    knowledge = shipped().knowledge
    picture = Attached(Kind.PICTURE, mended(lines, shipped().base.catalogue, knowledge.vocabulary))
    return read(
        "help",
        with_attached("it fails", [picture]),
        knowledge.vocabulary,
        shipped().base.catalogue,
    )


def peak_memory_mb(process: ReadingProcess) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def cpu_s(process: ReadingProcess) -> float:
    """Of the reading process so far; how busy the machine is does not count."""
    fields = Path(f"/proc/{process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_codes_and_model_ids_of_a_gallery_of_errors_are_read(
    process: ReadingProcess, pictures: Mapping[str, bytes]
) -> None:
    await process.read(pictures[CREDITS.name])  # started and warm
    reports: dict[str, Report] = {}
    seconds: dict[str, float] = {}
    for page in PAGES:
        before = cpu_s(process)
        reports[page.name] = report_of(await process.read(pictures[page.name]))
        seconds[page.name] = cpu_s(process) - before
    codes = {p.name: p.status in {f.value for f in reports[p.name].status_codes} for p in PAGES if p.status}
    models = {p.name: p.model in {f.value for f in reports[p.name].model_ids} for p in PAGES if p.model}
    assert len(codes) >= 24
    assert sum(codes.values()) >= 0.95 * len(codes), codes
    assert sum(models.values()) >= 0.9 * len(models), models
    assert max(seconds.values()) <= MAX_CPU_S, seconds
    assert peak_memory_mb(process) < MAX_MEMORY_MB


async def test_the_pages_of_an_account_are_read(process: ReadingProcess, pictures: Mapping[str, bytes]) -> None:
    paid = await process.read(pictures[CREDITS.name])
    assert "$10.00" in " ".join(paid)
    activity = report_of(await process.read(pictures[ACTIVITY.name]))
    assert {f.value for f in activity.model_ids} == {"qwen/qwen3-coder:free", "moonshotai/kimi-k2:free"}
    assert [f.value for f in activity.providers] == ["Chutes"]


def png(width: int, height: int) -> bytes:
    """Tells of any size in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def drawn(kind: str, size: tuple[int, int] = (400, 100), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        drawn("PNG")[:60],
        png(50_000, 50_000),
        png(6_000, 5_000),
        b"<svg xmlns='x'/>",
        drawn("TIFF"),
        drawn("PDF"),
    ],
    ids=["nothing", "text", "half", "2.5 gigapixels", "30 megapixels", "SVG", "TIFF", "PDF"],
)
async def test_what_is_no_picture_or_too_large_is_refused(process: ReadingProcess, data: bytes) -> None:
    with pytest.raises(NotRead):
        await process.read(data)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "1", "CMYK"])
async def test_every_kind_of_picture_is_taken(process: ReadingProcess, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert await process.read(drawn(kind, mode=mode)) == ()


async def test_the_largest_picture_that_is_read_fits_into_the_memory(process: ReadingProcess) -> None:
    noise = Image.effect_noise((1_500, 1_000), 100).resize((6_000, 4_000)).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=30)
    async with asyncio.timeout(60):
        await process.read(out.getvalue())
    assert peak_memory_mb(process) < MAX_MEMORY_MB
