"""Pictures that tests draw for the documentation: each carries the words that it shows, so that a stale one is noticed.

Pixels are not compared: they differ with the fonts of a machine.
"""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
#: Set by whoever wants the pictures drawn anew.
IS_DRAWING = os.environ.get("DRAW_PICTURES") == "1"

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"Description\0\0\0\0\0"  # of an international text: not compressed, no language, no translated keyword


def save(path: Path, png: bytes, words: str) -> None:
    from PIL import Image  # only whoever draws needs it

    few_colours = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(64).save(few_colours, "PNG", optimize=True)
    png = few_colours.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    header_end = len(_SIGNATURE) + 25
    path.write_bytes(png[:header_end] + _chunk(b"iTXt", _KEYWORD + words.encode()) + png[header_end:])


def words_of(path: Path) -> str:
    text = dict(_chunks(path.read_bytes())).get(b"iTXt", b"")
    return text.removeprefix(_KEYWORD).decode()


def size_of(path: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", dict(_chunks(path.read_bytes()))[b"IHDR"][:8])
    return width, height


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert png.startswith(_SIGNATURE)
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length
