"""What commands ask for beyond a card's buttons: the card itself, the queue, figures, and words for everybody."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.helpdesk.press import Picture
from bot.knowledge.articles import Autonomy
from bot.moderation.cards import Cards
from bot.moderation.chart import Chart, Charts
from bot.moderation.deeds import OF_A_CASE, OF_A_SERVER, log_message, with_deeds
from bot.moderation.desk import LOOK_BACK, Desk
from bot.moderation.staff import Staff, Wish
from bot.moderation.statistics import chart_words, figures_message, figures_of
from bot.moderation.sweep import Broom, Sweep, done, moment_of, preview
from bot.posts import ChannelId, GuildId
from bot.replies.message import Message
from bot.triage.keys import people_key

#: Discord's limit for the words that stand for a picture.
MAX_DESCRIPTION = 1024


class Office:
    def __init__(
        self,
        *,
        staff: Staff,
        desk: Desk,
        cards: Cards,
        broom: Broom,
        lowered: Callable[[GuildId], Mapping[str, Autonomy]],
    ) -> None:
        self.staff = staff
        self._desk = desk
        self._cards = cards
        self._broom = broom
        self._charts = Charts()
        self._lowered = lowered

    def word(self, name: str) -> Message:
        return self.staff.word(name)

    async def tell(self, name: str, language: str) -> Message:
        return Message(content=self.staff.templates.say(name, {}, language=language))

    async def show(self, wish: Wish, case_id: ChannelId) -> Message:
        self.staff.moderator(wish.person)
        escalation = await self.staff.escalations.of_case(case_id, wish.person.guild_id)
        card = await self._cards.shown(escalation) if escalation is not None else None
        # What was never handed to people has no card; why nothing or something was said is all there is.
        said = card or await self.staff.why(wish.person, case_id)
        deeds = await self.staff.records.deeds(wish.person.guild_id, case_id=case_id, limit=OF_A_CASE)
        return with_deeds(said, deeds, self.staff.templates)

    async def log(self, wish: Wish) -> Message:
        self.staff.moderator(wish.person)
        deeds = await self.staff.records.deeds(wish.person.guild_id, case_id=None, limit=OF_A_SERVER)
        return log_message(deeds, self.staff.templates)

    async def claim(self, wish: Wish, case_id: ChannelId) -> Message:
        return await self.staff.claim(wish.person, people_key(case_id))

    async def why(self, wish: Wish, case_id: ChannelId) -> Message:
        return await self.staff.why(wish.person, case_id)

    async def queue(self, wish: Wish) -> Message:
        self.staff.moderator(wish.person)
        return await self._desk.queue(wish.person.guild_id)

    async def stats(self, wish: Wish) -> None:
        """The figures, and a picture of them where it can be drawn."""
        self.staff.moderator(wish.person)
        guild_id, since = wish.person.guild_id, self.staff.clock.now() - LOOK_BACK
        records, templates = self.staff.records, self.staff.templates
        judged = await records.judged(guild_id, since=since)
        figures = figures_of(await records.cases(guild_id, since=since), judged)
        png = await self._charts.draw(Chart(figures=figures, words=chart_words(figures, templates)))
        said = figures_message(figures, templates, has_picture=png is not None)
        picture = (
            Picture(filename="week.png", png=png, description=said.content[:MAX_DESCRIPTION])
            if png is not None
            else None
        )
        await wish.privately.tell(said, picture=picture)

    async def articles(self, wish: Wish) -> Message:
        return self.staff.articles(wish.person, self._lowered(wish.person.guild_id))

    async def sweep(self, wish: Wish, article_id: str, since: str) -> Message:
        """What a sweep would do, before anything is done."""
        self.staff.moderator(wish.person)
        moment = moment_of(since, self.staff.clock.now())
        if moment is None:
            return self.word("desk-sweep-since")
        if article_id not in self.staff.templates.knowledge.articles:
            return self.word("order-no-article")
        sweep = Sweep(guild_id=wish.person.guild_id, article_id=article_id, since=moment)
        return preview(sweep, await self._broom.look(sweep), self.staff.templates)

    async def sweep_now(self, wish: Wish, article_id: str, since: datetime) -> Message:
        self.staff.moderator(wish.person)
        if article_id not in self.staff.templates.knowledge.articles:
            return self.word("order-no-article")
        sweep = Sweep(guild_id=wish.person.guild_id, article_id=article_id, since=since)
        return done(sweep, await self._broom.sweep(sweep, by=wish.person.user_id), self.staff.templates)
