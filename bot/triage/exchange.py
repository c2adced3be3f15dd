"""One exchange: messages of the asker that belong together, and the reply that changes with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.posts import MessageId
from bot.triage.case import SETTLED, Case, Finding, FindingState, KnownMessage, Reply
from bot.triage.decision import Decision, Step
from bot.triage.diagnosis import Diagnosis
from bot.triage.plans import Action, Buttons, ReplyPlan
from bot.triage.policy import Outcome
from bot.triage.reading import ReadPosts
from bot.triage.view import View

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """`messages` are read together; `reply` is what stands for them already, to be changed rather than added to."""

    messages: tuple[KnownMessage, ...]
    question_id: MessageId  # the newest of them, or of those that were
    reply: Reply | None
    has_opener: bool  # the thread's first message is among them: its title counts
    posts: ReadPosts | None = None
    diagnosis: Diagnosis = Diagnosis()


def reply_key(question_id: MessageId) -> str:
    """Made from Discord's id, so that every process and every retry makes the same; fits a nonce of 25 characters."""
    number, digits = int(question_id), ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return f"{digits or '0'}-a"


def new_exchange(case: Case, message_ids: Sequence[MessageId]) -> Exchange:
    """Messages that just came. A reply that nobody has seen yet is theirs as well: the newer takes its place."""
    reply = next((r for r in reversed(case.replies) if r.plan is not None and not r.is_posted), None)
    earlier = _asked_in(case, reply) if reply else ()
    messages = tuple(m for m in case.asker_messages() if m.message_id in message_ids or m in earlier)
    return _exchange(case, messages, message_ids[-1], reply)


def exchange_about(case: Case, message_id: MessageId) -> Exchange | None:
    """The exchange that a message belongs to; None when Heron never said anything about it."""
    replies = sorted((r for r in case.replies if r.plan is not None), key=lambda r: r.question_id)
    reply = next((r for r in replies if r.question_id >= message_id), None)
    if reply is None:
        return None
    return _exchange(case, _asked_in(case, reply), reply.question_id, reply)


def _exchange(case: Case, messages: tuple[KnownMessage, ...], question_id: MessageId, reply: Reply | None) -> Exchange:
    has_opener = any(case.is_opener(m.message_id) for m in messages)
    return Exchange(messages=messages, question_id=question_id, reply=reply, has_opener=has_opener)


def _asked_in(case: Case, reply: Reply) -> tuple[KnownMessage, ...]:
    """The asker's messages between the reply before this one and the question of this one."""
    before = max((r.question_id for r in case.replies if r.question_id < reply.question_id), default=0)
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
    floor: float = 0.0,
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
        floor=floor,
    )
    return Step(case=case, decisions=(decision,))


def speak(case: Case, exchange: Exchange, outcome: Outcome, view: View) -> Step:
    """Makes the thread show what was decided: a new reply, a changed one, or none where one stood."""
    case = replace(case, findings=_merged(case.findings, outcome.findings))
    changed: list[Reply] = []
    said = None
    if outcome.parts:
        if outcome.buttons is not Buttons.NONE:
            case, changed = _without_buttons(case, but=exchange.reply)
        said = _written(case, exchange, outcome, view)
        case = case.with_reply(said)
        changed.append(said)
    return decided(case, exchange, outcome, changed, said=said, floor=view.policy.text_floor)


def _written(case: Case, exchange: Exchange, outcome: Outcome, view: View) -> Reply:
    key = reply_key(exchange.question_id)
    # What was taken back and comes again is a later revision of the same reply.
    old = exchange.reply or next((r for r in case.replies if r.key == key), None)
    others = (r.plan for r in case.replies if r.plan is not None and (old is None or r.key != old.key))
    is_first = not any(plan.has_footer for plan in others)
    plan = ReplyPlan(
        parts=outcome.parts,
        buttons=outcome.buttons,
        language=case.language,
        has_footer=is_first,
        delay_s=view.policy.quiet_s if outcome.waits else 0.0,
    )
    if old is None:
        return Reply(key=key, question_id=exchange.question_id, plan=plan, revision=1)
    return replace(old, question_id=exchange.question_id, plan=plan, revision=old.revision + 1)


def _without_buttons(case: Case, *, but: Reply | None) -> tuple[Case, list[Reply]]:
    """One live row of buttons a thread: older ones go when a new one comes."""
    changed = []
    for reply in case.replies:
        if reply.plan is None or reply.plan.buttons is Buttons.NONE or (but is not None and reply.key == but.key):
            continue
        bare = replace(reply.plan, buttons=Buttons.NONE)
        changed.append(replace(reply, plan=bare, revision=reply.revision + 1))
    for reply in changed:
        case = case.with_reply(reply)
    return case, changed


def _merged(findings: tuple[Finding, ...], new: Sequence[Finding]) -> tuple[Finding, ...]:
    """A problem stands once: by its article, the unknown one by its question. A sure answer settles the question."""
    for finding in new:
        kept = tuple(f for f in findings if not _same(f, finding))
        if finding.article_id is not None and not finding.is_aside:
            kept = tuple(f for f in kept if f.state is not FindingState.ASKED)
        findings = (*kept, finding)
    return findings


def _same(one: Finding, other: Finding) -> bool:
    if one.article_id is None and other.article_id is None:
        return one.question_id == other.question_id
    return one.article_id == other.article_id


def withdraw(case: Case, exchange: Exchange, reason: str) -> Step:
    """Takes back what was said in this exchange: its question is gone."""
    case = without_findings(case, exchange)
    if exchange.reply is None:
        return silent(case, reason)
    gone = replace(exchange.reply, plan=None, revision=exchange.reply.revision + 1)
    case = case.with_reply(gone)
    return decided(case, exchange, Outcome(actions=(Action.RETRACT,), reason=reason), [gone])


def without_findings(case: Case, exchange: Exchange) -> Case:
    kept = tuple(f for f in case.findings if f.question_id != exchange.question_id)
    return replace(case, findings=kept)


def settle(case: Case, exchange: Exchange, reason: str) -> Step | None:
    """Everything that is open counts as solved, and no sentence is said about it. None when nothing was open."""
    if not any(f.state not in SETTLED for f in case.findings):
        return None
    solved = tuple(f if f.state in SETTLED else replace(f, state=FindingState.SOLVED) for f in case.findings)
    case, changed = _without_buttons(replace(case, findings=solved), but=None)
    return decided(case, exchange, Outcome(actions=(Action.SOLVED,), reason=reason), changed)
