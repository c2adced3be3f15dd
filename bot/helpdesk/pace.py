"""How fast Discord is called: so many calls a second, and whose turn it is when more of them wait."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from enum import IntEnum

#: Discord lets a bot make fifty calls a second, whatever number of processes it runs in; five are left to the library.
CALLS_PER_SECOND = 45.0
#: Calls that may go out at once after a rest; with these no second sees more than fifty.
AT_ONCE = 4
#: Turns come in fractions; a timer must not ring for a last billionth of one.
_ROUNDING = 1e-6


class Urgency(IntEnum):
    """Lower goes first."""

    SAY = 0  # messages: sent, changed, taken away; and whatever nobody marked
    LOOK = 1  # reading threads to catch up


class Pace:
    """A bucket of turns that fills at a rate. `rate` is asked anew each time: shards come and go."""

    def __init__(self, rate: Callable[[], float], *, at_once: int = AT_ONCE) -> None:
        self._rate = rate
        self._at_once = at_once
        self._turns = float(at_once)
        self._counted_at: float | None = None
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._number = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, urgency: Urgency) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._number), future))
        self._hand_out()
        await future

    def _hand_out(self) -> None:
        loop = asyncio.get_running_loop()
        now, rate = loop.time(), self._rate()
        elapsed_s = 0.0 if self._counted_at is None else now - self._counted_at
        self._counted_at = now
        self._turns = min(float(self._at_once), self._turns + elapsed_s * rate)
        while self._waiting and self._turns > 1.0 - _ROUNDING:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():  # whoever waited was cancelled
                future.set_result(None)
                self._turns -= 1.0
        if self._waiting and self._timer is None:
            self._timer = loop.call_later((1.0 - self._turns) / rate, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self._hand_out()
