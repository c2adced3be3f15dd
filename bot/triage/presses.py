"""What a press of one of Heron's buttons does to the case, and what the one who pressed is told in private."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.knowledge.articles import EvidenceKind
from bot.knowledge.community import Opening
from bot.posts import Pressed, Role, Verb
from bot.recognition.diagnosis import Diagnosis, Hypothesis
from bot.triage.case import SETTLED, Case, Finding, FindingState, Reply
from bot.triage.decision import Step
from bot.triage.exchange import Exchange, asked_in, drop_waiting, settled, silent, speak
from bot.triage.handover import handed_over, not_helped, taken_back_to_people
from bot.triage.keys import reply_key
from bot.triage.moods import Mood
from bot.triage.plans import Action, Answer, Buttons, Form, Question, ReplyPlan, Whisper, Words
from bot.triage.reading import read_together
from bot.triage.situation import Outcome, Situation
from bot.triage.values import answer
from bot.triage.view import View
from bot.triage.warnings import warned

#: Messages of the asker that are read together to know what a press is about.
MAX_EARLIER = 8
#: What each row of buttons offers; the private choice opens behind `STUCK`.
PRIVATE_CHOICE = (Verb.NOT_SOLVED, Verb.DISMISS, Verb.MUTE)
_OFFERED = {
    Buttons.NONE: frozenset[Verb](),
    Buttons.ANSWER: frozenset({Verb.SOLVED, Verb.STUCK, Verb.MODERATOR, *PRIVATE_CHOICE}),
    Buttons.QUESTION: frozenset({Verb.CHOOSE, Verb.SOMETHING_ELSE}),
}
#: What can be pressed in a help thread; the other verbs stand on moderators' cards.
ASKERS_VERBS = frozenset[Verb]().union(*_OFFERED.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    event: Pressed
    case: Case
    view: View

    def nothing(self, reason: str, whisper: str | None = None) -> Step:
        """Nothing changes; whoever pressed learns why."""
        return self.told(silent(self.case, reason), whisper)

    def told(self, done: Step, whisper: str | None, *, offers: Sequence[Verb] = (), about: Reply | None = None) -> Step:
        """`done`, with a private word. Without a key nobody waits for one: the press was written down, not made."""
        if whisper is None or self.event.key is None:
            return done
        said = Whisper(
            words=Words(name=whisper),
            language=self.case.language if self.event.by is not Role.STAFF else "en",
            offers=tuple(offers),
            key=about.key if about else "",
            revision=about.revision if about else 0,
        )
        (decision,) = done.decisions
        return replace(done, decisions=(replace(decision, whisper=said),))


def on_pressed(case: Case, event: Pressed, view: View) -> Step:
    """Only the asker and moderators move a case; whoever else presses changes nothing."""
    press = _Press(event=event, case=case, view=view)
    if event.by not in (Role.ASKER, Role.STAFF):
        return press.nothing("not their thread", "press-not-yours")
    reply = _pressed_reply(case, event)
    if event.verb is Verb.MUTE and (event.key is None or reply is not None):
        return press.told(drop_waiting(replace(case, is_muted=True), "muted by button"), "muted")
    if reply is None:
        return _outdated(press)
    if event.verb is Verb.SOLVED:
        return _solved(press, reply)
    if case.is_muted or view.policy.is_paused:
        reason, whisper = ("muted in this thread", "press-muted") if case.is_muted else ("paused", "press-paused")
        return press.nothing(reason, whisper)
    if case.asker_id in view.opted_out:
        return press.nothing("opted out", "still-opted-out" if event.by is Role.ASKER else "asker-opted-out")
    if event.verb is Verb.STUCK:
        opened = silent(case, "asks what is wrong with the answer")
        return press.told(opened, "stuck-choice", offers=PRIVATE_CHOICE, about=reply)
    return _moved(press, reply)


def _pressed_reply(case: Case, event: Pressed) -> Reply | None:
    """The reply that was pressed, if it still offers that; without a key the live one, else the newest."""
    if event.key is None:
        live = (r for r in reversed(case.replies) if r.plan is not None and r.plan.buttons is not Buttons.NONE)
        return next(live, case.newest_reply)
    reply = next((r for r in case.replies if r.key == event.key), None)
    if reply is None or reply.plan is None or event.verb not in _OFFERED[reply.plan.buttons]:
        return None
    is_older = event.revision is not None and event.revision != reply.revision
    return None if is_older or not _is_choice_of(reply.plan, event) else reply


def _is_choice_of(plan: ReplyPlan, event: Pressed) -> bool:
    if event.verb is not Verb.CHOOSE:
        return True
    question = next((part for part in plan.parts if isinstance(part, Question)), Question())
    return not question.candidates or event.article_id in question.candidates


def _outdated(press: _Press) -> Step:
    """A second press of what was done already is no news; any other button that is gone says so."""
    event, states = press.event, {f.state for f in press.case.findings}
    if event.key is None:
        return press.nothing("nothing stands that could be pressed")
    if event.verb is Verb.SOLVED and states and states <= SETTLED:
        return press.nothing("solved already")
    if event.verb is Verb.MODERATOR and FindingState.HANDED_OVER in states:
        return press.nothing("people have this case already", "press-with-people")
    if event.verb is Verb.CHOOSE and any(f.article_id == event.article_id for f in press.case.findings):
        return press.nothing("chosen already")
    return press.nothing("that button is out of date", "press-outdated")


def _solved(press: _Press, reply: Reply) -> Step:
    outcome = settled(press.case, "pressed *Solved*")
    if outcome is None:
        return press.nothing("nothing was open")
    return speak(press.case, _exchange(press, reply), outcome, press.view)


def _moved(press: _Press, reply: Reply) -> Step:
    exchange = _exchange(press, reply)
    outcome = _outcome(press.event, _situation(press, exchange), reply)
    if not outcome.parts:
        return press.nothing(outcome.reason, "press-outdated")
    exchange = replace(exchange, diagnosis=_as_told(outcome))
    outcome = replace(outcome, findings=tuple(replace(f, people_in=None) for f in outcome.findings))
    done = speak(press.case, exchange, warned(outcome, (), exchange.reply, press.view), press.view)
    return press.told(done, "press-noted" if press.event.revision is not None else None)


def _exchange(press: _Press, reply: Reply) -> Exchange:
    """The pressed reply is changed while nothing came after it; what is dismissed is changed wherever it stands."""
    case = press.case
    messages = case.asker_messages()
    newest = case.messages[-1].message_id if case.messages else reply.question_id
    in_place = press.event.verb is Verb.DISMISS or newest <= reply.question_id
    below = next((r for r in case.replies if r.key == reply_key(newest) and r.plan is not None), None)
    return Exchange(
        messages=asked_in(case, reply) if in_place else messages,
        question_id=reply.question_id if in_place else newest,
        reply=reply if in_place else below,
        has_opener=True,
        posts=read_together(case, messages[-MAX_EARLIER:], press.view, with_title=True),
    )


def _situation(press: _Press, exchange: Exchange) -> Situation:
    assert exchange.posts is not None
    return Situation(
        case=press.case,
        posts=exchange.posts,
        diagnosis=Diagnosis(),
        mood=Mood(),
        question_id=exchange.question_id,
        view=press.view,
    )


def _as_told(outcome: Outcome) -> Diagnosis:
    """A press proves nothing new; the articles are those that it is about."""
    articles = (f.article_id for f in outcome.findings if f.article_id)
    return Diagnosis(
        findings=tuple(Hypothesis(article_id=a, confidence=1.0, kind=EvidenceKind.EXACT) for a in articles)
    )


def _outcome(event: Pressed, s: Situation, reply: Reply) -> Outcome:
    match event.verb:
        case Verb.CHOOSE if event.article_id in s.view.knowledge.base.articles:
            return _chosen(str(event.article_id), s)
        case Verb.CHOOSE if opening := s.view.knowledge.base.community.opening(str(event.article_id)):
            return _narrowed(opening, s)
        case Verb.NOT_SOLVED:
            return _stuck(s, reply)
        case Verb.MODERATOR:
            return _wants_person(s)
        case Verb.DISMISS:
            return _taken_back(s, reply)
        case Verb.SOMETHING_ELSE:
            return _something_else(s, reply)
        case _:
            return Outcome(actions=(Action.SILENT,), reason="that choice is not there")


def _chosen(article_id: str, s: Situation) -> Outcome:
    """The asker's choice is as good as their error text."""
    hypothesis = Hypothesis(article_id=article_id, confidence=1.0, kind=EvidenceKind.EXACT)
    return Outcome(
        actions=(Action.ANSWER,),
        reason=f"chose {article_id}",
        parts=(answer(hypothesis, s.posts, s.case.known, form=Form.FULL),),
        buttons=Buttons.ANSWER,
        findings=(_found(s, article_id, FindingState.ANSWERED, on_exact_evidence=True),),
    )


def _narrowed(opening: Opening, s: Situation) -> Outcome:
    """The first rough choice makes the one question sharper; it stays one question."""
    candidates = tuple(a for a in opening.articles if a in s.view.knowledge.base.articles)
    part = Question(candidates=candidates) if candidates else Words(name=opening.asks)
    return Outcome(
        actions=(Action.ASK,),
        reason=f"chose {opening.id}",
        parts=(part,),
        buttons=Buttons.QUESTION if candidates else Buttons.NONE,
        findings=(replace(_found(s, None, FindingState.ASKED), candidates=candidates),),
    )


def _something_else(s: Situation, reply: Reply) -> Outcome:
    """None of the causes: then the error itself is asked for. None of the rough choices either: then people."""
    question = next((p for p in (reply.plan.parts if reply.plan else ()) if isinstance(p, Question)), Question())
    if not question.candidates:
        return handed_over(s, None, reason="none of the choices")
    return Outcome(
        actions=(Action.ASK,),
        reason="none of the choices",
        parts=(Question(),),
        findings=(_found(s, None, FindingState.ASKED),),
    )


def _stuck(s: Situation, reply: Reply) -> Outcome:
    told = _told_in(reply, s) or s.told
    if told is None:
        return Outcome(actions=(Action.SILENT,), reason="people have this case already")
    return not_helped(s, told)


def _wants_person(s: Situation) -> Outcome:
    open_ones = [f for f in s.case.findings if f.state in (FindingState.ANSWERED, FindingState.ASKED)]
    if not open_ones:
        return Outcome(actions=(Action.SILENT,), reason="people have this case already")
    said = handed_over(s, open_ones[-1].article_id, reason="asks for a person")
    return replace(said, findings=tuple(replace(f, state=FindingState.HANDED_OVER) for f in open_ones))


def _taken_back(s: Situation, reply: Reply) -> Outcome:
    """*That's not my problem*: the answer shrinks to one line and counts as wrong; one question follows, unless what
    it would ask for is there already: then people get what there is."""
    articles = _articles_of(reply) or {s.told.article_id if s.told else None}
    told = (f for f in s.case.findings if f.article_id in articles and f.state not in SETTLED)
    wrong = tuple(replace(f, state=FindingState.WITHDRAWN) for f in told)
    if any(e.is_structured and e.message for e in s.posts.report.errors):
        return taken_back_to_people(s, wrong)
    return Outcome(
        actions=(Action.RETRACT, Action.ASK),
        reason="not my problem",
        parts=(Words(name="taken-back"),),
        findings=(*wrong, _found(s, None, FindingState.ASKED)),
    )


def _told_in(reply: Reply, s: Situation) -> Finding | None:
    articles = _articles_of(reply)
    return next((f for f in s.case.findings if f.article_id in articles and f.state is FindingState.ANSWERED), None)


def _articles_of(reply: Reply) -> frozenset[str | None]:
    return frozenset(p.article_id for p in (reply.plan.parts if reply.plan else ()) if isinstance(p, Answer))


def _found(s: Situation, article_id: str | None, state: FindingState, *, on_exact_evidence: bool = False) -> Finding:
    return Finding(article_id=article_id, state=state, question_id=s.question_id, on_exact_evidence=on_exact_evidence)
