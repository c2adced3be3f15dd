"""Text files of a post → what they say. What is no text, too large or not there says nothing."""

import codecs
import logging
import re
from collections.abc import Awaitable, Callable

from bot.posts import Attachment

log = logging.getLogger(__name__)

#: Nobody finds an error in more than that.
MAX_BYTES = 2 * 1024 * 1024
#: The share of control characters from which on it is no text, whatever its name says.
MAX_CONTROLS = 0.02

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_NO_TEXT = ("image/", "audio/", "video/", "font/", "application/zip", "application/gzip", "application/pdf")


class TextFiles:
    """`fetch` raises what it likes: an unread file breaks nothing."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]]) -> None:
        self._fetch = fetch

    async def read(self, file: Attachment) -> str | None:
        """Empty when the file is there and cannot be read."""
        if (file.size_bytes or 0) > MAX_BYTES or (file.content_type or "").startswith(_NO_TEXT):
            return ""
        try:
            content = await self._fetch(file.location)
        except Exception as error:  # noqa: BLE001 - its text may hold the address, which is signed
            log.warning("a file was not fetched: %s", type(error).__name__)
            return ""
        return decoded(content) if len(content) <= MAX_BYTES else ""


def decoded(content: bytes) -> str:
    """The text, however it was saved; empty when it is none."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _plain(content[len(bom) :].decode(encoding, "replace"))
    if b"\0" in content:
        return _utf_16(content)
    try:
        return _plain(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _plain(content.decode("cp1252", "replace"))


def _utf_16(content: bytes) -> str:
    """Windows saves it without a mark, too; in a log most of every second byte is zero then."""
    zeros = content[::2].count(0), content[1::2].count(0)
    if 4 * max(zeros) < len(content):
        return ""
    return _plain(content.decode("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le", "replace"))


def _plain(text: str) -> str:
    text = _COLOURS.sub("", text).replace("\r\n", "\n")
    controls = sum(1 for _ in _CONTROLS.finditer(text))
    return text if controls <= MAX_CONTROLS * len(text) else ""
