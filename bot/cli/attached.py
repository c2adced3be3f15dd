"""Files on this machine, read for `heron diagnose` and `heron replay` before anything is judged."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.posts import Attachment
    from bot.triage.view import View


def read_files(files: "Iterable[Attachment]", view: "View") -> "tuple[View, Mapping[str, str]]":
    """The view, which now knows whether pictures can be read, and what the files say, by their paths."""
    from bot.screenshots.reader import can_read

    view = replace(view, reads_pictures=can_read())
    named = {file.location: file for file in files if file.is_picture or file.is_text}
    there = [file for path, file in named.items() if Path(path).is_file()]
    for path in named.keys() - {file.location for file in there}:
        print(f"{path}: no such file; judged without it", file=sys.stderr)
    missing = {path: "" for path, file in named.items() if file.is_text and file not in there}
    readable = [file for file in there if file.is_text or view.reads_pictures]
    return view, missing | (_read(readable, view) if readable else {})


def _read(files: "list[Attachment]", view: "View") -> dict[str, str]:
    import asyncio

    from bot.attachments.texts import MAX_BYTES, TextFiles
    from bot.screenshots.mend import mended
    from bot.screenshots.process import ReadingProcess
    from bot.screenshots.reader import Screenshots

    def start_of(path: str) -> bytes:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)

    async def picture(path: str) -> bytes:
        return await asyncio.to_thread(Path(path).read_bytes)

    async def text(path: str) -> bytes:
        return await asyncio.to_thread(start_of, path)

    async def read_all() -> dict[str, str]:
        process = ReadingProcess()
        texts = TextFiles(text)
        pictures = Screenshots(
            fetch=picture,
            recogniser=process,
            mend=lambda lines: mended(lines, view.catalogue, view.knowledge.vocabulary),
        )
        try:
            # One after the other: more than a few that wait would be left unread.
            found = {file.location: await (texts if file.is_text else pictures).read(file) for file in files}
        finally:
            await process.stop()
        return {path: said for path, said in found.items() if said is not None}

    return asyncio.run(read_all())
