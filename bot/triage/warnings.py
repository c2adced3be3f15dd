"""Leaked keys: the asker is told at once, once a key, and the warning outlives whatever else a reply says."""

from collections.abc import Sequence
from dataclasses import replace

from bot.extraction.masking import placeholder
from bot.extraction.report import Secret
from bot.posts import MessageId
from bot.triage.case import KnownMessage, Reply
from bot.triage.handover import MODERATORS
from bot.triage.plans import Action, CardPlan, Topic, Words
from bot.triage.situation import Outcome
from bot.triage.view import View

_OWN, _OTHER = "leaked-key", "leaked-key-other"


def warned(outcome: Outcome, leaks: Sequence[Secret], standing: Reply | None, view: View) -> Outcome:
    """The outcome with the warning before whatever else there is to say; one that stands already goes on standing."""
    if leaks:
        own = any(s.kind in view.knowledge.own_secrets for s in leaks)
        warning = Words(name=_OWN if own else _OTHER)
        spoken = (a for a in outcome.actions if a is not Action.SILENT)
        return replace(outcome, actions=(Action.WARN, *spoken), parts=(warning, *outcome.parts), waits=False)
    kept = warning_in(standing)
    if kept is None or not outcome.parts:
        return outcome
    return replace(outcome, parts=(kept, *outcome.parts), waits=False)


def warning_in(reply: Reply | None) -> Words | None:
    parts = reply.plan.parts if reply is not None and reply.plan is not None else ()
    return next((p for p in parts if isinstance(p, Words) and p.name in (_OWN, _OTHER)), None)


def leak_cards(
    messages: Sequence[KnownMessage], leaks: Sequence[Secret], question_id: MessageId
) -> tuple[CardPlan, ...]:
    """One a message with a key in it, so that moderators can take it away. A key in the title has no message of its
    own: whoever asked has to change it, and the card names what they asked."""
    found = {_leaked_in(messages, leak, question_id): None for leak in leaks}
    return tuple(
        CardPlan(
            article_id=None,
            runner_up=None,
            destination=MODERATORS,
            reason="a key stands in a message",
            entities={},
            error=None,
            missing=(),
            topic=Topic.LEAK,
            message_id=message_id,
        )
        for message_id in found
    )


def _leaked_in(messages: Sequence[KnownMessage], leak: Secret, question_id: MessageId) -> MessageId:
    hidden, span = placeholder(leak.kind, is_personal=leak.is_personal), leak.span
    held_by = (m.message_id for m in messages if m.text[span.start : span.end] == hidden)
    return next(held_by, question_id)
