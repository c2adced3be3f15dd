"""A real `heron run` that ends itself without a word, as a power cut would, when all of its work is at one point.

`python -m tests.crashes.victim POINT NUMBER`: so many units of work or deliveries arrive there and wait for each
other; with the last one the process is gone. Everything but that one call is the shipped program.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable

from bot.cli import main
from bot.storage.cases import SqlCases
from bot.storage.replies import SqlReplies
from tests.crashes.points import Point

Call = Callable[..., Awaitable[bool]]


class Brink:
    def __init__(self, number: int) -> None:
        self._left = number

    async def reach(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.Event().wait()

    async def instead(self, *_: object, **__: object) -> bool:
        await self.reach()
        return False

    def after(self, call: Call) -> Call:
        async def done(*args: object, **kwargs: object) -> bool:
            said = await call(*args, **kwargs)
            await self.reach()
            return said

        return done


def arm(point: Point, brink: Brink) -> None:
    match point:
        case Point.RECEIVED:
            SqlCases.save = brink.instead  # type: ignore[method-assign]
        case Point.COMMITTED | Point.RECONCILING:
            SqlCases.save = brink.after(SqlCases.save)  # type: ignore[method-assign, assignment]
        case Point.ACKNOWLEDGED:
            SqlReplies.delivered = brink.instead  # type: ignore[method-assign]
        case Point.SENT:
            """Only Discord knows when: whoever plays Discord does it from outside."""


if __name__ == "__main__":
    arm(Point(sys.argv[1]), Brink(int(sys.argv[2])))
    sys.argv = ["heron", "run"]
    main()
