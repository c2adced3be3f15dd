"""One unit of work: what came for a case is read, decided, rendered and saved. Sending is delivery's."""

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.helpdesk.arrivals import Arrival, Wrote
from bot.helpdesk.clock import Clock
from bot.helpdesk.gather import Gather
from bot.helpdesk.lanes import Lanes
from bot.helpdesk.ports import CaseMoved, Cases
from bot.helpdesk.standing import Standing, standing_of
from bot.helpdesk.unit import events_of, fold, opened, take
from bot.posts import ChannelId, Event, GuildId, MessageId
from bot.replies.compile import Templates
from bot.replies.message import Message
from bot.replies.render import render
from bot.triage.case import Case
from bot.triage.decision import Decision
from bot.triage.moods import commands
from bot.triage.view import View

log = logging.getLogger(__name__)

#: How often a case may move under our hands before the unit gives up and leaves it to the next catch-up.
MAX_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of one unit of work."""

    message_ids: tuple[MessageId, ...]  # that were new
    events: tuple[Event, ...]
    decisions: tuple[Decision, ...]
    case: Case
    standing: Standing | None
    has_new_standing: bool
    commands: Mapping[MessageId, str]  # `mute` or `unmute`, as the asker typed it
    took: timedelta

    @property
    def guild_id(self) -> GuildId:
        return self.case.guild_id

    @property
    def thread_id(self) -> ChannelId:
        return self.case.thread_id


class Desk:
    """Takes arrivals at once and works on them case by case: one case in order, different cases side by side."""

    def __init__(
        self,
        *,
        cases: Cases,
        view: View,  # its time is set anew for every unit
        templates: Templates,
        clock: Clock,
        gather: Gather,
        on_handled: Callable[[Handled], None],
    ) -> None:
        self._cases = cases
        self._view = view
        self._templates = templates
        self._clock = clock
        self._gather = gather
        self._on_handled = on_handled
        self._lanes: Lanes[Arrival] = Lanes(self._work)

    def hear(self, arrival: Arrival) -> None:
        if not self._lanes.put(arrival.thread_id, arrival):
            log.error("no room for what came in thread %s; it is left to the next catch-up", arrival.thread_id)

    async def idle(self) -> None:
        await self._lanes.idle()

    async def stop(self, *, patience_s: float = 10.0) -> None:
        await self._lanes.stop(patience_s=patience_s)

    async def _work(self, thread_id: int, lane: deque[Arrival]) -> None:
        started = self._clock.now()
        unit: tuple[Arrival, ...] = ()
        for _ in range(MAX_TRIES):
            before = await self._cases.load(ChannelId(thread_id))
            unit = unit or await self._gather.all(take(lane, before))
            view = replace(self._view, now=self._clock.now())
            case = before or opened(unit[0], view)
            if case is None:
                return
            events = events_of(unit, case)
            if not events:  # nobody's affair: a message of Heron's own that it took back, for instance
                return
            after, decisions = fold(case, events, view)
            try:
                if after != before:  # else nothing came of it: read already, or nobody's affair
                    await self._cases.save(after, decisions, self._bodies(after, decisions), now=view.now)
            except CaseMoved:
                continue
            took = self._clock.now() - started
            self._on_handled(_handled(before, after, unit, events=events, decisions=decisions, took=took))
            return
        log.error("thread %s moved %s times during one unit of work; left to the next catch-up", thread_id, MAX_TRIES)

    def _bodies(self, case: Case, decisions: Sequence[Decision]) -> dict[str, Message]:
        changed = {reply.key for decision in decisions for reply in decision.replies}
        return {
            r.key: render(r.plan, key=r.key, words=case.words, templates=self._templates)
            for r in case.replies
            if r.key in changed and r.plan is not None
        }


def _handled(
    before: Case | None,
    after: Case,
    unit: Sequence[Arrival],
    *,
    events: tuple[Event, ...],
    decisions: tuple[Decision, ...],
    took: timedelta,
) -> Handled:
    posts = [arrival.post for arrival in unit if isinstance(arrival, Wrote)]
    fresh = [post for post in posts if before is None or before.message(post.message_id) is None]
    typed = [post for post in fresh if post.author_id == after.asker_id]
    standing = standing_of(after)
    return Handled(
        message_ids=tuple(post.message_id for post in fresh),
        events=events,
        decisions=decisions,
        case=after,
        standing=standing,
        has_new_standing=standing is not (standing_of(before) if before else None),
        commands={post.message_id: word for post in typed if (word := commands(post.text))},
        took=took,
    )
