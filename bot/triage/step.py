"""The fold: one event moves a case. Pure: no await, no clock, no input or output; nothing else in Heron decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.extraction.language import language_of
from bot.extraction.report import Secret
from bot.knowledge.articles import EvidenceKind
from bot.posts import (
    Deleted,
    Edited,
    Elapsed,
    Event,
    Heard,
    MessageId,
    Ordered,
    PersonSpoke,
    Post,
    Posted,
    Pressed,
    Role,
)
from bot.recognition.diagnosis import Diagnosis
from bot.triage.case import UNREAD, Case, Finding, FindingState
from bot.triage.decision import Step
from bot.triage.drafts import drafts_of, without_void
from bot.triage.exchange import (
    Exchange,
    drop_waiting,
    exchange_about,
    new_exchange,
    settled,
    silent,
    speak,
    untold,
    withdraw,
    without_findings,
)
from bot.triage.handover import card, hands_over
from bot.triage.keys import ANSWER, BESIDE
from bot.triage.limits import within_limit
from bot.triage.moods import Mood, commands
from bot.triage.orders import on_ordered
from bot.triage.people import on_person
from bot.triage.plans import Action, CardPlan
from bot.triage.policy import choose, is_sure
from bot.triage.presses import on_pressed
from bot.triage.reading import ReadPosts, digest, known, read_together, shows_more, with_old_attachments
from bot.triage.situation import Outcome, Situation
from bot.triage.values import facts_of
from bot.triage.verdicts import verdicts_of
from bot.triage.view import View
from bot.triage.waiting import dues_of, on_elapsed
from bot.triage.warnings import leak_cards, warned

#: A thread in which nobody wrote for so long begins anew.
RETURNS_AFTER = timedelta(days=14)
#: Earlier messages of the asker that are read together with a new one at most.
MAX_EARLIER = 8


def step(case: Case, event: Event, view: View) -> Step:
    """The case after `event`, with exactly one decision, and what the case waits for from now on."""
    result = without_void(case, _step(case, event, view))
    (decision,) = result.decisions
    verdicts = verdicts_of(event, case, result.case)
    return replace(result, decisions=(replace(decision, due=dues_of(result.case), verdicts=verdicts),))


def _step(case: Case, event: Event, view: View) -> Step:
    match event:
        case Posted():
            return _on_posted(case, event.posts, view, event.heard)
        case Edited():
            return _on_edited(case, event.post, view, event.heard)
        case Deleted():
            return _on_deleted(case, event.message_id, view)
        case Pressed():
            return on_pressed(case, event, view)
        case PersonSpoke():
            return on_person(case, event.post, view)
        case Elapsed():
            return on_elapsed(case, view)
        case Ordered():
            return on_ordered(case, event, view)


def _on_posted(case: Case, posts: Sequence[Post], view: View, heard: Heard) -> Step:
    """Unread messages of the asker, taken together: a burst of three gets one answer."""
    fresh = [p for p in posts if not case.has_read(p.message_id)]
    if not fresh:
        return silent(case, "read already")
    if view.policy.is_paused:
        return _in_pause(case, fresh, view)
    case, leaks = _kept(_returned(case, fresh[0]), fresh, view)
    exchange = new_exchange(case, [p.message_id for p in fresh])
    if heard is Heard.LATE:
        exchange = replace(exchange, late_by=max(timedelta(), view.now - fresh[-1].at))  # clocks differ
    words = [command for post in fresh if (command := commands(post.text))]
    if words:
        typed = f"{words[-1]}d by the asker"
        if words[-1] == "mute" and not leaks:
            return drop_waiting(replace(case, is_muted=True), typed)
        return _say(replace(case, is_muted=words[-1] == "mute"), exchange, _silence(typed), leaks, view)
    addressed = any(p.mentions_bot or p.replies_to_bot for p in fresh)
    if reason := _must_be_quiet(case, view, addressed=addressed):
        return _quietly(case, exchange, reason, leaks, view)
    if heard is Heard.TOO_LATE:
        return _say(case, exchange, _silence("old, or answered by people before it was heard of"), leaks, view)
    if _settles_a_draft(case, exchange, fresh, view) and (solved := settled(case, "says that it works")):
        return _say(case, exchange, solved, leaks, view)
    # An answer that nobody has seen gives way to one that tells it again, together with what is new.
    as_new = untold(case, exchange)
    told_anew = _judge(as_new, exchange, leaks, view, addressed=addressed)
    (decision,) = told_anew.decisions
    if decision.said is not None or as_new == case:
        return told_anew
    return _judge(case, exchange, leaks, view, addressed=addressed)


def _in_pause(case: Case, posts: Sequence[Post], view: View) -> Step:
    """Nothing is judged before the pause is over, and nothing said but that a key leaked."""
    kept, leaks = _kept(case, posts, view)
    newest = posts[-1].message_id
    messages = tuple(m for p in posts if (m := kept.message(p.message_id)) is not None)
    for message in messages:
        old = case.message(message.message_id)
        kept = kept.with_message(old if old and case.has_read(old.message_id) else replace(message, digest=UNREAD))
    # What stands for a message that was read before goes on standing.
    letter = BESIDE if case.has_read(newest) else ANSWER
    exchange = Exchange(messages=messages, question_id=newest, reply=None, has_opener=False, letter=letter)
    return _say(kept, exchange, _silence("paused"), leaks, view)


def _kept(case: Case, posts: Sequence[Post], view: View) -> tuple[Case, list[Secret]]:
    """The case with these messages, and the keys in them that the asker was not yet told about."""
    leaks: dict[str, Secret] = {}
    for post in posts:
        message, secrets = known(post, view)
        if (old := case.message(post.message_id)) is not None:
            message = with_old_attachments(message, old, post)
        case = case.with_message(message)
        leaks |= {s.fingerprint: s for s in secrets if not s.is_personal and s.fingerprint not in case.warned}
    return replace(case, warned=case.warned | leaks.keys()), list(leaks.values())


def _silence(reason: str) -> Outcome:
    return Outcome(actions=(Action.SILENT,), reason=reason)


def _must_be_quiet(case: Case, view: View, *, addressed: bool) -> str | None:
    if case.is_muted:
        return "muted in this thread"
    if case.asker_id in view.opted_out:
        return "the asker wants no answers in this server"
    if case.staff_spoke_at is not None and not addressed:
        return "staff has this thread"
    return None


def _quietly(case: Case, exchange: Exchange, reason: str, leaks: Sequence[Secret], view: View) -> Step:
    """Nothing is said; but that it works, said to whoever helped, is noted."""
    posts = read_together(case, exchange.messages, view, with_title=False)
    is_heard = not case.is_muted and case.asker_id not in view.opted_out
    if is_heard and _says_that_it_works(_mood(posts, view), posts):
        return _say(case, exchange, settled(case, "says that it works") or _silence(reason), leaks, view)
    return _say(case, exchange, _silence(reason), leaks, view)


def _settles_a_draft(case: Case, exchange: Exchange, fresh: Sequence[Post], view: View) -> bool:
    """It may wait for hours: then the new words alone count, not those that it answers."""
    if exchange.reply is None or not drafts_of(exchange.reply):
        return False
    new = [m for m in exchange.messages if m.message_id in {post.message_id for post in fresh}]
    posts = read_together(case, new, view, with_title=False)
    return _says_that_it_works(_mood(posts, view), posts)


def _mood(posts: ReadPosts, view: View) -> Mood:
    return view.knowledge.moods.read(posts.report.typed)


def _says_that_it_works(mood: Mood, posts: ReadPosts) -> bool:
    """In plain words, and with no error beside them."""
    return mood.says_solved and not mood.asks and not posts.report.errors and not posts.report.status_codes


def _say(case: Case, exchange: Exchange, outcome: Outcome, leaks: Sequence[Secret], view: View) -> Step:
    result = speak(case, exchange, warned(outcome, leaks, exchange.reply, view), view)
    (decision,) = result.decisions
    cards = (*decision.cards, *leak_cards(exchange.messages, leaks, exchange.question_id))
    return replace(result, decisions=(replace(decision, leaks=tuple(leaks), cards=cards),))


def _judge(case: Case, exchange: Exchange, leaks: Sequence[Secret], view: View, *, addressed: bool) -> Step:
    posts = read_together(case, exchange.messages, view, with_title=exchange.has_opener)
    case = _remember(case, posts, exchange, view)
    exchange = replace(exchange, posts=posts)
    mood = _mood(posts, view)
    if mood.says_stop and (addressed or _speaks_to_heron(case, exchange)):
        muted = replace(case, is_muted=True)
        return (
            _say(muted, exchange, _silence("asked to stop"), leaks, view)
            if leaks
            else drop_waiting(muted, "asked to stop")
        )
    if _says_that_it_works(mood, posts) and (solved := settled(case, "says that it works")):
        return _say(case, exchange, solved, leaks, view)
    posts, diagnosis = _diagnose(case, exchange, posts, view)
    exchange = replace(exchange, posts=posts, diagnosis=diagnosis)
    situation = Situation(
        case=case, posts=posts, diagnosis=diagnosis, mood=mood, question_id=exchange.question_id, view=view
    )
    outcome = choose(situation)
    if case.helped_at is not None and not addressed and not _is_exact(outcome):
        outcome = _silence("somebody is helping already")
    return _say(case, exchange, within_limit(outcome, situation), leaks, view)


def _speaks_to_heron(case: Case, exchange: Exchange) -> bool:
    """Heron had the last word before these, so that whoever says *stop* says it to Heron."""
    first = exchange.messages[0].message_id
    before = max((m.message_id for m in case.messages if m.message_id < first), default=None)
    return before is not None and any(r.plan is not None and r.question_id >= before for r in case.replies)


def _returned(case: Case, post: Post) -> Case:
    """After weeks a thread begins anew: what stood in it helped or did not, and who had it has gone."""
    if not case.messages or post.at - case.messages[-1].at < RETURNS_AFTER:
        return case
    waiting = (FindingState.ASKED, FindingState.ANSWERED)
    findings = tuple(replace(f, state=FindingState.OPEN) if f.state in waiting else f for f in case.findings)
    return replace(case, findings=findings, staff_spoke_at=None, helped_at=None, bystander_id=None)


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
    proves = any(h.kind is EvidenceKind.EXACT or is_sure(h, diagnosis, view) for h in diagnosis.findings)
    if not earlier or not open_question or proves:
        return posts, diagnosis
    whole = read_together(case, [*earlier, *exchange.messages], view, with_title=True)
    together = view.knowledge.classifier.classify(whole.report)
    said = {f.article_id for f in case.findings}
    if any(is_sure(h, together, view) and h.article_id not in said for h in together.findings):
        return whole, together
    return posts, diagnosis


def _on_edited(case: Case, post: Post, view: View, heard: Heard) -> Step:
    """Judged again as if it had been written so; our answer follows."""
    old = case.message(post.message_id)
    if post.role is not Role.ASKER:
        return silent(case, "not the asker")
    if old is None or not case.has_read(post.message_id):
        return _on_posted(case, (post,), view, heard)
    if old.digest == digest(post.text, view.salt) and not shows_more(post, old):
        return silent(case, "the text is what it was")
    if view.policy.is_paused:
        return _in_pause(case, (post,), view)
    case, leaks = _kept(case, (post,), view)
    exchange = exchange_about(case, post.message_id)
    if exchange is None:
        exchange = new_exchange(case, [post.message_id])
    if reason := _must_be_quiet(case, view, addressed=False):
        return _say(case, exchange, _silence(reason), leaks, view)
    stood = exchange.reply is not None
    if heard is Heard.TOO_LATE and not stood:
        return _say(case, exchange, _silence("answered by people before the edit was heard of"), leaks, view)
    result = _judge(without_findings(case, exchange), exchange, leaks, view, addressed=False)
    (decision,) = result.decisions
    if not leaks and (stays := _stays_with_people(case, exchange, result, view)):
        return stays
    if stood and not decision.replies and Action.SOLVED not in decision.actions:
        reason = f"after the edit: {decision.reason}"
        return withdraw(result.case, replace(exchange, posts=None), reason, keeps_warning=True)
    return result


def _stays_with_people(case: Case, exchange: Exchange, judged: Step, view: View) -> Step | None:
    """A press brought people in, and the edited words tell of the same problem, or were never what it was about."""
    pressed = [f for f in case.findings if f.state is FindingState.HANDED_OVER and f.people_in is None]
    (decision,) = judged.decisions
    found = {f.article_id for f in judged.case.findings if f.question_id == exchange.question_id}
    if same := [f for f in pressed if f.question_id == exchange.question_id and f.article_id in found]:
        stays = silent(case, "people have this case; the edit tells of the same problem")
        told = _edited_card(case, same[-1], exchange, decision.diagnosis, view)
        return replace(stays, decisions=(replace(stays.decisions[0], cards=(told,)),))
    if not decision.replies and exchange.reply is not None and hands_over(exchange.reply):
        others = any(f.question_id != exchange.question_id for f in pressed)
        return silent(case, "a press asked for people; what was said about it stands") if others else None
    return None


def _edited_card(case: Case, finding: Finding, exchange: Exchange, diagnosis: Diagnosis, view: View) -> CardPlan:
    """The card quotes the question by place, and the places have moved."""
    posts = read_together(case, exchange.messages, view, with_title=exchange.has_opener)
    situation = Situation(
        case=case, posts=posts, diagnosis=diagnosis, mood=Mood(), question_id=exchange.question_id, view=view
    )
    return card(situation, finding.article_id, reason="the question was edited")


def _on_deleted(case: Case, message_id: MessageId, view: View) -> Step:
    message = case.message(message_id)
    if message is None:
        return silent(case, "never read")
    if view.policy.is_paused:
        return silent(case, "paused")  # afterwards a look finds that it is gone
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
