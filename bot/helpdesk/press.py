"""Presses of buttons: acknowledged where they arrive, decided like everything else, answered in private if need be.

What a press does to a case is triage's; what it says in the thread is delivery's.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol

from bot.helpdesk.arrivals import Arrival, ButtonPressed, OrderGiven
from bot.helpdesk.handle import Handled
from bot.helpdesk.mind import Mind
from bot.helpdesk.threads import NotDone
from bot.replies.message import Message
from bot.replies.whispers import render_whisper
from bot.triage.plans import Whisper, Words
from bot.triage.presses import ASKERS_VERBS

log = logging.getLogger(__name__)

#: A button of a reply: `h1:<key>:<verb>[:<article, opening or revision>]`. Keys of cards are moderation's.
CUSTOM_ID = re.compile(
    r"h1:(?P<key>[0-9a-z-]{1,25})(?<!-[pkf]):(?P<verb>"
    + "|".join(sorted(ASKERS_VERBS))
    + r")(?::(?P<detail>[a-z0-9-]{1,60}))?"
)
#: People that wait for a private word at most; whoever presses while so many wait gets none.
MOST_WAITING = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    filename: str
    png: bytes
    description: str  # for those who do not see it


class Privately(Protocol):
    async def tell(self, message: Message, *, picture: Picture | None = None) -> None:
        """To the one who pressed, and nobody else. Raises `NotDone`."""
        ...


class Presses:
    def __init__(self, *, hear: Callable[[Arrival], None], mind: Mind) -> None:
        self._hear = hear
        self._mind = mind
        self._waiting: OrderedDict[int, Privately] = OrderedDict()
        self._telling: set[asyncio.Task[None]] = set()

    def pressed(self, press: ButtonPressed | OrderGiven, privately: Privately) -> None:
        """Acknowledged already; what comes of it is decided in the case's turn."""
        self._waiting[press.press_id] = privately
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)
        self._hear(press)

    def after(self, handled: Handled) -> None:
        for press_id, whisper in handled.whispers.items():
            self._answer(press_id, whisper)

    def unknown(self, arrival: Arrival) -> None:
        """Nobody knows the thread any more: its case was purged, or never was."""
        if isinstance(arrival, ButtonPressed | OrderGiven):
            name = "press-outdated" if isinstance(arrival, ButtonPressed) else "staff-unknown"
            self._answer(arrival.press_id, Whisper(words=Words(name=name), language="en"))

    async def idle(self) -> None:
        while self._telling:
            await asyncio.wait(self._telling)

    def _answer(self, press_id: int, whisper: Whisper | None) -> None:
        privately = self._waiting.pop(press_id, None)
        if privately is None or whisper is None:
            return
        task = asyncio.ensure_future(_told(privately.tell(render_whisper(whisper, self._mind.templates))))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)


async def _told(telling: Coroutine[object, object, None]) -> None:
    try:
        await telling
    except NotDone as no:
        # What they did has its effect; only the word about it is lost.
        log.info("a private answer was not possible: %s: %s", type(no).__name__, no)
    except Exception:
        log.exception("a private answer failed")
