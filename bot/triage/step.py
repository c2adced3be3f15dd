"""The fold: one event moves a case. Pure: no await, no clock, no input or output; nothing else in Heron decides."""

from collections.abc import Sequence
from dataclasses import replace

from bot.extraction.language import language_of
from bot.extraction.report import Secret
from bot.knowledge.articles import EvidenceKind
from bot.posts import Deleted, Edited, Elapsed, Event, MessageId, PersonSpoke, Post, Posted, Pressed, Role
from bot.triage.case import Case, FindingState
from bot.triage.decision import Step
from bot.triage.diagnosis import Diagnosis
from bot.triage.exchange import (
    Exchange,
    exchange_about,
    new_exchange,
    settle,
    silent,
    speak,
    withdraw,
    without_findings,
)
from bot.triage.moods import commands
from bot.triage.plans import Action, Words
from bot.triage.policy import Outcome, Situation, choose, is_sure
from bot.triage.presses import on_pressed
from bot.triage.reading import ReadPosts, digest, known, read_together
from bot.triage.values import facts_of
from bot.triage.view import View

#: Earlier messages of the asker that are read together with a new one at most.
MAX_EARLIER = 8


def step(case: Case, event: Event, view: View) -> Step:
    """The case after `event`, with exactly one decision."""
    match event:
        case Posted():
            return _on_posted(case, event.posts, view)
        case Edited():
            return _on_edited(case, event.post, view)
        case Deleted():
            return _on_deleted(case, event.message_id, view)
        case Pressed():
            return on_pressed(case, event, view)
        case PersonSpoke():
            return _on_person(case, event.post, view)
        case Elapsed():
            return silent(case, "time alone changes nothing here")


def _on_posted(case: Case, posts: Sequence[Post], view: View) -> Step:
    """Unread messages of the asker, taken together: a burst of three gets one answer."""
    fresh = [p for p in posts if case.message(p.message_id) is None]
    if not fresh:
        return silent(case, "read already")
    case, leaks = _kept(case, fresh, view)
    exchange = new_exchange(case, [p.message_id for p in fresh])
    words = [command for post in fresh if (command := commands(post.text))]
    if words:
        case = replace(case, is_muted=words[-1] == "mute")
        return _say(case, exchange, _silence(f"{words[-1]}d by the asker"), leaks, view)
    addressed = any(p.mentions_bot or p.replies_to_bot for p in fresh)
    if reason := _must_be_quiet(case, view, addressed=addressed):
        return _say(case, exchange, _silence(reason), leaks, view)
    return _judge(case, exchange, leaks, view, addressed=addressed)


def _kept(case: Case, posts: Sequence[Post], view: View) -> tuple[Case, list[Secret]]:
    """The case with these messages, and the keys in them that the asker was not yet told about."""
    leaks: dict[str, Secret] = {}
    for post in posts:
        message, secrets = known(post, view)
        case = case.with_message(message)
        leaks |= {s.fingerprint: s for s in secrets if not s.is_personal and s.fingerprint not in case.warned}
    return replace(case, warned=case.warned | leaks.keys()), list(leaks.values())


def _silence(reason: str) -> Outcome:
    return Outcome(actions=(Action.SILENT,), reason=reason)


def _must_be_quiet(case: Case, view: View, *, addressed: bool) -> str | None:
    if view.policy.is_paused:
        return "paused"
    if case.is_muted:
        return "muted in this thread"
    if case.staff_spoke_at is not None and not addressed:
        return "staff has this thread"
    return None


def _say(case: Case, exchange: Exchange, outcome: Outcome, leaks: Sequence[Secret], view: View) -> Step:
    """A leaked key is told about always, once, before whatever else there is to say."""
    if leaks:
        own = any(s.kind in view.knowledge.own_secrets for s in leaks)
        warning = Words(name="leaked-key" if own else "leaked-key-other")
        spoken = (a for a in outcome.actions if a is not Action.SILENT)
        outcome = replace(outcome, actions=(Action.WARN, *spoken), parts=(warning, *outcome.parts), waits=False)
    result = speak(case, exchange, outcome, view)
    (decision,) = result.decisions
    return replace(result, decisions=(replace(decision, leaks=tuple(leaks)),))


def _judge(case: Case, exchange: Exchange, leaks: Sequence[Secret], view: View, *, addressed: bool) -> Step:
    posts = read_together(case, exchange.messages, view, with_title=exchange.has_opener)
    report = posts.report
    case = _remember(case, posts, exchange, view)
    exchange = replace(exchange, posts=posts)
    mood = view.knowledge.moods.read(report.text)
    if mood.says_stop:
        return _say(replace(case, is_muted=True), exchange, _silence("asked to stop"), leaks, view)
    works = mood.says_solved and not mood.asks and not report.errors and not report.status_codes
    if works and (solved := settle(case, exchange, "says that it works")):
        return _warn_too(solved, exchange, leaks, view)
    posts, diagnosis = _diagnose(case, exchange, posts, view)
    exchange = replace(exchange, posts=posts, diagnosis=diagnosis)
    situation = Situation(
        case=case, posts=posts, diagnosis=diagnosis, mood=mood, question_id=exchange.question_id, view=view
    )
    outcome = choose(situation)
    if case.helped_at is not None and not addressed and not _is_exact(outcome):
        outcome = _silence("somebody is helping already")
    return _say(case, exchange, outcome, leaks, view)


def _warn_too(solved: Step, exchange: Exchange, leaks: Sequence[Secret], view: View) -> Step:
    if not leaks:
        return solved
    (decision,) = solved.decisions
    warned = _say(solved.case, exchange, Outcome(actions=decision.actions, reason=decision.reason), leaks, view)
    (said,) = warned.decisions
    return replace(warned, decisions=(replace(said, replies=(*decision.replies, *said.replies)),))


def _is_exact(outcome: Outcome) -> bool:
    return Action.ANSWER in outcome.actions and any(f.on_exact_evidence for f in outcome.findings)


def _remember(case: Case, posts: ReadPosts, exchange: Exchange, view: View) -> Case:
    """Facts about the asker's set-up hold for the whole case; so does the language of their first words."""
    languages = view.knowledge.base.languages
    if exchange.has_opener and len(languages) > 1:
        language = language_of(posts.report.prose)
        case = replace(case, language=language if language in languages else "en")
    return replace(case, known={**case.known, **facts_of(posts.report)})


def _diagnose(case: Case, exchange: Exchange, posts: ReadPosts, view: View) -> tuple[ReadPosts, Diagnosis]:
    """By the new words alone, or, where these prove nothing, together with what the asker said before."""
    diagnosis = view.knowledge.classifier.classify(posts.report)
    earlier = [m for m in case.asker_messages() if m.message_id < exchange.messages[0].message_id][-MAX_EARLIER:]
    open_question = any(f.state is FindingState.ASKED for f in case.findings)
    if not earlier or not open_question or any(h.kind is EvidenceKind.EXACT for h in diagnosis.findings):
        return posts, diagnosis
    whole = read_together(case, [*earlier, *exchange.messages], view, with_title=True)
    together = view.knowledge.classifier.classify(whole.report)
    said = {f.article_id for f in case.findings}
    if any(is_sure(h, together, view) and h.article_id not in said for h in together.findings):
        return whole, together
    return posts, diagnosis


def _on_edited(case: Case, post: Post, view: View) -> Step:
    """Judged again as if it had been written so; our answer follows."""
    old = case.message(post.message_id)
    if post.role is not Role.ASKER:
        return silent(case, "not the asker")
    if old is None:
        return _on_posted(case, (post,), view)
    if old.digest == digest(post.text, view.salt):
        return silent(case, "the text is what it was")
    case, leaks = _kept(case, (post,), view)
    exchange = exchange_about(case, post.message_id)
    if exchange is None:
        exchange = new_exchange(case, [post.message_id])
    if reason := _must_be_quiet(case, view, addressed=False):
        return _say(case, exchange, _silence(reason), leaks, view)
    stood = exchange.reply is not None
    result = _judge(without_findings(case, exchange), exchange, leaks, view, addressed=False)
    (decision,) = result.decisions
    if stood and not decision.replies and Action.SOLVED not in decision.actions:
        return withdraw(result.case, replace(exchange, posts=None), f"after the edit: {decision.reason}")
    return result


def _on_deleted(case: Case, message_id: MessageId, view: View) -> Step:
    message = case.message(message_id)
    if message is None:
        return silent(case, "never read")
    exchange = exchange_about(case, message_id)
    case = replace(case, messages=tuple(m for m in case.messages if m.message_id != message_id))
    if message.role is not Role.ASKER:
        return silent(case, "not the asker")
    if exchange is None:
        return silent(case, "deleted before anything was said about it")
    left = tuple(m for m in exchange.messages if m.message_id != message_id)
    if not left:
        return withdraw(case, exchange, "the question is gone")
    exchange = replace(exchange, messages=left, has_opener=any(case.is_opener(m.message_id) for m in left))
    result = _judge(without_findings(case, exchange), exchange, (), view, addressed=False)
    if result.decisions[0].replies:
        return result
    return withdraw(result.case, exchange, "what is left of the question needs no answer")


def _on_person(case: Case, post: Post, view: View) -> Step:
    message, _ = known(post, view)
    case = case.with_message(message)
    if post.role is Role.STAFF:
        return silent(replace(case, staff_spoke_at=post.at), "staff speaks")
    if post.role is Role.BOT or view.knowledge.moods.read(post.text).only_agrees:
        return silent(case, "not the asker")
    return silent(replace(case, helped_at=post.at), "somebody else speaks to the asker")
