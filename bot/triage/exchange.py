"""One exchange: messages of the asker that belong together, and the reply that changes with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.posts import MessageId
from bot.recognition.diagnosis import Diagnosis
from bot.triage.case import SETTLED, Case, Finding, FindingState, KnownMessage, Reply
from bot.triage.decision import Decision, Step
from bot.triage.drafts import approved, drafts_of, held_back
from bot.triage.keys import ANSWER, reply_key
from bot.triage.plans import Action, Buttons, Part, ReplyPlan, Words
from bot.triage.reading import ReadPosts
from bot.triage.situation import Outcome
from bot.triage.view import View
from bot.triage.warnings import warning_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """`messages` are read together; `reply` is what stands for them already, to be changed rather than added to."""

    messages: tuple[KnownMessage, ...]
    question_id: MessageId  # the newest of them, or of those that were
    reply: Reply | None
    has_opener: bool  # the thread's first message is among them: its title counts
    posts: ReadPosts | None = None
    diagnosis: Diagnosis = Diagnosis()
    letter: str = ANSWER
    late_by: timedelta | None = None  # Heron was not there to hear it and hears so much later


def new_exchange(case: Case, message_ids: Sequence[MessageId]) -> Exchange:
    """Messages that just came. A reply that nobody has seen yet is theirs as well: the newer takes its place."""
    unseen = next((r for r in reversed(case.replies) if _is_unseen(r)), None)
    reply = unseen or _warning_of_a_pause(case, message_ids[-1])
    earlier = asked_in(case, reply) if reply else ()
    messages = tuple(m for m in case.asker_messages() if m.message_id in message_ids or m in earlier)
    # An older post may be heard of later: through its edit, after a gap.
    question_id = max(message_ids[-1], reply.question_id) if reply else message_ids[-1]
    return _exchange(case, messages, question_id, reply)


def _warning_of_a_pause(case: Case, message_id: MessageId) -> Reply | None:
    return next((r for r in case.replies if r.key == reply_key(message_id) and r.plan is not None), None)


def _is_unseen(reply: Reply) -> bool:
    return reply.plan is not None and not reply.is_posted and not reply.may_stand and not reply.is_beside


def exchange_about(case: Case, message_id: MessageId) -> Exchange | None:
    """The exchange that a message belongs to; None when Heron never said anything about it."""
    answers = (r for r in case.replies if r.plan is not None and not r.is_beside)
    replies = sorted(answers, key=lambda r: r.question_id)
    reply = next((r for r in replies if r.question_id >= message_id), None)
    if reply is None:
        return None
    return _exchange(case, asked_in(case, reply), reply.question_id, reply)


def _exchange(case: Case, messages: tuple[KnownMessage, ...], question_id: MessageId, reply: Reply | None) -> Exchange:
    has_opener = any(case.is_opener(m.message_id) for m in messages)
    return Exchange(messages=messages, question_id=question_id, reply=reply, has_opener=has_opener)


def asked_in(case: Case, reply: Reply) -> tuple[KnownMessage, ...]:
    """The asker's messages between the reply before this one and the question of this one."""
    answers = (r for r in case.replies if not r.is_beside)
    before = max((r.question_id for r in answers if r.question_id < reply.question_id), default=0)
    return tuple(m for m in case.asker_messages() if before < m.message_id <= reply.question_id)


def silent(case: Case, reason: str) -> Step:
    return Step(case=case, decisions=(Decision(actions=(Action.SILENT,), reason=reason),))


def decided(
    case: Case,
    exchange: Exchange,
    outcome: Outcome,
    replies: Sequence[Reply] = (),
    *,
    said: Reply | None = None,
) -> Step:
    decision = Decision(
        actions=tuple(a for a in Action if a in outcome.actions),
        reason=outcome.reason,
        diagnosis=exchange.diagnosis,
        report=exchange.posts.report if exchange.posts else None,
        replies=tuple(replies),
        said=said,
        cards=outcome.cards,
        autonomy=outcome.autonomy,
    )
    return Step(case=case, decisions=(decision,))


def speak(case: Case, exchange: Exchange, outcome: Outcome, view: View) -> Step:
    """Makes the thread show what was decided: a new reply, a changed one, or none where one stood."""
    outcome = held_back(outcome, view)
    was_asked = _is_asked(case)
    case = replace(case, findings=_merged(case.findings, [_dated(f, case, view) for f in outcome.findings]))
    changed: list[Reply] = []
    said = _written(case, exchange, outcome, view) if outcome.parts else None
    if has_live_buttons(said) or Action.SOLVED in outcome.actions or (was_asked and not _is_asked(case)):
        case, changed = without_buttons(case, but=said)
    if said is not None:
        case = case.with_reply(said)
        changed.append(said)
    step = decided(case, exchange, outcome, changed, said=said)
    return replace(step, decisions=tuple(_explained(decision, exchange, view) for decision in step.decisions))


def _is_asked(case: Case) -> bool:
    return any(f.state is FindingState.ASKED for f in case.findings)


def _explained(decision: Decision, exchange: Exchange, view: View) -> Decision:
    """With what spoke for the likeliest article, and what it needed."""
    likeliest = next(iter(exchange.diagnosis.ranked), None)
    if likeliest is None or exchange.posts is None:
        return replace(decision, floor=view.policy.text_floor)
    places = (exchange.posts.quote(evidence.span) for evidence in likeliest.evidence)
    article = view.knowledge.base.articles.get(likeliest.article_id)
    return replace(
        decision,
        floor=view.policy.floor(likeliest.article_id, likeliest.kind),
        evidence=tuple(place for place in places if place is not None),
        article_version=article.version if article is not None else "",
    )


def _written(case: Case, exchange: Exchange, outcome: Outcome, view: View) -> Reply:
    key = reply_key(exchange.question_id, exchange.letter)
    # What was taken back and comes again is a later revision of the same reply.
    old = exchange.reply or next((r for r in case.replies if r.key == key), None)
    since = old.since if old is not None and old.plan is not None and old.since is not None else view.now
    is_waiting = old is not None and not old.is_posted
    plan = ReplyPlan(
        parts=(*outcome.parts, *_excuse(exchange, view)),
        buttons=outcome.buttons,
        language=case.language,
        has_footer=is_first(case, old.key if old is not None else key),
        delay_s=_delay_s(exchange, outcome, view, waited=view.now - since if is_waiting else timedelta()),
    )
    if old is None:
        return Reply(key=key, question_id=exchange.question_id, plan=plan, revision=1, since=since)
    return replace(old, question_id=exchange.question_id, plan=plan, revision=old.revision + 1, since=since)


def is_first(case: Case, key: str) -> bool:
    """No other message of Heron's is said in this thread."""
    others = (approved(r.plan) for r in case.replies if r.plan is not None and r.key != key)
    return not any(plan is not None and plan.has_footer for plan in others)


def has_live_buttons(reply: Reply | None) -> bool:
    plan = approved(reply.plan) if reply is not None and reply.plan is not None else None
    return plan is not None and plan.buttons is not Buttons.NONE


def _excuse(exchange: Exchange, view: View) -> tuple[Part, ...]:
    late_by = exchange.late_by
    if late_by is None or late_by.total_seconds() < view.policy.late_after_s:
        return ()
    minutes = round(late_by.total_seconds() / 60)
    return (Words(name="late", values={"late_by": f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"}),)


def _delay_s(exchange: Exchange, outcome: Outcome, view: View, *, waited: timedelta) -> float:
    """Patience ends when the asker was quiet long enough, or has been waiting too long for a first word."""
    if Action.WARN in outcome.actions:
        return 0.0
    quiet_s = view.policy.quiet_s if outcome.waits else 0.0
    if exchange.late_by is not None:
        return max(quiet_s - exchange.late_by.total_seconds(), view.late_delay_s)
    return max(0.0, min(quiet_s, view.policy.patience_s - waited.total_seconds()))


def without_buttons(case: Case, *, but: Reply | None) -> tuple[Case, list[Reply]]:
    """One live row of buttons a thread: older ones go when a new one comes."""
    changed = []
    for reply in case.replies:
        if reply.plan is None or reply.plan.buttons is Buttons.NONE or (but is not None and reply.key == but.key):
            continue
        delay_s = 0.0 if reply.is_posted else reply.plan.delay_s
        bare = replace(reply.plan, buttons=Buttons.NONE, delay_s=delay_s)
        changed.append(replace(reply, plan=bare, revision=reply.revision + 1))
    for reply in changed:
        case = case.with_reply(reply)
    return case, changed


def _merged(findings: tuple[Finding, ...], new: Sequence[Finding]) -> tuple[Finding, ...]:
    """A problem stands once: by its article, the unknown one by its question. A sure answer settles the question, and a
    sharper question takes its place."""
    for finding in new:
        kept = tuple(f for f in findings if not _same(f, finding))
        is_sure = finding.article_id is not None and not finding.is_aside
        if is_sure or finding.state is FindingState.ASKED:
            kept = tuple(f for f in kept if f.state is not FindingState.ASKED)
        findings = (*kept, finding)
    return findings


def _dated(finding: Finding, case: Case, view: View) -> Finding:
    old = next((f for f in case.findings if _same(f, finding)), None)
    stays = old is not None and old.state is finding.state and old.told_more == finding.told_more
    return replace(finding, since=old.since if old is not None and stays else view.now)


def _same(one: Finding, other: Finding) -> bool:
    if one.article_id is None and other.article_id is None:
        return one.question_id == other.question_id
    return one.article_id == other.article_id


def withdraw(case: Case, exchange: Exchange, reason: str, *, keeps_warning: bool = False) -> Step:
    """Takes back what was said in this exchange: its question is gone. A key that was seen stays known to others."""
    case = without_findings(case, exchange)
    if exchange.reply is None:
        return silent(case, reason)
    plan, warning = exchange.reply.plan, warning_in(exchange.reply)
    left = replace(plan, parts=(warning,), buttons=Buttons.NONE) if plan and warning and keeps_warning else None
    gone = replace(exchange.reply, plan=left, revision=exchange.reply.revision + 1)
    case = case.with_reply(gone)
    return decided(case, exchange, Outcome(actions=(Action.RETRACT,), reason=reason), [gone])


def drop_waiting(case: Case, reason: str) -> Step:
    """People were faster: what still waited for its time is not said any more."""
    waiting = [r for r in case.replies if _waits_for_its_time(r)]
    dropped = [replace(reply, plan=None, revision=reply.revision + 1) for reply in waiting]
    unsaid = {reply.question_id for reply in waiting}
    case = replace(case, findings=tuple(f for f in case.findings if f.question_id not in unsaid))
    for reply in dropped:
        case = case.with_reply(reply)
    return Step(case=case, decisions=(Decision(actions=(Action.SILENT,), reason=reason, replies=tuple(dropped)),))


def _waits_for_its_time(reply: Reply) -> bool:
    """A draft waits for a moderator, however much time goes by."""
    if reply.plan is None or reply.is_posted or reply.plan.delay_s <= 0:
        return False
    return not drafts_of(reply) or approved(reply.plan) is not None


def without_findings(case: Case, exchange: Exchange) -> Case:
    """The case as if this exchange had never been: what its words gave to people is asked or answered as before."""
    kept = (f for f in case.findings if f.question_id != exchange.question_id)
    back = (_back_from_people(f, case) if f.people_in == exchange.question_id else f for f in kept)
    return replace(case, findings=tuple(back))


def _back_from_people(finding: Finding, case: Case) -> Finding:
    state = FindingState.ASKED if finding.article_id is None else FindingState.ANSWERED
    told = case.reply_to(finding.question_id)
    return replace(finding, state=state, people_in=None, since=told.since if told is not None else finding.since)


def untold(case: Case, exchange: Exchange) -> Case:
    """The case as if the reply that is to be rewritten had told nothing; what people were given stays theirs."""
    if exchange.reply is None:
        return case
    told = (FindingState.ANSWERED, FindingState.DRAFTED, FindingState.ASKED)
    question_id = exchange.reply.question_id
    kept = tuple(f for f in case.findings if f.question_id != question_id or f.state not in told)
    return replace(case, findings=kept)


def settled(case: Case, reason: str) -> Outcome | None:
    """Everything that is open counts as solved, and no sentence is said about it. None when nothing was open."""
    still_open = tuple(f for f in case.findings if f.state not in SETTLED)
    if not still_open:
        return None
    solved = tuple(replace(f, state=FindingState.SOLVED) for f in still_open)
    return Outcome(actions=(Action.SOLVED,), reason=reason, findings=solved)
