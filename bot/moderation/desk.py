"""The desk: one message a server in the moderators' channel that shows what waits for people, edited in place."""

from collections.abc import Callable
from datetime import timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.moderation.ports import DeskFigures, Desks, Waiting
from bot.posts import ChannelId, GuildId
from bot.replies.cards import ago
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import MAX_CONTENT, Message
from bot.replies.paragraphs import Paragraph, join

#: Cases that the desk names; the others are counted.
NAMED = 10
#: Cases that are named to whoever asks for the queue.
QUEUED = 20
#: How far back what nobody confirmed and what was not for Heron is counted.
LOOK_BACK = timedelta(days=7)


class Desk:
    def __init__(
        self,
        *,
        desks: Desks,
        mind: Mind,
        clock: Clock,
        moderators_of: Callable[[GuildId], ChannelId | None],
    ) -> None:
        self._desks = desks
        self._mind = mind
        self._clock = clock
        self._moderators_of = moderators_of

    async def queue(self, guild_id: GuildId) -> Message:
        """More of it than the desk shows, for whoever asks."""
        since = self._clock.now() - LOOK_BACK
        figures = await self._desks.figures(guild_id, since=since, named=QUEUED)
        return desk_message(figures, self._mind.templates)

    async def refresh(self, guild_id: GuildId) -> None:
        channel_id = self._moderators_of(guild_id)
        if channel_id is None:
            return
        now = self._clock.now()
        figures = await self._desks.figures(guild_id, since=now - LOOK_BACK, named=NAMED)
        await self._desks.show(guild_id, channel_id, desk_message(figures, self._mind.templates), now=now)


def desk_message(figures: DeskFigures, templates: Templates) -> Message:
    head = {"waiting": figures.waiting or None, "paused": figures.is_paused or None}
    until = figures.paused_until
    parts = [
        Paragraph(text=templates.say("desk-head", {**head, "since": ago(until) if until is not None else None})),
        *(Paragraph(text=templates.say("desk-line", _line(w, n, templates))) for n, w in enumerate(figures.oldest, 1)),
        Paragraph(text=templates.say("desk-more", {"waiting": figures.waiting - len(figures.oldest) or None})),
        Paragraph(text=templates.say("desk-counts", _counts(figures)), is_apart=True),
    ]
    return Message(content=join(parts, comfortable=MAX_CONTENT, limit=MAX_CONTENT))


def _line(waiting: Waiting, number: int, templates: Templates) -> dict[str, object]:
    article = templates.knowledge.articles.get(waiting.article_id or "")
    to = article.front.hand_over.to if article else "moderators"
    return {
        "letter": number,
        "article": Reviewed(waiting.article_id) if waiting.article_id else None,
        "place": Reviewed(f"<#{waiting.case_id}>"),
        "since": ago(waiting.since),
        "destination": templates.destination(to) if to != "moderators" else None,
        "claimed_by": Reviewed(f"<@{waiting.claimed_by}>") if waiting.claimed_by else None,
    }


def _counts(figures: DeskFigures) -> dict[str, object]:
    return {
        "unconfirmed": figures.unconfirmed,
        "not_for_heron": figures.not_for_heron,
        "drafts": figures.drafts or None,
    }
