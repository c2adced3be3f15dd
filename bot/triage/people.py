"""What other people in the thread mean for Heron: staff takes over, helpers are listened to, bystanders are let be."""

from dataclasses import replace

from bot.extraction import mask, read
from bot.extraction.report import Secret
from bot.knowledge.articles import EvidenceKind
from bot.posts import MaskedText, Post, Role
from bot.triage.case import UNREAD, Case
from bot.triage.decision import Step
from bot.triage.exchange import Exchange, drop_waiting, silent, speak
from bot.triage.keys import BESIDE
from bot.triage.plans import Action
from bot.triage.policy import is_sure
from bot.triage.reading import known
from bot.triage.situation import Outcome
from bot.triage.view import View
from bot.triage.warnings import leak_cards, warned


def on_person(case: Case, post: Post, view: View) -> Step:
    """Their words are read and forgotten. A key in them is told about, whoever leaked it."""
    message, _ = known(post, view)
    is_paused = view.policy.is_paused
    case = case.with_message(replace(message, digest=UNREAD) if is_paused else message)
    masked = mask(post.text, view.knowledge.vocabulary, salt=view.salt)
    leaks = tuple(s for s in masked.secrets if not s.is_personal and s.fingerprint not in case.warned)
    case = replace(case, warned=case.warned | {s.fingerprint for s in leaks})
    heard = silent(case, "paused") if is_paused else _heard(case, post, masked.text, view)
    return _warned_too(heard, post, leaks, view) if leaks and post.role is not Role.BOT else heard


def _heard(case: Case, post: Post, text: MaskedText, view: View) -> Step:
    if post.role is Role.STAFF:
        return drop_waiting(replace(case, staff_spoke_at=post.at, bystander_id=None), "staff speaks")
    mood = view.knowledge.moods.read(text)
    if post.role is Role.BOT or mood.only_agrees:
        return silent(case, "not the asker")
    if mood.asks and _has_a_problem(text, view):
        if post.author_id in view.opted_out:
            return silent(case, "somebody who wants no answers in this server")
        return silent(replace(case, bystander_id=post.message_id), "somebody else's problem in this thread")
    return drop_waiting(replace(case, helped_at=post.at, bystander_id=None), "somebody else speaks to the asker")


def _has_a_problem(text: MaskedText, view: View) -> bool:
    """An error of their own, that an article knows for sure."""
    report = read(MaskedText(""), text, view.knowledge.vocabulary, view.catalogue, salt=view.salt)
    diagnosis = view.knowledge.classifier.classify(report)
    return any(h.kind is EvidenceKind.EXACT and is_sure(h, diagnosis, view) for h in diagnosis.findings)


def _warned_too(heard: Step, post: Post, leaks: tuple[Secret, ...], view: View) -> Step:
    exchange = Exchange(messages=(), question_id=post.message_id, reply=None, has_opener=False, letter=BESIDE)
    outcome = warned(Outcome(actions=(Action.SILENT,), reason="a key is in their message"), leaks, None, view)
    said = speak(heard.case, exchange, outcome, view)
    (before,), (decision,) = heard.decisions, said.decisions
    replies, cards = (*before.replies, *decision.replies), leak_cards((), leaks, post.message_id)
    return replace(said, decisions=(replace(decision, leaks=leaks, replies=replies, cards=cards),))
