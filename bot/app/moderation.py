"""The moderators' side, put together: cards and desks that are kept up to date, and what staff can do."""

from collections.abc import Callable
from datetime import timedelta

from bot.app.store import Store
from bot.extraction import mask
from bot.helpdesk.arrivals import OrderGiven
from bot.helpdesk.clock import Clock
from bot.helpdesk.handle import Handled
from bot.helpdesk.mind import Mind
from bot.helpdesk.press import Privately
from bot.helpdesk.servers import Servers
from bot.helpdesk.threads import Threads
from bot.moderation.cards import Cards
from bot.moderation.desk import Desk
from bot.moderation.drafts import Drafts
from bot.moderation.measurement import Measurement
from bot.moderation.office import Office
from bot.moderation.presses import CardPresses
from bot.moderation.rounds import Rounds
from bot.moderation.staff import Staff
from bot.moderation.sweep import Broom
from bot.posts import GuildId


class Moderation:
    def __init__(
        self,
        *,
        mind: Mind,
        store: Store,
        clock: Clock,
        servers: Servers,
        threads: Threads,
        order: Callable[[OrderGiven, Privately], None],
        on_wanted: Callable[[], None],
        on_back: Callable[[GuildId], None],
        desk_rest: timedelta,
    ) -> None:
        self._servers = servers
        self._on_back = on_back
        self.desk = Desk(desks=store.desks, mind=mind, clock=clock, moderators_of=servers.moderators_of)
        cards = Cards(
            escalations=store.escalations,
            cases=store.cases,
            mind=mind,
            clock=clock,
            moderators_of=servers.moderators_of,
        )
        self.rounds = Rounds(
            cards=cards,
            desk=self.desk,
            measure=self._measurement(mind, store, clock).measure,
            guild_ids=lambda: servers.known_ids,
            on_wanted=on_wanted,
            clock=clock,
            desk_rest=desk_rest,
        )

        self.staff = Staff(
            escalations=store.escalations,
            cases=store.cases,
            records=store.records,
            brakes=store.brakes,
            threads=threads,
            mind=mind,
            clock=clock,
            mask=lambda text: mask(text, mind.view.knowledge.vocabulary, salt=mind.view.salt).text,
            order=order,
            changed=self.rounds.changed,
            look_again=self._look_again,
        )
        self.presses = CardPresses(self.staff, Drafts(self.staff, store.cases))
        broom = self._broom(mind, store, clock, on_wanted)
        self.office = Office(staff=self.staff, desk=self.desk, cards=cards, broom=broom, lowered=servers.lowered)

    def _measurement(self, mind: Mind, store: Store, clock: Clock) -> Measurement:
        return Measurement(
            records=store.records,
            brakes=store.brakes,
            mind=mind,
            clock=clock,
            lowered=self._servers.lowered,
            look_again=self._look_again,
        )

    def _broom(self, mind: Mind, store: Store, clock: Clock, on_wanted: Callable[[], None]) -> Broom:
        return Broom(
            sweeps=store.sweeps,
            cases=store.cases,
            mind=mind,
            clock=clock,
            on_wanted=on_wanted,
        )

    def after(self, handled: Handled) -> None:
        is_news = any(d.cards or d.verdicts or d.ordered or d.replies for d in handled.decisions)
        if handled.has_new_card:
            self.rounds.cards_changed(handled.case)
        if any(decision.verdicts for decision in handled.decisions):
            self.rounds.judged(handled.guild_id)
        elif is_news or handled.has_new_standing:
            self.rounds.desk_changed(handled.guild_id)

    async def _look_again(self, guild_id: GuildId) -> None:
        if await self._servers.look_again(guild_id):
            self._on_back(guild_id)
