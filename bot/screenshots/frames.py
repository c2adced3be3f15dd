"""How pictures are handed to the process that reads them: their length in four bytes, then themselves."""

import struct

HEADER = 4
MAX_FRAME = 16 * 1024 * 1024


def framed(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
