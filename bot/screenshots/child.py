"""The process that reads pictures: frames in on standard input, one line of JSON a picture out.

It holds no secret, opens no file to write, and ends when its input does.
"""

import json
import os
import resource
import struct
import sys
from typing import BinaryIO

from bot.screenshots.frames import HEADER, MAX_FRAME

#: Address space, not memory in use: the libraries map far more than they touch.
MAX_ADDRESS_SPACE = 2_000 * 1024 * 1024
#: Memory of its own; the limit that holds in practice.
MAX_DATA = 640 * 1024 * 1024


def main() -> None:
    bound()
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from bot.screenshots.engine import Engine, Unreadable

    engine = Engine()
    answer(answers, {"ready": True})
    while (data := frame(sys.stdin.buffer)) is not None:
        try:
            answer(answers, {"lines": engine.read(data)})
        except Unreadable as error:
            answer(answers, {"error": str(error)})
        except MemoryError:
            answer(answers, {"error": "it takes too much memory"})


def bound() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA, MAX_DATA))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def frame(source: BinaryIO) -> bytes | None:
    """The next picture; None at the end."""
    header = source.read(HEADER)
    if len(header) < HEADER:
        return None
    (length,) = struct.unpack(">I", header)
    data = source.read(min(length, MAX_FRAME))
    return data if len(data) == length else None


def answer(out: BinaryIO, message: dict[str, object]) -> None:
    out.write(json.dumps(message).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
