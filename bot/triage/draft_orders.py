"""What a moderator does with a draft: sent as it is, sent in their own words, or discarded."""

from dataclasses import replace

from bot.knowledge.articles import Autonomy
from bot.posts import Order, Ordered
from bot.triage.case import Case, Finding, FindingState, Reply
from bot.triage.decision import Decision, Step
from bot.triage.drafts import drafts_of, is_draft, with_parts
from bot.triage.exchange import has_live_buttons, is_first, without_buttons
from bot.triage.plans import Action, Answer, Buttons, Form, Part, Question, ReplyPlan, Words
from bot.triage.view import View

_REASONS = {Order.SEND: "sent", Order.EDIT: "sent in other words", Order.DISCARD: "discarded"}


def on_draft(case: Case, event: Ordered, view: View) -> Step | None:
    """None when the draft that they saw is no longer there."""
    reply = next((r for r in case.replies if r.key == event.key), None)
    drafts = drafts_of(reply) if reply is not None else ()
    if reply is None or reply.plan is None or not drafts or reply.revision != event.revision:
        return None
    articles = {part.article_id for part in drafts}
    is_sent = event.order is not Order.DISCARD
    state = FindingState.ANSWERED if is_sent else FindingState.WITHDRAWN
    case = replace(case, findings=tuple(_settled(f, articles, state, view) for f in case.findings))
    if event.order is Order.EDIT:  # a person speaks
        case = replace(case, staff_spoke_at=view.now)
    reply = replace(reply, plan=_plan(case, reply, reply.plan, event), revision=reply.revision + 1)
    case, bare = without_buttons(case, but=reply) if is_sent and has_live_buttons(reply) else (case, [])
    decision = Decision(
        actions=(Action.SILENT,),  # what it says was decided before
        reason=_REASONS[event.order],
        replies=(*bare, reply),
        said=reply if is_sent else None,
    )
    return Step(case=case.with_reply(reply), decisions=(decision,))


def _settled(finding: Finding, articles: set[str], state: FindingState, view: View) -> Finding:
    is_meant = finding.state is FindingState.DRAFTED and finding.article_id in articles
    return replace(finding, state=state, since=view.now) if is_meant else finding


def _plan(case: Case, reply: Reply, plan: ReplyPlan, event: Ordered) -> ReplyPlan | None:
    if event.order is Order.DISCARD:
        return with_parts(plan, tuple(part for part in plan.parts if not is_draft(part)))
    parts = _in_their_words(plan, event) if event.order is Order.EDIT else tuple(_freed(part) for part in plan.parts)
    is_question = any(isinstance(part, Question) for part in parts)
    return replace(
        plan,
        parts=parts,
        buttons=plan.buttons if is_question else Buttons.ANSWER,
        has_footer=is_first(case, reply.key),
        delay_s=0.0,
    )


def _freed(part: Part) -> Part:
    return replace(part, autonomy=Autonomy.ANSWER) if is_draft(part) else part


def _in_their_words(plan: ReplyPlan, event: Ordered) -> tuple[Part, ...]:
    """The first draft becomes what they wrote; others beside it are in their words as well, or left out by them."""
    first = next(part for part in plan.parts if is_draft(part))
    written = Answer(article_id=first.article_id, form=Form.WRITTEN, values={"written": event.text})
    by = Words(name="written-by", values={"chosen_by": int(event.by)})
    parts: list[Part] = []
    for part in plan.parts:
        if part is first:
            parts += (written, by)
        elif not is_draft(part):
            parts.append(part)
    return tuple(parts)
