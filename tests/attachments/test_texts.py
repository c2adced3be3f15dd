"""Text files, however they were saved; and what only calls itself one."""

import gzip
import random

import pytest

from bot.attachments.downloads import NotFetched
from bot.attachments.texts import MAX_BYTES, TextFiles, decoded
from bot.posts import Attachment

LOG = 'start\nERROR 503 {"error": {"message": "upstream is dim", "code": 503}}\n'


class Shelf:
    """Holds one file and counts who asks for it."""

    def __init__(self, content: bytes | None) -> None:
        self._content = content
        self.asked = 0

    async def fetch(self, _: str) -> bytes:
        self.asked += 1
        if self._content is None:
            raise NotFetched("status 404")
        return self._content


def log_file(size_bytes: int | None = None, content_type: str | None = "text/plain; charset=utf-8") -> Attachment:
    return Attachment(
        filename="error.log",
        location="https://cdn.example.com/1/error.log",
        size_bytes=size_bytes,
        content_type=content_type,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_log_is_read_however_it_was_saved(encoding: str) -> None:
    assert decoded(LOG.encode(encoding)) == LOG


def test_umlauts_of_an_old_windows_are_read() -> None:
    assert decoded("Zugriff verweigert: ungültiger Schlüssel\n".encode("cp1252")) == (
        "Zugriff verweigert: ungültiger Schlüssel\n"
    )


def test_text_without_spaces_is_text() -> None:
    chinese = "".join(map(chr, range(0x4E00, 0x5E00)))
    assert decoded(chinese.encode()) == chinese
    assert decoded(chinese.encode("utf-16")) == chinese


def test_colours_of_a_terminal_and_line_ends_of_windows_are_taken_out() -> None:
    assert decoded(b"\x1b[31;1mERROR\x1b[0m dim\r\nend\r\n") == "ERROR dim\nend\n"


@pytest.mark.parametrize(
    "content",
    [
        random.Random(1).randbytes(4096),
        random.Random(2).randbytes(4096).replace(b"\0", b"\1"),
        gzip.compress(b"x" * 100_000),
        b"PK\x03\x04" + random.Random(3).randbytes(2000),
        b"\x7fELF" + b"\0" * 2000,
        b"MZ\x90\0\3\0\0\0" * 300,
        b"\xff\xfe" + random.Random(4).randbytes(4096),
        b"\0",
    ],
    ids=["noise", "noise without zeros", "gzip", "zip", "elf", "exe", "noise with a mark", "a zero"],
)
def test_what_is_no_text_says_nothing(content: bytes) -> None:
    assert decoded(content) == ""


async def test_a_file_is_read() -> None:
    assert await TextFiles(Shelf(LOG.encode()).fetch).read(log_file()) == LOG


async def test_a_file_that_is_told_to_be_large_is_not_even_fetched() -> None:
    shelf = Shelf(b"")
    assert await TextFiles(shelf.fetch).read(log_file(size_bytes=10 * 1024 * 1024)) == ""
    assert shelf.asked == 0


async def test_a_file_that_turns_out_to_be_large_says_nothing() -> None:
    assert await TextFiles(Shelf(b"x" * (MAX_BYTES + 1)).fetch).read(log_file(size_bytes=5)) == ""


@pytest.mark.parametrize("content_type", ["application/zip", "video/mp4", "audio/ogg"])
async def test_a_file_of_another_kind_under_such_a_name_is_not_fetched(content_type: str) -> None:
    shelf = Shelf(LOG.encode())
    assert await TextFiles(shelf.fetch).read(log_file(content_type=content_type)) == ""
    assert shelf.asked == 0


async def test_a_file_that_cannot_be_fetched_says_nothing_and_its_address_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await TextFiles(Shelf(None).fetch).read(log_file()) == ""
    assert "a file was not fetched: NotFetched" in caplog.text
    assert "cdn.example.com" not in caplog.text


@pytest.mark.parametrize(
    ("filename", "content_type", "is_text"),
    [
        ("error.log", None, True),
        ("Error.LOG", "application/octet-stream", True),
        ("message.txt", "text/plain; charset=utf-8", True),
        ("answer.json", "application/json", True),
        ("setup.exe", "text/plain", False),
        ("log", "text/plain", False),
        ("error.log.zip", "application/zip", False),
        ("error.log", "image/png", False),
    ],
)
def test_the_name_says_what_is_taken_for_a_text_file(filename: str, content_type: str | None, is_text: bool) -> None:
    file = Attachment(filename=filename, location=filename, content_type=content_type)
    assert file.is_text is is_text
