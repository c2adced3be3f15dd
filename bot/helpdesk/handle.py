"""One unit of work: what came for a case is read, decided, rendered and saved. Sending is delivery's."""

import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.helpdesk.allowance import Allowance
from bot.helpdesk.arrivals import Arrival, ButtonPressed, LookAgain, OrderGiven, Wrote
from bot.helpdesk.clock import Clock
from bot.helpdesk.gather import Gather
from bot.helpdesk.lanes import Lanes
from bot.helpdesk.lookout import Found, Lookout
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Bodies, CaseMoved, Cases, OptOuts
from bot.helpdesk.reconcile import adoptable
from bot.helpdesk.standing import Standing, standing_of
from bot.helpdesk.threads import OwnMessage, Place
from bot.helpdesk.unit import events_of, fold, opened, take
from bot.knowledge.articles import Autonomy
from bot.posts import ChannelId, Elapsed, Event, GuildId, Heard, MessageId, Post, Posted, UserId
from bot.replies.message import Message
from bot.replies.render import render
from bot.triage.case import Case
from bot.triage.decision import Decision
from bot.triage.drafts import approved
from bot.triage.moods import commands
from bot.triage.plans import Action, ReplyPlan, Whisper
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
    has_new_card: bool  # one of its cards has to be rendered
    commands: Mapping[MessageId, str]  # what the asker's words did and a nod confirms: `mute`, `unmute` or `solved`
    whispers: Mapping[int, Whisper | None]  # what whoever pressed is told in private, by press
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
        mind: Mind,
        clock: Clock,
        gather: Gather,
        on_handled: Callable[[Handled], None],
        lookout: Lookout,
        reads_pictures: bool = False,
        lowered: Callable[[GuildId], Mapping[str, Autonomy]] = lambda _: {},  # by moderators of that server
        is_paused: Callable[[GuildId], bool] = lambda _: False,
        opt_outs: OptOuts | None = None,
        on_unknown: Callable[[Arrival], None] = lambda _: None,  # of a thread that has no case
    ) -> None:
        self._cases = cases
        self._mind = mind
        self._reads_pictures = reads_pictures
        self._clock = clock
        self._gather = gather
        self._on_handled = on_handled
        self._lookout = lookout
        self._lowered = lowered
        self._is_paused = is_paused
        self._opt_outs = opt_outs
        self._on_unknown = on_unknown
        self._told = Allowance(most=mind.view.policy.most_an_hour or 1, within=timedelta(hours=1))
        self._lanes: Lanes[Arrival] = Lanes(self._work)

    def hear(self, arrival: Arrival) -> None:
        if isinstance(arrival, Wrote):
            self._lookout.pace.somebody_wrote(arrival.guild_id, arrival.post.at)
        if not self._lanes.put(arrival.thread_id, arrival):
            log.error("no room for what came in thread %s; it is left to the next catch-up", arrival.thread_id)
            self._end(arrival, has_failed=True)

    async def idle(self) -> None:
        await self._lanes.idle()

    async def stop(self, *, patience_s: float = 10.0) -> None:
        await self._lanes.stop(patience_s=patience_s)

    async def _work(self, _: int, lane: deque[Arrival]) -> None:
        first, has_failed = lane[0], True
        try:
            before = await self._before(first)
            # An empty lane: Heron was told to stop meanwhile, and what was in it is left to the next start.
            has_failed = bool(lane) and not await self._unit(take(lane, before), before)
        finally:
            self._end(first, has_failed=has_failed)

    async def _before(self, first: Arrival) -> Case | None:
        """The first message of a thread opens its case. Should there be one already, saving says so."""
        is_first = isinstance(first, Wrote) and first.is_opener and first.heard is Heard.AT_ONCE
        return None if is_first else await self._cases.load(first.thread_id)

    def _end(self, first: Arrival, *, has_failed: bool) -> None:
        if has_failed:
            self._lookout.failed(Place(guild_id=first.guild_id, channel_id=first.thread_id))
        if isinstance(first, LookAgain):
            first.looked.set()

    async def _unit(self, taken: Sequence[Arrival], before: Case | None) -> bool:
        """False when the case moved each time that it was to be saved."""
        started, thread_id = self._clock.now(), taken[0].thread_id
        found = await self._found(taken, before)
        gathered = await self._gather.all(found.arrivals, before, self._view_of(taken[0].guild_id))
        unit = gathered.arrivals
        for number in range(MAX_TRIES):
            if number:
                before = await self._cases.load(thread_id)
            view = replace(self._view_of(taken[0].guild_id), live=gathered.live)
            case = before or (opened(unit[0], view) if unit else None)
            # Staff may name any thread, also another server's.
            if case is None or case.guild_id != taken[0].guild_id or case.is_forgotten:
                self._on_unknown(taken[0])
                return True
            opted_out = await self._opted_out(case, unit)
            # From here to the turn that it takes nothing is waited for, or two would count on the same turn.
            view = replace(self._view_of(case.guild_id), live=gathered.live, opted_out=opted_out)
            case, standing = self._seen(case, found.own)
            events = events_of(unit, case)
            view = replace(view, told_lately=self._told.used(case.guild_id, case.asker_id, view.now))
            after, decisions = fold(case, events, view)
            self._take_turn(case.guild_id, events, decisions, view)
            bodies = self._bodies(after, {reply.key for decision in decisions for reply in decision.replies})
            adopted = standing | self._adopted(after, found.own, bodies)
            try:
                has_new_card = await self._save(before, after, decisions, bodies, now=view.now, adopted=adopted)
            except CaseMoved:
                continue
            if any(decision.said is not None for decision in decisions):
                self._told.take(case.guild_id, case.asker_id, view.now)
            if events and not _is_known(unit, before):  # none: a message of Heron's own that it took back, for instance
                took = self._clock.now() - started
                self._on_handled(
                    _handled(
                        before,
                        after,
                        unit,
                        events=events,
                        decisions=decisions,
                        has_new_card=has_new_card,
                        took=took,
                        view=view,
                    )
                )
            return True
        log.error("thread %s moved %s times during one unit of work; left to the next catch-up", thread_id, MAX_TRIES)
        return False

    async def _save(
        self,
        before: Case | None,
        after: Case,
        decisions: Sequence[Decision],
        bodies: Bodies,
        *,
        now: datetime,
        adopted: Mapping[str, MessageId],
    ) -> bool:
        """Unless nothing came of it: it was read already, or is nobody's affair. Says whether there is a new card."""
        if after == before and not adopted:
            return False
        return await self._cases.save(after, decisions, bodies, now=now, before=before, adopted=adopted)

    async def _opted_out(self, case: Case, unit: Sequence[Arrival]) -> frozenset[UserId]:
        if self._opt_outs is None:
            return frozenset()
        bystander = case.message(case.bystander_id) if case.bystander_id is not None else None
        people = {case.asker_id, *(arrival.post.author_id for arrival in unit if isinstance(arrival, Wrote))}
        people |= {bystander.author_id} if bystander is not None else set()
        return await self._opt_outs.among(case.guild_id, people)

    async def _found(self, taken: Sequence[Arrival], case: Case | None) -> Found:
        first = taken[0]
        if not isinstance(first, LookAgain):
            return Found(arrivals=taken)
        place = Place(guild_id=first.guild_id, channel_id=first.thread_id)
        return await self._lookout.find(place, case, self._view_of(first.guild_id))

    def _view_of(self, guild_id: GuildId) -> View:
        now, known = self._clock.now(), self._mind.view
        return replace(
            known,
            now=now,
            policy=replace(
                known.policy,
                lowered={**known.policy.lowered, **self._lowered(guild_id)},
                is_paused=known.policy.is_paused or self._is_paused(guild_id),
            ),
            late_delay_s=self._lookout.pace.wait_s(guild_id, now),
            reads_pictures=self._reads_pictures,
        )

    def _take_turn(self, guild_id: GuildId, events: Sequence[Event], decisions: Sequence[Decision], view: View) -> None:
        is_late = any(isinstance(event, Posted) and event.heard is Heard.LATE for event in events)
        if is_late and any(decision.said is not None for decision in decisions):
            self._lookout.pace.take(guild_id, view.now + timedelta(seconds=view.late_delay_s))

    def _seen(self, case: Case, own: Sequence[OwnMessage]) -> tuple[Case, dict[str, MessageId]]:
        """The case that knows which of its replies stand in the thread: people have seen these."""
        standing = self._adopted(case, own, {})
        replies = tuple(replace(r, is_posted=True) if r.key in standing else r for r in case.replies)
        return replace(case, replies=replies), standing

    def _adopted(self, case: Case, own: Sequence[OwnMessage], bodies: Bodies) -> dict[str, MessageId]:
        if not own:
            return {}
        unknown = {reply.key for reply in case.replies if not reply.is_posted}
        return adoptable(own, case.replies, {**self._bodies(case, unknown - bodies.keys()), **bodies})

    def _bodies(self, case: Case, keys: Collection[str]) -> Bodies:
        plans = {r.key: approved(r.plan) for r in case.replies if r.key in keys and r.plan is not None}
        return {key: self._rendered(key, plan, case) if plan is not None else None for key, plan in plans.items()}

    def _rendered(self, key: str, plan: ReplyPlan, case: Case) -> Message:
        return render(plan, key=key, words=case.words, templates=self._mind.templates)


def _is_known(unit: Sequence[Arrival], case: Case | None) -> bool:
    """Only messages that a look brought to light before they were told of."""
    posts = [arrival.post for arrival in unit if isinstance(arrival, Wrote)]
    return case is not None and len(posts) == len(unit) and all(case.has_read(post.message_id) for post in posts)


def _handled(
    before: Case | None,
    after: Case,
    unit: Sequence[Arrival],
    *,
    events: tuple[Event, ...],
    decisions: tuple[Decision, ...],
    has_new_card: bool,
    took: timedelta,
    view: View,
) -> Handled:
    posts = [arrival.post for arrival in unit if isinstance(arrival, Wrote)]
    fresh = [post for post in posts if before is None or not before.has_read(post.message_id)]
    typed = [post for post in fresh if post.author_id == after.asker_id]
    standing = standing_of(after, view.now)
    time_passed = any(isinstance(event, Elapsed) for event in events)
    return Handled(
        message_ids=tuple(post.message_id for post in fresh),
        events=events,
        decisions=decisions,
        case=after,
        standing=standing,
        has_new_standing=time_passed or standing is not (standing_of(before, view.now) if before else None),
        whispers={a.press_id: decisions[-1].whisper for a in unit if isinstance(a, ButtonPressed | OrderGiven)},
        has_new_card=has_new_card,
        commands=_nods(before, after, typed, decisions, view),
        took=took,
    )


def _nods(
    before: Case | None, after: Case, typed: Sequence[Post], decisions: Sequence[Decision], view: View
) -> Mapping[MessageId, str]:
    """Nothing is said about any of these; a sign on the message is enough."""
    if view.policy.is_paused:
        return {}
    stays_quiet = after.asker_id in view.opted_out  # everywhere, whatever is wanted of this thread
    nods = {p.message_id: "mute" if stays_quiet else word for p in typed if (word := commands(p.text))}
    if nods or not typed:
        return nods
    if any(Action.SOLVED in decision.actions for decision in decisions):
        return {typed[-1].message_id: "solved"}
    is_newly_muted = after.is_muted and not (before is not None and before.is_muted)
    return {typed[-1].message_id: "mute"} if is_newly_muted else {}
