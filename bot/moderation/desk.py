"""The desk: one message a server in the moderators' channel that shows what waits for people, edited in place."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.knowledge.articles import HandOverWhen
from bot.knowledge.freshness import only_drafted
from bot.moderation.ports import DeskFigures, Desks, Waiting
from bot.posts import ChannelId, GuildId
from bot.replies.cards import ago
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import MAX_CONTENT, Message
from bot.replies.paragraphs import Paragraph, join
from bot.triage.handover import MODERATORS

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
        return await self._message(guild_id, named=QUEUED)

    async def refresh(self, guild_id: GuildId) -> None:
        channel_id = self._moderators_of(guild_id)
        if channel_id is None:
            return
        body = await self._message(guild_id, named=NAMED)
        await self._desks.show(guild_id, channel_id, body, now=self._clock.now())

    async def _message(self, guild_id: GuildId, *, named: int) -> Message:
        figures = await self._figures(guild_id, named=named)
        return desk_message(figures, self._mind.templates, self._clock.now().date())

    async def _figures(self, guild_id: GuildId, *, named: int) -> DeskFigures:
        since, elsewhere = self._clock.now() - LOOK_BACK, _decided_elsewhere(self._mind.templates)
        return await self._desks.figures(guild_id, since=since, named=named, elsewhere=elsewhere)


def _decided_elsewhere(templates: Templates) -> frozenset[str]:
    """Articles whose answer only names who can act: the asker waits for people whom no moderator can stand in for."""
    articles = templates.knowledge.articles.items()
    always = {
        article_id: a.front.hand_over for article_id, a in articles if a.front.hand_over.when is HandOverWhen.ALWAYS
    }
    return frozenset(article_id for article_id, hand_over in always.items() if hand_over.to != MODERATORS)


def desk_message(figures: DeskFigures, templates: Templates, today: date) -> Message:
    head = {"waiting": figures.waiting or None, "paused": figures.is_paused or None}
    until = figures.paused_until
    parts = [
        Paragraph(text=templates.say("desk-head", {**head, "since": ago(until) if until is not None else None})),
        *(Paragraph(text=templates.say("desk-line", _line(w, n, templates))) for n, w in enumerate(figures.oldest, 1)),
        Paragraph(text=templates.say("desk-more", {"waiting": figures.waiting - len(figures.oldest) or None})),
        Paragraph(text=templates.say("desk-demoted", {"names": _demoted(figures)}), is_apart=True),
        Paragraph(text=templates.say("desk-expired", _expired(templates, today)), is_apart=True),
        Paragraph(text=templates.say("desk-counts", _counts(figures)), is_apart=True),
    ]
    return Message(content=join(parts, comfortable=MAX_CONTENT, limit=MAX_CONTENT))


def _line(waiting: Waiting, number: int, templates: Templates) -> dict[str, object]:
    article = templates.knowledge.articles.get(waiting.article_id or "")
    to = article.front.hand_over.to if article else MODERATORS
    return {
        "letter": number,
        "article": Reviewed(waiting.article_id) if waiting.article_id else None,
        "place": Reviewed(f"<#{waiting.case_id}>"),
        "since": ago(waiting.since),
        "destination": templates.destination(to) if to != MODERATORS else None,
        "claimed_by": Reviewed(f"<@{waiting.claimed_by}>") if waiting.claimed_by else None,
    }


def _counts(figures: DeskFigures) -> dict[str, object]:
    return {
        "unconfirmed": figures.unconfirmed,
        "not_for_heron": figures.not_for_heron,
        "drafts": figures.drafts or None,
    }


def _expired(templates: Templates, today: date) -> dict[str, object]:
    drafted = only_drafted(templates.knowledge, today)
    return {
        "names": Reviewed(", ".join(sorted(drafted)[:NAMED])) if drafted else None,
        "more": max(0, len(drafted) - NAMED) or None,
        "expired": tuple(Reviewed(name) for name in sorted({name for names in drafted.values() for name in names})),
    }


def _demoted(figures: DeskFigures) -> Reviewed | None:
    named = sorted(figures.demoted.items())[:NAMED]
    names = ", ".join(f"{article_id} ({t.wrong} of {t.right + t.wrong})" for article_id, t in named)
    return Reviewed(names) if names else None
