"""What a case waits for: when it is to be looked at again, and what has come of the waiting then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.posts import MessageId, UserId
from bot.triage.case import Case, FindingState
from bot.triage.decision import Due, Step
from bot.triage.exchange import Exchange, drop_waiting, silent, speak
from bot.triage.keys import BESIDE, CHECK_IN, UNANSWERED
from bot.triage.limits import is_told_enough
from bot.triage.plans import Action, Buttons, Words
from bot.triage.situation import Outcome
from bot.triage.view import View


class DueKind(StrEnum):
    UNANSWERED = "unanswered"  # people were asked for, and nobody came
    UNCONFIRMED = "unconfirmed"  # answered, and nobody said that it helped: the thread's tag shows it
    CHECK_IN = "check-in"
    DRAFT = "draft"  # no moderator looked at it
    OWN_POST = "own-post"  # somebody else's problem in this thread, that nobody took up


_AFTER = {
    DueKind.UNANSWERED: timedelta(hours=24),
    DueKind.UNCONFIRMED: timedelta(hours=6),
    DueKind.CHECK_IN: timedelta(hours=24),
    DueKind.DRAFT: timedelta(hours=24),
    DueKind.OWN_POST: timedelta(minutes=10),
}
#: How much later a word still makes sense; a thread that was quiet for longer is not woken.
_STILL_SAID_FOR = {
    DueKind.UNANSWERED: timedelta(days=6),
    DueKind.CHECK_IN: timedelta(days=2),
    DueKind.OWN_POST: timedelta(hours=12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wait:
    kind: DueKind
    since: datetime

    @property
    def at(self) -> datetime:
        return self.since + _AFTER[self.kind]


def dues_of(case: Case) -> tuple[Due, ...]:
    """When to look at the case again; whatever is not among them is waited for no longer."""
    return tuple(Due(kind=wait.kind.value, at=wait.at) for wait in _waits(case))


def on_elapsed(case: Case, view: View) -> Step:
    """At most one word, decided from the case and the time alone: hearing of it twice says nothing twice."""
    if any(wait.kind is DueKind.DRAFT and wait.at <= view.now for wait in _waits(case)):
        return silent(_without_old_drafts(case, view.now), "no moderator looked at it for a day")
    if view.policy.is_paused:
        return silent(case, "paused")
    if is_told_enough(view):
        return silent(case, "told enough within an hour")
    if case.asker_id in view.opted_out:
        return drop_waiting(case, "the asker wants no answers in this server")
    for wait in _waits(case):
        last = _STILL_SAID_FOR.get(wait.kind)
        if wait.kind is DueKind.OWN_POST and _bystander(case) in view.opted_out:
            continue
        if last is not None and wait.at <= view.now <= wait.at + last:
            return _told(case, wait, view)
    return silent(case, "time alone changes nothing here")


def is_unconfirmed(case: Case, now: datetime) -> bool:
    """Answered long ago, no word since, and no person in it."""
    return any(wait.kind is DueKind.UNCONFIRMED and wait.at <= now for wait in _waits(case))


def _waits(case: Case) -> Iterator[_Wait]:
    if case.is_muted or case.closed_at is not None:
        return
    handed = _newest(case, FindingState.HANDED_OVER)
    if handed is not None and not _person_since(case, handed) and not _was_said(case, "unanswered"):
        yield _Wait(kind=DueKind.UNANSWERED, since=handed)
    answered = _newest(case, FindingState.ANSWERED)
    if answered is not None and case.staff_spoke_at is None and case.helped_at is None:
        yield _Wait(kind=DueKind.UNCONFIRMED, since=answered)
        if not _asker_since(case, answered) and not _was_said(case, "check-in"):
            yield _Wait(kind=DueKind.CHECK_IN, since=answered)
    drafted = [f.since for f in case.findings if f.state is FindingState.DRAFTED and f.since is not None]
    if drafted:
        yield _Wait(kind=DueKind.DRAFT, since=min(drafted))
    bystander = case.message(case.bystander_id) if case.bystander_id is not None else None
    if bystander is not None and case.messages[-1] is bystander and not _was_said(case, "open-own-post"):
        yield _Wait(kind=DueKind.OWN_POST, since=bystander.at)


def _without_old_drafts(case: Case, now: datetime) -> Case:
    """Their messages follow: a draft stands only as long as its finding waits."""
    old = now - _AFTER[DueKind.DRAFT]
    kept = (f for f in case.findings if f.state is not FindingState.DRAFTED or f.since is None or f.since > old)
    return replace(case, findings=tuple(kept))


def _bystander(case: Case) -> UserId | None:
    message = case.message(case.bystander_id) if case.bystander_id is not None else None
    return message.author_id if message is not None else None


def _newest(case: Case, state: FindingState) -> datetime | None:
    """Since when; None when nothing is in that state. A problem answered beside another one is not waited for."""
    found = (f.since for f in case.findings if f.state is state and f.since is not None and not f.is_aside)
    return max(found, default=None)


def _person_since(case: Case, moment: datetime) -> bool:
    return any(at is not None and at >= moment for at in (case.staff_spoke_at, case.helped_at))


def _asker_since(case: Case, moment: datetime) -> bool:
    return any(m.at > moment for m in case.asker_messages())


def _was_said(case: Case, name: str) -> bool:
    plans = (reply.plan for reply in case.replies if reply.plan is not None)
    return any(isinstance(part, Words) and part.name == name for plan in plans for part in plan.parts)


def _told(case: Case, wait: _Wait, view: View) -> Step:
    asked = case.asker_messages()
    newest = asked[-1].message_id if asked else MessageId(case.thread_id)
    match wait.kind:
        case DueKind.UNANSWERED:
            values = {"since": int(wait.since.timestamp())}
            outcome = _word("nobody came for a day", Words(name="unanswered", values=values), Action.ANSWER)
            exchange = _beside(newest, UNANSWERED)
        case DueKind.CHECK_IN:
            outcome = _word("answered a day ago, and no word since", Words(name="check-in"), Action.ASK)
            outcome = replace(outcome, buttons=Buttons.ANSWER)
            exchange = _beside(newest, CHECK_IN)
        case _:
            outcome = _word("nobody took up somebody else's problem", Words(name="open-own-post"), Action.ANSWER)
            exchange = _beside(case.bystander_id or newest, BESIDE)
            case = replace(case, bystander_id=None)
    return speak(case, exchange, outcome, view)


def _word(reason: str, words: Words, action: Action) -> Outcome:
    return Outcome(actions=(action,), reason=reason, parts=(words,))


def _beside(question_id: MessageId, letter: str) -> Exchange:
    return Exchange(messages=(), question_id=question_id, reply=None, has_opener=False, letter=letter)
