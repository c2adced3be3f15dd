"""Keeps one card an escalation in the moderators' channel: posted at once, edited as things change, never reposted."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Cases
from bot.moderation.escalation import SHARE_FROM, Escalation, EscalationState
from bot.moderation.ports import Escalations
from bot.posts import ChannelId, GuildId
from bot.replies.cards import CardStanding, card_buttons, render_card
from bot.replies.drafts import draft_message
from bot.replies.message import Message
from bot.triage.case import Case
from bot.triage.plans import Topic

#: Cards that are rendered in one go.
BATCH = 32
#: New cards that the moderators' channel gets in any hour; two more messages are left for what goes wrong.
CARDS_AN_HOUR = 10
#: Of these, for leaked keys and nothing else: a busy night must not hold them up.
KEPT_FOR_LEAKS = 3
HOUR = timedelta(hours=1)
NOTHING_KNOWN: Mapping[ChannelId, Case] = {}


class Cards:
    def __init__(
        self,
        *,
        escalations: Escalations,
        cases: Cases,
        mind: Mind,
        clock: Clock,
        moderators_of: Callable[[GuildId], ChannelId | None],
    ) -> None:
        self._escalations = escalations
        self._cases = cases
        self._mind = mind
        self._clock = clock
        self._moderators_of = moderators_of

    async def refresh(self, guild_ids: Sequence[GuildId], *, known: Mapping[ChannelId, Case] = NOTHING_KNOWN) -> int:
        """Renders every card that is behind; returns how many. What they want is delivery's to make true.

        `known` are cases as they were saved, for whoever still has them; one that moved since is loaded.
        """
        rendered, is_all = 0, False
        while not is_all:
            found = await self._escalations.behind(guild_ids, limit=BATCH)
            for escalation in found:
                alike = await self._alike(escalation)
                # Those that share a card with it may have to be shown otherwise now.
                for one in {other.key: other for other in (escalation, *alike)}.values():
                    await self._render(one, alike, known)
            rendered += len(found)
            is_all = len(found) < BATCH
        return rendered

    async def shown(self, escalation: Escalation) -> Message | None:
        """The card as it is now; None when nothing of its case is kept."""
        return await self._body(escalation, (), NOTHING_KNOWN)

    async def _render(
        self, escalation: Escalation, alike: Sequence[Escalation], known: Mapping[ChannelId, Case]
    ) -> None:
        channel_id = self._moderators_of(escalation.guild_id)
        body = None if channel_id is None else await self._body(escalation, alike, known)
        # Without a moderators' channel it stands in the queue only.
        where = channel_id if channel_id is not None else escalation.case_id
        now = self._clock.now()
        not_before = None if body is None or escalation.has_card else await self._room(escalation, now)
        await self._escalations.show(escalation, where, body, now=now, not_before=not_before)

    async def _room(self, escalation: Escalation, now: datetime) -> datetime:
        """When the channel has room for one more message; until then the case stands at the desk."""
        most = CARDS_AN_HOUR if escalation.card.topic is Topic.LEAK else CARDS_AN_HOUR - KEPT_FOR_LEAKS
        return next_room(await self._escalations.card_times(escalation.guild_id, since=now - HOUR), now, most=most)

    async def _body(
        self, escalation: Escalation, alike: Sequence[Escalation], known: Mapping[ChannelId, Case]
    ) -> Message | None:
        is_resolved = escalation.state is EscalationState.RESOLVED
        is_led = len(alike) >= SHARE_FROM and alike[0].key != escalation.key  # the oldest one's card speaks for all
        case = await self._case(escalation, known)
        if case is None or (not escalation.has_card if is_resolved else is_led):
            return None
        standing = CardStanding(
            opened_at=escalation.opened_at,
            claimed_by=escalation.claimed_by,
            resolved_by=escalation.resolved_by,
            resolved_at=escalation.resolved_at,
            alike=() if is_resolved else tuple(other.case_id for other in alike),
        )
        if escalation.card.topic is Topic.DRAFT:
            templates = self._mind.templates
            return draft_message(escalation.key, escalation.card, standing, case=case, templates=templates)
        text = render_card(escalation.card, case=case, templates=self._mind.templates, standing=standing)
        return Message(content=text, rows=card_buttons(escalation.key, escalation.card, standing, self._mind.templates))

    async def _case(self, escalation: Escalation, known: Mapping[ChannelId, Case]) -> Case | None:
        case = known.get(escalation.case_id)
        # The saved one is the version after the one that it was made from.
        is_current = case is not None and case.version + 1 == escalation.case_version
        return case if is_current else await self._cases.load(escalation.case_id)

    async def _alike(self, escalation: Escalation) -> Sequence[Escalation]:
        if not escalation.fingerprint:
            return ()
        if not escalation.has_others_alike:
            return (escalation,) if escalation.state is not EscalationState.RESOLVED else ()
        return await self._escalations.alike(escalation.guild_id, escalation.fingerprint)


def next_room(times: Sequence[datetime], now: datetime, *, most: int) -> datetime:
    """The first moment at which one message more makes no hour hold more than `most`."""
    free = (now, *sorted(time + HOUR for time in times if time + HOUR > now))
    return next(moment for moment in free if _has_room(moment, times, most))


def _has_room(moment: datetime, times: Sequence[datetime], most: int) -> bool:
    with_it = (*times, moment)
    hours = (start for start in with_it if start <= moment < start + HOUR)
    return all(sum(start <= time < start + HOUR for time in with_it) <= most for start in hours)
