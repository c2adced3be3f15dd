"""Small worlds for the use cases: a clock that a test moves, threads that say no when told to, a table of replies."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.helpdesk.ports import Button, Message, Pending, WantedReply
from bot.helpdesk.threads import NotDone, OwnMessage, Place, Recent
from bot.posts import ChannelId, GuildId, MessageId, UserId
from tests.shipped_knowledge import NOW

GUILD, FORUM, STAFF_ROOM = GuildId(1), ChannelId(20), ChannelId(30)
CASE, QUESTION = ChannelId(1_000), MessageId(1_000)
KEY = "rs-a"


def body(words: str = "**Wait a minute.**", *, key: str = KEY) -> Message:
    return Message(content=words, rows=((Button(custom_id=f"h1:{key}:solved", label="Solved"),),))


def bare(words: str = "**Wait a minute.**") -> Message:
    return Message(content=words)


def wanted(**changes: object) -> WantedReply:
    row = WantedReply(
        key=KEY,
        guild_id=GUILD,
        case_id=CASE,
        channel_id=CASE,
        question_id=QUESTION,
        purpose="reply",
        message_id=None,
        is_wanted=True,
        body=body(),
        want_revision=1,
        have_revision=0,
        state="pending",
        attempts=0,
        not_before=NOW,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = NOW
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return self._now

    async def wait(self, woken: asyncio.Event, *, until: datetime | None) -> None:
        arrived = asyncio.ensure_future(self._reach(until))
        rung = asyncio.ensure_future(woken.wait())
        try:
            await asyncio.wait({arrived, rung}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrived.cancel()
            rung.cancel()

    async def pass_time(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        async with self._moved:
            self._moved.notify_all()

    async def _reach(self, moment: datetime | None) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: moment is not None and self._now >= moment)


@dataclass
class FakeThreads:
    """Discord's threads in memory. `refusals` are raised by the next calls, one each; after the work if so marked."""

    messages: dict[MessageId, OwnMessage] = field(default_factory=dict)
    refusals: list[NotDone] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    is_done_before_refusal: bool = False
    question_is_gone: bool = False
    recent_reaches_back_to: MessageId | None = None
    held: asyncio.Event | None = None
    under_way: int = 0
    most_under_way: int = 0
    nonces: dict[str, MessageId] = field(default_factory=dict)

    def forum_of(self, place: Place) -> ChannelId:
        return place.channel_id if place.channel_id == STAFF_ROOM else FORUM

    async def send(self, place: Place, message: Message, *, nonce: str, question_id: MessageId | None) -> OwnMessage:
        await self._begin("send", place)
        if nonce not in self.nonces:
            sent = _shown(MessageId(5_000 + len(self.nonces)), message, None if self.question_is_gone else question_id)
            self.messages[sent.message_id] = sent
            self.nonces[nonce] = sent.message_id
        self._refuse()
        return self.messages[self.nonces[nonce]]

    async def edit(self, place: Place, message_id: MessageId, message: Message) -> None:
        await self._begin("edit", place)
        self.messages[message_id] = _shown(message_id, message, self.messages[message_id].answers)
        self._refuse()

    async def delete(self, place: Place, message_id: MessageId) -> None:
        await self._begin("delete", place)
        del self.messages[message_id]
        self._refuse()

    async def pin(self, place: Place, message_id: MessageId) -> None:
        assert message_id in self.messages
        await self._begin("pin", place)
        self._refuse()

    async def recent(self, place: Place) -> Recent:
        await self._begin("recent", place)
        own = sorted(self.messages.values(), key=lambda m: -m.message_id)
        return Recent(own=own, reaches_back_to=self.recent_reaches_back_to)

    async def _begin(self, name: str, place: Place) -> None:
        self.calls.append(name)
        self.places.append(place)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if self.held is not None:
                await self.held.wait()
        finally:
            self.under_way -= 1
        if name != "recent" and not self.is_done_before_refusal:
            self._refuse()

    def _refuse(self) -> None:
        if self.refusals:
            raise self.refusals.pop(0)


def _shown(message_id: MessageId, message: Message, answers: MessageId | None) -> OwnMessage:
    custom_ids = tuple(button.custom_id for row in message.rows for button in row)
    return OwnMessage(message_id=message_id, content=message.content, custom_ids=custom_ids, answers=answers)


class FakeReplies:
    """The table of wanted replies, in memory."""

    def __init__(self, *rows: WantedReply) -> None:
        self.rows = {row.key: row for row in rows}
        self.reasons: dict[str, str] = {}
        self.broken_reads = 0

    async def pending(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Pending:
        if self.broken_reads:
            self.broken_reads -= 1
            raise OSError("the database is locked")
        rows = sorted(self._pending(guild_ids), key=lambda row: (row.not_before, row.question_id or 0))
        later = (row.not_before for row in rows if row.not_before > now)
        return Pending(due=[row for row in rows if row.not_before <= now][:limit], next_at=next(later, None))

    async def prolong(
        self, case_id: ChannelId, asker_id: UserId, *, now: datetime, quiet: timedelta, patience: timedelta
    ) -> None:
        raise NotImplementedError("delivery prolongs nothing")

    async def delivered(self, key: str, *, revision: int, message_id: MessageId | None) -> bool:
        state = "pending" if self.rows[key].want_revision > revision else "done"
        self._change(key, have_revision=revision, message_id=message_id, state=state, attempts=0)
        return state == "done"

    async def standing(self, thread_id: ChannelId) -> Collection[MessageId]:
        return {r.message_id for r in self.rows.values() if r.channel_id == thread_id and r.message_id is not None}

    async def failed(self, key: str, *, retry_at: datetime | None, reason: str) -> None:
        self.reasons[key] = reason
        self._change(key, attempts=self.rows[key].attempts + 1)
        if retry_at is None:
            self._change(key, state="dead")
        else:
            self._change(key, not_before=retry_at)

    def want(self, row: WantedReply) -> None:
        self.rows[row.key] = row

    def only(self) -> WantedReply:
        (row,) = self.rows.values()
        return row

    def _pending(self, guild_ids: Sequence[GuildId]) -> list[WantedReply]:
        return [row for row in self.rows.values() if row.state == "pending" and row.guild_id in guild_ids]

    def _change(self, key: str, **changes: object) -> None:
        self.rows[key] = replace(self.rows[key], **changes)  # type: ignore[arg-type]
