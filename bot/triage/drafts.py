"""Answers that wait for a moderator, and answers that are only counted: which parts of a plan they are, what is said
without them, and when they are void. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeGuard

from bot.knowledge.articles import Autonomy, EvidenceKind, HandOverWhen
from bot.triage.case import Case, Finding, FindingState, Reply
from bot.triage.decision import Decision, Step
from bot.triage.plans import Answer, Buttons, CardPlan, Form, Part, Question, ReplyPlan, Topic, Words
from bot.triage.situation import Outcome
from bot.triage.view import View

#: Messages that only go with an answer, and say nothing without one.
_ATTACHED = frozenset({"changed-mind", "late"})
#: Beside this one stands an answer that a person chose.
_CHOSEN = "chosen-by"
#: What a finding is while its answer is not said.
_WHILE_HELD = {Autonomy.DRAFT: FindingState.DRAFTED, Autonomy.WATCH: FindingState.OPEN}


def held_back(outcome: Outcome, view: View) -> Outcome:
    """What articles may not say by themselves is marked, and their findings wait with it."""
    if any(isinstance(part, Words) and part.name == _CHOSEN for part in outcome.parts):
        return outcome
    levels = {p.article_id: _level(p, outcome.findings, view) for p in outcome.parts if isinstance(p, Answer)}
    outcome = replace(outcome, autonomy=max(levels.values(), key=list(Autonomy).index, default=Autonomy.ANSWER))
    if outcome.autonomy is Autonomy.ANSWER or not view.policy.holds_back:
        return outcome
    findings = tuple(_waiting(finding, levels) for finding in outcome.findings)
    drafted = {f.article_id for f in findings if f.state is FindingState.DRAFTED}
    return replace(outcome, findings=findings, parts=tuple(_marked(part, levels, drafted) for part in outcome.parts))


def _level(part: Answer, findings: Sequence[Finding], view: View) -> Autonomy:
    is_proved = any(f.article_id == part.article_id and f.on_exact_evidence for f in findings)
    # The remaining steps are of an answer that was told already.
    is_proved = is_proved or part.form is Form.MORE or _says_who_acts(part, view)
    return view.autonomy(part.article_id, EvidenceKind.EXACT if is_proved else EvidenceKind.TEXT)


def _says_who_acts(part: Answer, view: View) -> bool:
    """Beside something else: one line that names the people outside who decide. That is no verdict on the matter."""
    hand_over = view.knowledge.base.articles[part.article_id].front.hand_over
    return part.form is Form.BRIEF and hand_over.when is HandOverWhen.ALWAYS and hand_over.to != "moderators"


def _waiting(finding: Finding, levels: dict[str, Autonomy]) -> Finding:
    state = _WHILE_HELD.get(levels.get(finding.article_id or "", Autonomy.ANSWER))
    return finding if state is None or finding.state is not FindingState.ANSWERED else replace(finding, state=state)


def _marked(part: Part, levels: dict[str, Autonomy], drafted: Collection[str | None]) -> Part:
    if not isinstance(part, Answer):
        return part
    level = levels[part.article_id]
    # What people are given anyway needs no draft beside it.
    is_idle = level is Autonomy.DRAFT and part.article_id not in drafted
    return replace(part, autonomy=Autonomy.WATCH if is_idle else level)


def approved(plan: ReplyPlan) -> ReplyPlan | None:
    """The plan without answers that are held back; None when nothing is left to say."""
    parts = tuple(part for part in plan.parts if not isinstance(part, Answer) or part.autonomy is Autonomy.ANSWER)
    return plan if parts == plan.parts else with_parts(plan, parts)


def with_parts(plan: ReplyPlan, parts: tuple[Part, ...]) -> ReplyPlan | None:
    if all(isinstance(part, Words) and part.name in _ATTACHED for part in parts):
        return None
    goes_with_buttons = any(isinstance(part, Answer | Question) for part in parts)
    return replace(plan, parts=parts, buttons=plan.buttons if goes_with_buttons else Buttons.NONE)


def drafts_of(reply: Reply) -> tuple[Answer, ...]:
    """Its parts that a moderator has to see first."""
    parts = reply.plan.parts if reply.plan is not None else ()
    return tuple(part for part in parts if is_draft(part))


def is_draft(part: Part) -> TypeGuard[Answer]:
    return isinstance(part, Answer) and part.autonomy is Autonomy.DRAFT


def without_void(before: Case, step: Step) -> Step:
    """A draft stands only as long as its finding waits, and a finding waits only as long as its draft stands."""
    case, (decision,) = step.case, step.decisions
    if not any(f.state is FindingState.DRAFTED for f in case.findings) and not any(map(drafts_of, case.replies)):
        return step
    people_came = case.staff_spoke_at is not None and case.staff_spoke_at != before.staff_spoke_at
    if case.is_muted or case.closed_at is not None or people_came:
        case = _only_waiting_for(case, ())
    waiting = {f.article_id for f in case.findings if f.state is FindingState.DRAFTED}
    changed = [_without_drafts(r, but=waiting) for r in case.replies if _has_other_drafts(r, waiting)]
    for reply in changed:
        case = case.with_reply(reply)
    case = _only_waiting_for(case, {part.article_id for reply in case.replies for part in drafts_of(reply)})
    return Step(case=case, decisions=(_with_changed(decision, changed),))


def _only_waiting_for(case: Case, articles: Collection[str]) -> Case:
    kept = (f for f in case.findings if f.state is not FindingState.DRAFTED or f.article_id in articles)
    return replace(case, findings=tuple(kept))


def _has_other_drafts(reply: Reply, waiting: Collection[str | None]) -> bool:
    return any(part.article_id not in waiting for part in drafts_of(reply))


def _without_drafts(reply: Reply, *, but: Collection[str | None]) -> Reply:
    assert reply.plan is not None
    parts = (part for part in reply.plan.parts if not is_draft(part) or part.article_id in but)
    return replace(reply, plan=with_parts(reply.plan, tuple(parts)), revision=reply.revision + 1)


def _with_changed(decision: Decision, changed: Sequence[Reply]) -> Decision:
    new = {reply.key: reply for reply in changed}
    others = (reply for reply in decision.replies if reply.key not in new)
    said = decision.said and new.get(decision.said.key, decision.said)
    return replace(decision, replies=(*others, *changed), said=said if said and said.plan else None)


def draft_card(reply: Reply, decision: Decision) -> CardPlan:
    """What moderators are shown about it beside its words."""
    article_id = drafts_of(reply)[0].article_id
    others = [h.article_id for h in decision.diagnosis.ranked if h.article_id != article_id]
    return CardPlan(
        article_id=article_id,
        runner_up=others[0] if others else None,
        destination="moderators",
        reason=decision.reason,
        entities={},
        error=None,
        missing=(),
        topic=Topic.DRAFT,
        message_id=reply.question_id,
    )
