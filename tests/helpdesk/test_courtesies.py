"""Tags and nods: after everything that is to be said, the newest standing alone, and no harm done when one fails."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from bot.helpdesk.courtesies import Courtesies
from bot.helpdesk.handle import Handled
from bot.helpdesk.standing import Standing
from bot.helpdesk.threads import NotAllowed, Place
from bot.posts import ChannelId, MaskedText, MessageId, UserId
from bot.triage.case import Case
from tests.helpdesk.fakes import GUILD
from tests.shipped_knowledge import NOW


class FakeMarks:
    def __init__(self) -> None:
        self.done: list[tuple[int, Standing | str | None]] = []
        self.refusals: list[Exception] = []

    async def show(self, place: Place, standing: Standing | None) -> None:
        self._refuse()
        self.done.append((place.channel_id, standing))

    async def nod(self, place: Place, message_id: MessageId, emoji: str) -> None:
        self._refuse()
        assert place.guild_id == GUILD
        self.done.append((message_id, emoji))

    def _refuse(self) -> None:
        if self.refusals:
            raise self.refusals.pop(0)


class Desk:
    def __init__(self) -> None:
        self.marks = FakeMarks()
        self.nothing_to_say = asyncio.Event()
        self.nothing_to_say.set()
        self.courtesies = Courtesies(self.marks, nothing_to_say=self._wait)

    async def _wait(self) -> None:
        await self.nothing_to_say.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.courtesies.run())
        try:
            async with asyncio.timeout(5):
                yield
                await self.courtesies.idle()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def handled(
    standing: Standing | None, *, thread: int = 1, is_new: bool = True, commands: Mapping[int, str] | None = None
) -> Handled:
    case = Case(
        guild_id=GUILD, thread_id=ChannelId(thread), asker_id=UserId(7), title=MaskedText("The lamp"), opened_at=NOW
    )
    return Handled(
        message_ids=(),
        events=(),
        decisions=(),
        case=case,
        standing=standing,
        has_new_standing=is_new,
        has_new_card=False,
        whispers={},
        commands={MessageId(i): word for i, word in (commands or {}).items()},
        took=timedelta(),
    )


async def test_a_new_standing_is_shown_and_an_old_one_is_not_shown_again() -> None:
    desk = Desk()
    async with desk.running():
        desk.courtesies.after(handled(Standing.ANSWERED))
        desk.courtesies.after(handled(Standing.SOLVED, thread=2, is_new=False))
    assert desk.marks.done == [(1, Standing.ANSWERED)]


async def test_nothing_is_marked_while_something_is_to_be_said() -> None:
    desk = Desk()
    desk.nothing_to_say.clear()
    async with desk.running():
        desk.courtesies.after(handled(Standing.WAITING_FOR_ASKER))
        for _ in range(5):
            await asyncio.sleep(0)
        assert desk.marks.done == []
        desk.courtesies.after(handled(Standing.ANSWERED))
        desk.nothing_to_say.set()
    assert desk.marks.done == [(1, Standing.ANSWERED)]  # the one in between was never shown


async def test_typed_commands_get_their_nods() -> None:
    desk = Desk()
    async with desk.running():
        desk.courtesies.after(handled(None, is_new=False, commands={10: "mute", 11: "unmute"}))
    assert desk.marks.done == [(10, "🔇"), (11, "🔊")]


async def test_a_mark_that_is_refused_or_breaks_keeps_no_other_back() -> None:
    desk = Desk()
    desk.marks.refusals = [NotAllowed("403 50013"), RuntimeError("broken")]
    async with desk.running():
        for thread in (1, 2, 3):
            desk.courtesies.after(handled(Standing.ANSWERED, thread=thread))
    assert desk.marks.done == [(3, Standing.ANSWERED)]
