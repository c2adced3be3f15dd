"""What is done beside answering, when nothing is waiting to be said: the thread's tag, a nod to a typed command.

Nothing of this is kept: a tag that was not set is set with the next change, and a nod that is lost is no loss.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.helpdesk.handle import Handled
from bot.helpdesk.standing import Standing
from bot.helpdesk.threads import NotDone, Place
from bot.posts import ChannelId, MessageId

log = logging.getLogger(__name__)

#: What the asker's words did, in one sign.
MUTED, UNMUTED, SOLVED = "🔇", "🔊", "✅"
NODS = {"mute": MUTED, "unmute": UNMUTED, "solved": SOLVED}
#: Nods that wait at most; a forum in which more are typed at once has other worries.
MOST_NODS = 100


class Marks(Protocol):
    """Both raise `NotDone`."""

    async def show(self, place: Place, standing: Standing | None) -> None: ...

    async def nod(self, place: Place, message_id: MessageId, emoji: str) -> None: ...


class Courtesies:
    def __init__(self, marks: Marks, *, nothing_to_say: Callable[[], Awaitable[None]]) -> None:
        self._marks = marks
        self._nothing_to_say = nothing_to_say
        self._standings: dict[ChannelId, tuple[Place, Standing | None]] = {}
        self._nods: deque[tuple[Place, MessageId, str]] = deque(maxlen=MOST_NODS)
        self._woken = asyncio.Event()
        self._done = asyncio.Event()
        self._done.set()

    def after(self, handled: Handled) -> None:
        place = Place(guild_id=handled.guild_id, channel_id=handled.thread_id)
        if handled.has_new_standing:
            self._standings[handled.thread_id] = place, handled.standing
        for message_id, command in handled.commands.items():
            self._nods.append((place, message_id, NODS[command]))
        if self._standings or self._nods:
            self._done.clear()
            self._woken.set()

    async def idle(self) -> None:
        await self._done.wait()

    async def run(self) -> None:
        while True:
            await self._woken.wait()
            await self._nothing_to_say()
            try:
                await self._next()
            except NotDone as no:
                log.warning("a courtesy was not possible: %s: %s", type(no).__name__, no)
            except Exception:
                log.exception("a courtesy failed")
            if not self._standings and not self._nods:
                self._woken.clear()
                self._done.set()

    async def _next(self) -> None:
        if self._nods:
            await self._marks.nod(*self._nods.popleft())
        elif self._standings:
            place, standing = self._standings.pop(next(iter(self._standings)))
            await self._marks.show(place, standing)
