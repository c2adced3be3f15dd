"""Keeps cards and desks up to date: woken when something changed, and at the beginning of each day (UTC), when facts
expire. Each desk is changed at most once in a while."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

from bot.helpdesk.clock import Clock
from bot.moderation.cards import Cards
from bot.moderation.desk import Desk
from bot.posts import ChannelId, GuildId
from bot.triage.case import Case

log = logging.getLogger(__name__)

#: Between two changes of one desk. A card does not wait.
DESK_REST = timedelta(seconds=10)
#: Cases that are kept until their cards are rendered.
MOST_KEPT = 32


class Rounds:
    """`on_wanted` is called when there may be something to post."""

    def __init__(
        self,
        *,
        cards: Cards,
        desk: Desk,
        measure: Callable[[GuildId], Awaitable[None]],  # what people showed about answers there
        guild_ids: Callable[[], Sequence[GuildId]],
        on_wanted: Callable[[], None],
        clock: Clock,
        desk_rest: timedelta = DESK_REST,
    ) -> None:
        self._cards = cards
        self._desk = desk
        self._measure = measure
        self._guild_ids = guild_ids
        self._on_wanted = on_wanted
        self._clock = clock
        self._desk_rest = desk_rest
        self._changed: set[GuildId] = set()
        self._judged: set[GuildId] = set()
        self._are_cards_behind = False
        self._saved: dict[ChannelId, Case] = {}  # since the cards were rendered
        self._desk_at: dict[GuildId, datetime] = {}
        self._woken = asyncio.Event()
        self._done = asyncio.Event()
        self._done.set()
        self._is_stopping = False

    def changed(self, guild_id: GuildId) -> None:
        """Something that a card or the desk shows may be different now."""
        self._are_cards_behind = True
        self.judged(guild_id)

    def judged(self, guild_id: GuildId) -> None:
        """Somebody showed what they think of an answer."""
        self._judged.add(guild_id)
        self.desk_changed(guild_id)

    def cards_changed(self, case: Case) -> None:
        """As it was saved: a card of it has to be rendered again."""
        if len(self._saved) < MOST_KEPT:  # the others are loaded
            self._saved[case.thread_id] = case
        self._are_cards_behind = True
        self.desk_changed(case.guild_id)

    def desk_changed(self, guild_id: GuildId) -> None:
        """No card shows anything else because of it."""
        self._changed.add(guild_id)
        self._done.clear()
        self._woken.set()

    async def idle(self) -> None:
        """Until every card and every desk shows what is known; a desk that rests does not count."""
        await self._done.wait()

    def stop(self) -> None:
        self._is_stopping = True
        self._woken.set()

    async def run(self) -> None:
        while not self._is_stopping:
            self._woken.clear()
            await self._round()
            if not self._woken.is_set():
                self._done.set()
            await self._clock.wait(self._woken, until=self._next_desk_at())

    async def _round(self) -> None:
        now = self._clock.now()
        self._changed |= self._of_another_day(now)
        desks = [guild_id for guild_id in sorted(self._changed) if now >= self._rests_until(guild_id, now)]
        if self._are_cards_behind or desks:  # with a desk also those that nobody told of, after a failure for instance
            await self._refresh_cards()
        for guild_id in desks:
            await self._refresh_desk(guild_id, now)

    async def _refresh_cards(self) -> None:
        self._are_cards_behind = False  # first: what changes meanwhile is another round's
        saved, self._saved = self._saved, {}
        try:
            if await self._cards.refresh(self._guild_ids(), known=saved):
                self._on_wanted()
        except Exception:
            self._are_cards_behind = True
            raise

    async def _refresh_desk(self, guild_id: GuildId, now: datetime) -> None:
        is_judged = guild_id in self._judged
        self._changed.discard(guild_id)  # first: what changes meanwhile is another round's
        self._judged.discard(guild_id)
        self._desk_at[guild_id] = now
        try:
            if is_judged:
                await self._measure(guild_id)
            await self._desk.refresh(guild_id)
        except Exception:
            self.judged(guild_id)
            raise
        self._on_wanted()

    def _rests_until(self, guild_id: GuildId, now: datetime) -> datetime:
        last = self._desk_at.get(guild_id)
        # A clock that was set back must not silence the desk.
        return now if last is None or last > now else last + self._desk_rest

    def _of_another_day(self, now: datetime) -> set[GuildId]:
        """Those whose desk was not looked at today."""
        shown = ((guild_id, self._desk_at.get(guild_id)) for guild_id in self._guild_ids())
        return {guild_id for guild_id, last in shown if last is not None and last.date() < now.date()}

    def _next_desk_at(self) -> datetime:
        now = self._clock.now()
        tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
        behind = self._changed | self._of_another_day(now)
        return min([tomorrow, *(self._rests_until(guild_id, now) for guild_id in behind)])
