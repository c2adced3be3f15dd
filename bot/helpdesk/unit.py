"""What belongs into one unit of work, and what it means to the case. Pure."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.extraction import mask
from bot.helpdesk.arrivals import (
    Arrival,
    ButtonPressed,
    Erased,
    LookAgain,
    OrderGiven,
    Rewrote,
    ThreadErased,
    TimePassed,
    Wrote,
)
from bot.posts import Deleted, Edited, Elapsed, Event, PersonSpoke, Post, Posted, Pressed, Role, UserId, Verb
from bot.triage.case import Case
from bot.triage.decision import Decision
from bot.triage.step import step
from bot.triage.view import View


def take(lane: deque[Arrival], case: Case | None) -> tuple[Arrival, ...]:
    """The next arrival; when the asker wrote it, everything that they wrote right after it as well."""
    first = lane.popleft()
    taken = [first]
    asker_id = _asker_of(first, case)
    if isinstance(first, Wrote) and first.post.author_id == asker_id:
        while lane and isinstance(more := lane[0], Wrote) and more.post.author_id == asker_id:
            taken.append(lane.popleft())
    return tuple(taken)


def opened(arrival: Arrival, view: View) -> Case | None:
    """A new case; None when the arrival opens none: its thread was never seen from its start."""
    if not isinstance(arrival, Wrote) or not arrival.is_opener:
        return None
    return Case(
        guild_id=arrival.guild_id,
        thread_id=arrival.thread_id,
        asker_id=arrival.post.author_id,
        title=mask(arrival.post.title, view.knowledge.vocabulary, salt=view.salt).text,
        opened_at=arrival.post.at,
    )


def events_of(unit: Sequence[Arrival], case: Case) -> tuple[Event, ...]:
    events: list[Event] = []
    for arrival in unit:
        for event in _events(arrival, case):
            before = events[-1] if events else None
            if isinstance(event, Posted) and isinstance(before, Posted) and before.heard is event.heard:
                events[-1] = replace(before, posts=before.posts + event.posts)
            else:
                events.append(event)
    return tuple(events)


def fold(case: Case, events: Sequence[Event], view: View) -> tuple[Case, tuple[Decision, ...]]:
    decisions: list[Decision] = []
    for event in events:
        result = step(case, event, view)
        case = result.case
        decisions.extend(result.decisions)
    return case, tuple(decisions)


def _events(arrival: Arrival, case: Case) -> Iterator[Event]:
    match arrival:
        case Wrote(post=post, heard=heard):
            yield Posted(posts=(_as_asker(post),), heard=heard) if _is_askers(post, case) else PersonSpoke(post=post)
        case Rewrote(post=post, heard=heard):
            yield Edited(post=_as_asker(post) if _is_askers(post, case) else post, heard=heard)
        case Erased(message_ids=message_ids):
            # Heron's own are not among the messages of a case: when it takes one back, nothing new has happened.
            known = (case.message(message_id) for message_id in message_ids)
            yield from (Deleted(message_id=message.message_id) for message in known if message is not None)
        case ThreadErased():
            yield from (Deleted(message_id=message.message_id) for message in reversed(case.messages))
        case TimePassed(kind=kind):
            yield Elapsed(kind=kind)
        case ButtonPressed():
            yield _press(arrival, case)
        case OrderGiven(event=event):
            yield event
        case LookAgain():
            pass  # what it brings to light are arrivals of their own


def _press(arrival: ButtonPressed, case: Case) -> Pressed:
    """Helpers are no more than others here: a case is moved by its asker and by moderators."""
    by = Role.ASKER if arrival.by == case.asker_id else Role.STAFF if arrival.is_moderator else Role.OTHER
    chooses = arrival.verb is Verb.CHOOSE
    revision = arrival.detail if not chooses and arrival.detail and arrival.detail.isdecimal() else None
    return Pressed(
        by=by,
        verb=arrival.verb,
        article_id=arrival.detail if chooses else None,
        key=arrival.key,
        revision=None if revision is None else int(revision),
    )


def _asker_of(arrival: Arrival, case: Case | None) -> UserId | None:
    if case is not None:
        return case.asker_id
    return arrival.post.author_id if isinstance(arrival, Wrote) and arrival.is_opener else None


def _is_askers(post: Post, case: Case) -> bool:
    """A post that an app or a webhook opened, when staff moved it for instance, has nobody who asks."""
    return post.author_id == case.asker_id and post.role is not Role.BOT


def _as_asker(post: Post) -> Post:
    """Staff with a question of their own are askers in their own thread."""
    return replace(post, role=Role.ASKER)
