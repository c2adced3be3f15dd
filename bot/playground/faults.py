"""Trouble on demand: errors before or after the work, cut connections, delays, refusals, calls that are held back."""

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from bot.playground.refusals import RefusalError

When = Literal["before", "after"]


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """Strikes calls that match, `times` times or until it is cleared. After the work means: done, but the answer is
    lost. `route` matches the template (`/channels/{channel_id}/messages`) or the real path; `*` stands for anything."""

    method: str = "*"
    route: str = "*"
    when: When = "before"
    resets: bool = False
    refusal: RefusalError | None = None
    delay_s: float = 0.0
    holds: bool = False
    times: int | None = 1
    struck: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, route: str, path: str, when: When) -> bool:
        return (
            self.when == when
            and (self.times is None or self.struck < self.times)
            and fnmatchcase(method, self.method)
            and (fnmatchcase(route, self.route) or fnmatchcase(path, self.route))
        )

    def release(self) -> None:
        self._released.set()

    async def pass_time(self) -> None:
        self.arrived.set()
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if self.holds:
            await self._released.wait()


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def clear(self, fault: Fault | None = None) -> None:
        """All of them, or one. Whoever was held goes on."""
        gone = [fault] if fault is not None else list(self._faults)
        for each in gone:
            each.release()
            if each in self._faults:
                self._faults.remove(each)

    def strike(self, method: str, route: str, path: str, when: When) -> list[Fault]:
        found = [fault for fault in self._faults if fault.matches(method, route, path, when)]
        # Several delays may add up, but only one fault can end a call.
        decisive = [fault for fault in found if fault.resets or fault.refusal]
        chosen = [fault for fault in found if fault not in decisive] + decisive[:1]
        for fault in chosen:
            fault.struck += 1
        return chosen
