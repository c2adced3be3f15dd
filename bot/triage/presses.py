"""What a press of one of Heron's buttons does to the case."""

from dataclasses import replace

from bot.knowledge.articles import EvidenceKind
from bot.posts import Pressed, Role, Verb
from bot.triage.case import Case, Finding, FindingState, Reply
from bot.triage.decision import Step
from bot.triage.diagnosis import Diagnosis, Hypothesis
from bot.triage.exchange import Exchange, settle, silent, speak, without_findings
from bot.triage.moods import Mood
from bot.triage.plans import Action, Buttons, Form, Question, Words
from bot.triage.policy import Outcome, Situation, card, not_helped
from bot.triage.reading import read_together
from bot.triage.values import answer
from bot.triage.view import View


def on_pressed(case: Case, event: Pressed, view: View) -> Step:
    """Only the asker and staff move a case; whoever else presses changes nothing."""
    if event.by not in (Role.ASKER, Role.STAFF):
        return silent(case, "not their thread")
    if event.verb is Verb.MUTE:
        return silent(replace(case, is_muted=True), "muted by button")
    exchange = _pressed_exchange(case, view)
    if exchange is None:
        return silent(case, "nothing stands that could be pressed")
    if event.verb is Verb.SOLVED:
        return settle(case, exchange, "pressed *Solved*") or silent(case, "nothing was open")
    if case.is_muted or view.policy.is_paused:
        return silent(case, "muted in this thread" if case.is_muted else "paused")
    situation = _situation(case, exchange, view)
    outcome = _outcome(event, situation)
    exchange = replace(exchange, diagnosis=_as_told(outcome))
    if event.verb is Verb.DISMISS:
        case = without_findings(case, exchange)
    return speak(case, exchange, outcome, view)


def _pressed_exchange(case: Case, view: View) -> Exchange | None:
    """The press belongs to the newest reply, which is changed while nothing came after it."""
    reply = case.newest_reply
    if reply is None:
        return None
    messages = case.asker_messages()
    question_id = case.messages[-1].message_id if case.messages else reply.question_id
    posts = read_together(case, messages[-8:], view, with_title=True)
    return Exchange(
        messages=messages,
        question_id=max(question_id, reply.question_id),
        reply=_still_last(case, reply),
        has_opener=True,
        posts=posts,
    )


def _still_last(case: Case, reply: Reply) -> Reply | None:
    last = case.messages[-1].message_id if case.messages else reply.question_id
    return reply if last <= reply.question_id else None


def _situation(case: Case, exchange: Exchange, view: View) -> Situation:
    assert exchange.posts is not None
    return Situation(
        case=case,
        posts=exchange.posts,
        diagnosis=Diagnosis(),
        mood=Mood(),
        question_id=exchange.question_id,
        view=view,
    )


def _as_told(outcome: Outcome) -> Diagnosis:
    """A press proves nothing new; the articles are those that it is about."""
    articles = (f.article_id for f in outcome.findings if f.article_id)
    return Diagnosis(
        findings=tuple(Hypothesis(article_id=a, confidence=1.0, kind=EvidenceKind.EXACT) for a in articles)
    )


def _outcome(event: Pressed, s: Situation) -> Outcome:
    match event.verb:
        case Verb.CHOOSE if event.article_id and event.article_id in s.view.knowledge.base.articles:
            return _chosen(event.article_id, s)
        case Verb.NOT_SOLVED:
            return _stuck(s)
        case Verb.MODERATOR:
            return _wants_person(s)
        case Verb.DISMISS:
            return _taken_back(s)
        case Verb.SOMETHING_ELSE:
            return Outcome(
                actions=(Action.ASK,),
                reason="none of the choices",
                parts=(Question(),),
                findings=(Finding(article_id=None, state=FindingState.ASKED, question_id=s.question_id),),
            )
        case _:
            return Outcome(actions=(Action.SILENT,), reason="that choice is no longer there")


def _chosen(article_id: str, s: Situation) -> Outcome:
    """The asker's choice is as good as their error text."""
    hypothesis = Hypothesis(article_id=article_id, confidence=1.0, kind=EvidenceKind.EXACT)
    finding = Finding(
        article_id=article_id, state=FindingState.ANSWERED, question_id=s.question_id, on_exact_evidence=True
    )
    return Outcome(
        actions=(Action.ANSWER,),
        reason=f"chose {article_id}",
        parts=(answer(hypothesis, s.posts, s.case.known, form=Form.FULL),),
        buttons=Buttons.ANSWER,
        findings=(finding,),
    )


def _stuck(s: Situation) -> Outcome:
    told = next((f for f in reversed(s.case.findings) if f.state is FindingState.ANSWERED), None)
    if told is None:
        return Outcome(actions=(Action.SILENT,), reason="people have this case already")
    return not_helped(s, told)


def _wants_person(s: Situation) -> Outcome:
    open_ones = [f for f in s.case.findings if f.state in (FindingState.ANSWERED, FindingState.ASKED)]
    if not open_ones:
        return Outcome(actions=(Action.SILENT,), reason="people have this case already")
    newest = open_ones[-1]
    return Outcome(
        actions=(Action.ESCALATE,),
        reason="asks for a person",
        parts=(Words(name="hand-over-moderators"),),
        findings=tuple(replace(f, state=FindingState.HANDED_OVER) for f in open_ones),
        cards=(card(s, newest.article_id, reason="asks for a person"),),
    )


def _taken_back(s: Situation) -> Outcome:
    """*That's not my problem*: the answer shrinks to one line, and one question follows in it."""
    asked = Finding(article_id=None, state=FindingState.ASKED, question_id=s.question_id)
    return Outcome(
        actions=(Action.RETRACT, Action.ASK),
        reason="not my problem",
        parts=(Words(name="taken-back"),),
        findings=(asked,),
    )
