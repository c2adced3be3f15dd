"""What commands ask for beyond a card's buttons: the card itself, the queue, figures, and words for everybody."""

from collections.abc import Callable, Mapping

from bot.knowledge.articles import Autonomy
from bot.moderation.cards import Cards
from bot.moderation.desk import Desk
from bot.moderation.staff import Staff, Wish
from bot.posts import ChannelId, GuildId
from bot.replies.message import Message
from bot.triage.keys import people_key


class Office:
    def __init__(
        self, *, staff: Staff, desk: Desk, cards: Cards, lowered: Callable[[GuildId], Mapping[str, Autonomy]]
    ) -> None:
        self.staff = staff
        self._desk = desk
        self._cards = cards
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
        return card or await self.staff.why(wish.person, case_id)

    async def claim(self, wish: Wish, case_id: ChannelId) -> Message:
        return await self.staff.claim(wish.person, people_key(case_id))

    async def why(self, wish: Wish, case_id: ChannelId) -> Message:
        return await self.staff.why(wish.person, case_id)

    async def queue(self, wish: Wish) -> Message:
        self.staff.moderator(wish.person)
        return await self._desk.queue(wish.person.guild_id)

    async def stats(self, wish: Wish) -> Message:
        return await self.staff.stats(wish.person)

    async def articles(self, wish: Wish) -> Message:
        return self.staff.articles(wish.person, self._lowered(wish.person.guild_id))
