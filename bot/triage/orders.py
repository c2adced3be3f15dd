"""What staff wants of a case: an answer by name, a correction, people for it, the end of it, silence. Each comes with a
private word to whoever wanted it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.knowledge.articles import EvidenceKind
from bot.posts import MessageId, Order, Ordered
from bot.recognition.diagnosis import Diagnosis, Hypothesis
from bot.triage.case import SETTLED, Case, Finding, FindingState, Reply
from bot.triage.decision import Step
from bot.triage.draft_orders import on_draft
from bot.triage.drafts import is_draft
from bot.triage.exchange import Exchange, asked_in, drop_waiting, silent, speak
from bot.triage.handover import card
from bot.triage.keys import CHOSEN, reply_key
from bot.triage.moods import Mood
from bot.triage.plans import Action, Answer, Buttons, Form, Part, Whisper, Words
from bot.triage.reading import ReadPosts, read_together
from bot.triage.situation import Outcome, Situation
from bot.triage.values import answer
from bot.triage.view import View
from bot.triage.warnings import warned

#: Messages of the asker that are read together to know what an order is about.
MAX_EARLIER = 8
#: What whoever settled a draft is told.
_OF_DRAFTS = {Order.SEND: "order-send", Order.EDIT: "order-edit", Order.DISCARD: "order-discard"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    event: Ordered
    case: Case
    view: View

    def done(self, step: Step, word: str) -> Step:
        (decision,) = step.decisions
        told = replace(decision, ordered=self.event, whisper=self._whisper(word))
        return replace(step, decisions=(told,))

    def nothing(self, reason: str, word: str) -> Step:
        """Nothing changes; whoever wanted it learns why."""
        step = silent(self.case, reason)
        (decision,) = step.decisions
        return replace(step, decisions=(replace(decision, whisper=self._whisper(word)),))

    def _whisper(self, name: str) -> Whisper:
        return Whisper(words=Words(name=name), language="en" if self.event.is_staff else self.case.language)

    @property
    def posts(self) -> ReadPosts:
        return read_together(self.case, self.case.asker_messages()[-MAX_EARLIER:], self.view, with_title=True)

    @property
    def knows_article(self) -> bool:
        return self.event.article_id in self.view.knowledge.base.articles

    def answer(self, posts: ReadPosts) -> tuple[Part, ...]:
        """The article that was chosen, and who chose it."""
        hypothesis = Hypothesis(article_id=str(self.event.article_id), confidence=1.0, kind=EvidenceKind.EXACT)
        chosen = Words(name="chosen-by", values={"chosen_by": int(self.event.by)})
        return answer(hypothesis, posts, self.case.known, form=Form.FULL), chosen

    def diagnosis(self) -> Diagnosis:
        """A person's choice proves nothing about the words; the article is the one that it is about."""
        article_id = self.event.article_id
        if article_id is None:
            return Diagnosis()
        chosen = Hypothesis(article_id=article_id, confidence=1.0, kind=EvidenceKind.EXACT)
        return Diagnosis(findings=(chosen,))


def on_ordered(case: Case, event: Ordered, view: View) -> Step:
    wanted = _Wanted(event=event, case=case, view=view)
    is_own = event.by == case.asker_id and event.order in (Order.MUTE, Order.UNMUTE)
    if not event.is_staff and not is_own:
        return wanted.nothing("not their thread", "order-not-yours")
    return _DONE_BY[event.order](wanted)


def _answer(wanted: _Wanted) -> Step:
    """A message of its own, so that the asker sees that something came. It counts as a person speaking."""
    case, view = wanted.case, wanted.view
    asked = case.asker_messages()
    if not wanted.knows_article:
        return wanted.nothing("no such article", "order-no-article")
    if not asked:
        return wanted.nothing("nothing of the asker is left", "order-nothing-asked")
    posts, question_id = wanted.posts, asked[-1].message_id
    if _was_chosen(wanted, question_id):
        return wanted.nothing("chosen already", "order-same-article")
    others = (f for f in case.findings if f.state is FindingState.HANDED_OVER)
    told = Finding(
        article_id=wanted.event.article_id,
        state=FindingState.ANSWERED,
        question_id=question_id,
        on_exact_evidence=True,
    )
    outcome = Outcome(
        actions=(Action.ANSWER,),
        reason="staff chose the answer",
        parts=wanted.answer(posts),
        buttons=Buttons.ANSWER,
        findings=(*(replace(f, state=FindingState.WITHDRAWN) for f in others), told),
    )
    exchange = Exchange(
        messages=asked[-MAX_EARLIER:],
        question_id=question_id,
        reply=None,
        has_opener=True,
        posts=posts,
        diagnosis=wanted.diagnosis(),
        letter=CHOSEN,
    )
    case = replace(case, staff_spoke_at=view.now)
    return wanted.done(speak(case, exchange, outcome, view), "order-answered")


def _was_chosen(wanted: _Wanted, question_id: MessageId) -> bool:
    """The same choice a moment ago: its answer stands, and nothing has come of it yet."""
    case, article_id = wanted.case, wanted.event.article_id
    key = reply_key(question_id, CHOSEN)
    stands = any(reply.key == key and article_id in _articles_of(reply) for reply in case.replies)
    states = {f.state for f in case.findings if f.article_id == article_id or f.state is FindingState.HANDED_OVER}
    return stands and states == {FindingState.ANSWERED}


def _correct(wanted: _Wanted) -> Step:
    """The answer that stands becomes another, or one line that says that it was wrong."""
    case, view, article_id = wanted.case, wanted.view, wanted.event.article_id
    standing = (r for r in reversed(case.replies) if _articles_of(r))
    reply = max(standing, key=lambda r: r.question_id, default=None)  # an older one may have been written anew since
    if reply is None:
        return wanted.nothing("no answer stands", "order-no-answer")
    if article_id is not None and not wanted.knows_article:
        return wanted.nothing("no such article", "order-no-article")
    if article_id in _articles_of(reply):
        return wanted.nothing("that is the answer already", "order-same-article")
    wrong = (f for f in case.findings if f.article_id in _articles_of(reply) and f.state not in SETTLED)
    findings = tuple(replace(f, state=FindingState.WITHDRAWN) for f in wrong)
    posts = wanted.posts
    exchange = Exchange(
        messages=asked_in(case, reply),
        question_id=reply.question_id,
        reply=reply,
        has_opener=True,
        posts=posts,
        diagnosis=wanted.diagnosis(),
    )
    outcome = Outcome(
        actions=(Action.RETRACT,),
        reason="staff took the answer back",
        parts=(Words(name="corrected", values={"chosen_by": int(wanted.event.by)}),),
        findings=findings,
    )
    if article_id is not None:
        told = Finding(article_id=article_id, state=FindingState.ANSWERED, question_id=reply.question_id)
        outcome = replace(
            outcome,
            actions=(Action.ANSWER, Action.RETRACT),
            reason="staff put another answer in its place",
            parts=wanted.answer(posts),
            buttons=Buttons.ANSWER,
            findings=(*findings, replace(told, on_exact_evidence=True)),
        )
    case = replace(case, staff_spoke_at=view.now)
    return wanted.done(speak(case, exchange, warned(outcome, (), reply, view), view), "order-corrected")


def _articles_of(reply: Reply) -> frozenset[str]:
    parts = reply.plan.parts if reply.plan is not None else ()
    return frozenset(part.article_id for part in parts if isinstance(part, Answer) and not is_draft(part))


def _escalate(wanted: _Wanted) -> Step:
    return _to_people(wanted, wanted.event.reason or "asked for by staff")


def _reopen(wanted: _Wanted) -> Step:
    return _to_people(wanted, "opened again")


def _to_people(wanted: _Wanted, reason: str) -> Step:
    """A card, and nothing said in the thread: whoever wanted it speaks for themselves."""
    case, view = wanted.case, wanted.view
    if any(f.state is FindingState.HANDED_OVER for f in case.findings):
        return wanted.nothing("people have this case already", "order-with-people")
    asked, posts = case.asker_messages(), wanted.posts
    if not asked:
        return wanted.nothing("nothing of the asker is left", "order-nothing-asked")
    newest = case.findings[-1] if case.findings else None
    about = newest or Finding(article_id=None, state=FindingState.OPEN, question_id=asked[-1].message_id)
    diagnosis = view.knowledge.classifier.classify(posts.report)
    situation = Situation(
        case=case, posts=posts, diagnosis=diagnosis, mood=Mood(), question_id=about.question_id, view=view
    )
    outcome = Outcome(
        actions=(Action.ESCALATE,),
        reason="staff wants people to look at it",
        findings=(replace(about, state=FindingState.HANDED_OVER),),
        cards=(card(situation, about.article_id, reason=reason),),
    )
    return wanted.done(speak(case, _about(about, posts), outcome, view), "order-escalated")


def _resolve(wanted: _Wanted) -> Step:
    case = wanted.case
    handed = [f for f in case.findings if f.state is FindingState.HANDED_OVER]
    if not handed:
        return wanted.nothing("nothing waits for people", "order-nothing-waits")
    outcome = Outcome(
        actions=(Action.SOLVED,),
        reason="resolved by staff",
        findings=tuple(replace(f, state=FindingState.SOLVED) for f in handed),
    )
    return wanted.done(speak(case, _about(handed[-1], None), outcome, wanted.view), "order-resolved")


def _about(finding: Finding, posts: ReadPosts | None) -> Exchange:
    """Nothing is said, so no message of the thread is meant."""
    return Exchange(messages=(), question_id=finding.question_id, reply=None, has_opener=False, posts=posts)


def _draft(wanted: _Wanted) -> Step:
    done = on_draft(wanted.case, wanted.event, wanted.view)
    if done is None:
        return wanted.nothing("the draft is not what it was", "order-no-draft")
    return wanted.done(done, _OF_DRAFTS[wanted.event.order])


def _mute(wanted: _Wanted) -> Step:
    if wanted.case.is_muted:
        return wanted.nothing("muted already", "order-muted")
    return wanted.done(drop_waiting(replace(wanted.case, is_muted=True), "muted by staff"), "order-muted")


def _unmute(wanted: _Wanted) -> Step:
    """This thread alone: that somebody wants no answers in the whole server only they themselves can change."""
    word = "order-unmuted"
    if wanted.case.asker_id in wanted.view.opted_out:
        word = "still-opted-out" if wanted.event.by == wanted.case.asker_id else "asker-opted-out"
    if not wanted.case.is_muted:
        return wanted.nothing("not muted", word)
    case = replace(wanted.case, is_muted=False, staff_spoke_at=None)
    return wanted.done(silent(case, "unmuted"), word)


_DONE_BY: Mapping[Order, Callable[[_Wanted], Step]] = {
    Order.ANSWER: _answer,
    Order.CORRECT: _correct,
    Order.ESCALATE: _escalate,
    Order.REOPEN: _reopen,
    Order.RESOLVE: _resolve,
    Order.MUTE: _mute,
    Order.UNMUTE: _unmute,
    Order.SEND: _draft,
    Order.EDIT: _draft,
    Order.DISCARD: _draft,
}
