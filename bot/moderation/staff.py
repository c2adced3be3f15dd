"""What moderators and helpers can do with a case or with Heron, whether they press a button or write a command. Whether
they may is checked here, for every one of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.helpdesk.arrivals import OrderGiven
from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Cases
from bot.helpdesk.press import Privately
from bot.helpdesk.threads import MessageGone, NotDone, Place, Threads
from bot.knowledge.articles import Autonomy
from bot.knowledge.freshness import only_drafted
from bot.moderation.escalation import Escalation, EscalationState
from bot.moderation.ports import Brakes, Escalations, Records, Track
from bot.moderation.why import why_message
from bot.posts import ChannelId, GuildId, MaskedText, Order, Ordered, UserId
from bot.replies.cards import ago
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import MAX_CONTENT, Message
from bot.replies.paragraphs import Paragraph, join
from bot.triage.plans import Topic

#: Characters of a reason in somebody's own words.
MAX_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who wants something, in which server, and what they are there."""

    guild_id: GuildId
    user_id: UserId
    is_moderator: bool
    is_helper: bool = False

    @property
    def is_staff(self) -> bool:
        return self.is_moderator or self.is_helper


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One press or command, with the way back to whoever made it."""

    wish_id: int  # Discord's number of it
    person: Person
    privately: Privately = field(compare=False)


class Refused(Exception):
    """They may not; `word` is the message that says so."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Staff:
    def __init__(
        self,
        *,
        escalations: Escalations,
        cases: Cases,
        records: Records,
        brakes: Brakes,
        threads: Threads,
        mind: Mind,
        clock: Clock,
        mask: Callable[[str], MaskedText],
        order: Callable[[OrderGiven, Privately], None],  # takes it to the case; its answer comes from there
        changed: Callable[[GuildId], None],  # what cards and desk show may be different now
        look_again: Callable[[GuildId], Awaitable[None]],  # at a server's settings, at once
    ) -> None:
        self.escalations = escalations
        self._cases = cases
        self.records = records
        self._mind = mind
        self.clock = clock
        self.mask = mask
        self._brakes = brakes
        self._threads = threads
        self._order = order
        self._changed = changed
        self._look_again = look_again

    @property
    def templates(self) -> Templates:
        return self._mind.templates

    def word(self, name: str, values: Mapping[str, object] | None = None) -> Message:
        return Message(content=self.templates.say(name, values or {}))

    def moderator(self, person: Person) -> None:
        if not person.is_moderator:
            raise Refused("staff-only")

    def order(
        self, wish: Wish, case_id: ChannelId, order: Order, *, article_id: str | None = None, reason: str = ""
    ) -> None:
        """Helpers may bring a case before people, and everybody may silence their own thread; all else is moderators'.

        Whose thread it is, only the case knows.
        """
        person = wish.person
        if order is Order.ESCALATE and not person.is_staff:
            raise Refused("staff-helpers-only")
        if order not in (Order.ESCALATE, Order.MUTE, Order.UNMUTE):
            self.moderator(person)
        is_staff = person.is_moderator or order is Order.ESCALATE
        said = self.mask(reason[:MAX_REASON])
        event = Ordered(by=person.user_id, order=order, article_id=article_id, reason=said, is_staff=is_staff)
        self.give(wish, case_id, event)

    def give(self, wish: Wish, case_id: ChannelId, event: Ordered) -> None:
        """To the case, which answers; that they may was checked."""
        given = OrderGiven(guild_id=wish.person.guild_id, thread_id=case_id, press_id=wish.wish_id, event=event)
        self._order(given, wish.privately)

    async def claim(self, person: Person, key: str) -> Message:
        self.moderator(person)
        after = await self.escalations.claim(key, person.guild_id, by=person.user_id, now=self.clock.now())
        self._changed(person.guild_id)
        if after is None:
            return self.word("staff-unknown")
        if after.state is EscalationState.RESOLVED:
            return self.word("staff-settled-already")
        if after.claimed_by != person.user_id:
            return self.word("staff-has-it", {"claimed_by": Reviewed(f"<@{after.claimed_by}>")})
        return self.word("staff-claimed")

    async def settle_leak(self, person: Person, escalation: Escalation, *, is_over: bool) -> Message:
        """A leaked key is no finding of its case: only the card knows whether somebody saw to it."""
        self.moderator(person)
        now, change = self.clock.now(), self.escalations.resolve if is_over else self.escalations.reopen
        await change(escalation.key, person.guild_id, by=person.user_id, now=now)
        self._changed(person.guild_id)
        return self.word("order-resolved" if is_over else "order-escalated")

    async def delete_leak(self, person: Person, escalation: Escalation) -> Message:
        self.moderator(person)
        message_id = escalation.card.message_id
        if escalation.card.topic is not Topic.LEAK or message_id is None:
            return self.word("staff-unknown")
        place = Place(guild_id=person.guild_id, channel_id=escalation.case_id)
        try:
            await self._threads.delete(place, message_id)
        except MessageGone:
            pass
        except NotDone as no:
            return self.word("staff-cannot-delete", {"reason": str(no)})
        await self.settle_leak(person, escalation, is_over=True)
        return self.word("staff-deleted")

    async def why(self, person: Person, case_id: ChannelId) -> Message:
        self.moderator(person)
        told = await self.records.newest_told(case_id, person.guild_id)
        has_article = told is not None and told.article_id is not None
        track = await self.records.track(str(told.article_id), person.guild_id) if told and has_article else Track()
        case = await self._cases.load(case_id)
        is_theirs = case is not None and case.guild_id == person.guild_id
        return why_message(told, track, self.templates, case if is_theirs else None)

    async def pause(self, person: Person, hours: float | None) -> Message:
        self.moderator(person)
        now = self.clock.now()
        until = None if hours is None else now + timedelta(hours=hours)
        await self._brakes.pause(person.guild_id, by=person.user_id, until=until, now=now)
        await self._look(person)
        return self.word("staff-paused", {"since": ago(until) if until else None})

    async def resume(self, person: Person) -> Message:
        self.moderator(person)
        await self._brakes.resume(person.guild_id, by=person.user_id, now=self.clock.now())
        await self._look(person)
        return self.word("staff-resumed")

    async def lower(self, person: Person, article_id: str, level: str) -> Message:
        """Never above what the article allows itself: the ceiling stands in its file."""
        self.moderator(person)
        article = self.templates.knowledge.articles.get(article_id)
        if article is None:
            return self.word("order-no-article")
        await self._brakes.lower(person.guild_id, article_id, level, by=person.user_id, now=self.clock.now())
        await self._look(person)
        values = {"article": Reviewed(article_id), "autonomy": level, "names": article.front.autonomy.value}
        return self.word("staff-lowered", values)

    async def _look(self, person: Person) -> None:
        await self._look_again(person.guild_id)
        self._changed(person.guild_id)

    def articles(self, person: Person, lowered: Mapping[str, Autonomy]) -> Message:
        """Those that may do less than answer, here or everywhere; all others answer by themselves."""
        self.moderator(person)
        drafted = only_drafted(self.templates.knowledge, self.clock.now().date())
        lines = []
        for article in sorted(self.templates.knowledge.articles.values(), key=lambda a: a.id):
            ceiling = article.front.autonomy
            today = Autonomy.DRAFT if article.id in drafted else ceiling
            level = max(today, lowered.get(article.id, ceiling), key=list(Autonomy).index)
            on_text = max(level, article.front.on_text, key=list(Autonomy).index)
            if on_text is not Autonomy.ANSWER:
                values = {
                    "article": Reviewed(article.id),
                    "autonomy": level.value,
                    "names": ceiling.value,
                    "on_text": on_text.value if on_text is not level else None,
                }
                lines.append(Paragraph(text=self.templates.say("desk-article", values)))
        if not lines:
            return self.word("desk-articles-all")
        return Message(content=join(lines, comfortable=MAX_CONTENT, limit=MAX_CONTENT))

    async def open_cases(self, person: Person, naming: str, *, limit: int) -> Sequence[tuple[ChannelId, str]]:
        if not person.is_moderator:
            return ()
        return await self.records.open_cases(person.guild_id, naming=naming, limit=limit)

    def known_articles(self, naming: str, *, limit: int) -> Sequence[tuple[str, str]]:
        """Ids and titles that hold these letters."""
        wanted = naming.casefold()
        articles = self.templates.knowledge.articles.values()
        found = ((a.id, a.front.title) for a in articles if wanted in f"{a.id} {a.front.title}".casefold())
        return sorted(found)[:limit]
