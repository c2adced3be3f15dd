"""What to do about a diagnosis: answer, ask the one question that separates, hand over, or keep quiet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.knowledge.articles import Autonomy, EvidenceKind, HandOverWhen
from bot.posts import MessageId
from bot.triage.case import Case, Finding, FindingState
from bot.triage.diagnosis import Diagnosis, Hypothesis
from bot.triage.moods import Mood
from bot.triage.plans import Action, Buttons, CardPlan, Form, Part, Question, Words
from bot.triage.reading import ReadPosts
from bot.triage.values import answer
from bot.triage.view import View

#: Choices of one question; *Something else* comes beside them.
MAX_CHOICES = 3
#: Different problems that one message answers.
MAX_ANSWERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a message deserves. `findings` are new or changed; `parts` is what to say, empty for nothing."""

    actions: tuple[Action, ...]
    reason: str
    parts: tuple[Part, ...] = ()
    buttons: Buttons = Buttons.NONE
    findings: tuple[Finding, ...] = ()
    cards: tuple[CardPlan, ...] = ()
    autonomy: Autonomy = Autonomy.ANSWER
    waits: bool = False  # not urgent: until the asker has stopped typing


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that the policy weighs about one reading of the asker's words."""

    case: Case
    posts: ReadPosts
    diagnosis: Diagnosis
    mood: Mood
    question_id: MessageId
    view: View

    @property
    def was_asked(self) -> bool:
        return any(f.state is FindingState.ASKED for f in self.case.findings)

    def finding(self, article_id: str | None) -> Finding | None:
        return next((f for f in self.case.findings if f.article_id == article_id), None)


def choose(s: Situation) -> Outcome:
    """The order of the house: first what silences, then what is sure, then what can be asked, then people."""
    if not s.posts.report.text.strip():
        return Outcome(actions=(Action.SILENT,), reason="no words to judge; whatever stands goes on standing")
    sure = [h for h in s.diagnosis.findings if is_sure(h, s.diagnosis, s.view)]
    fresh = [h for h in sure if _is_fresh(h, s)][:MAX_ANSWERS]
    if s.mood.only_shares and not s.mood.asks and not s.was_asked:
        return Outcome(actions=(Action.SILENT,), reason="shares what helped and asks for nothing")
    if s.mood.wants_person:
        return _hand_over(s, fresh, reason="asks for a person")
    if s.mood.says_not_helped and not fresh and (told := _told(s)):
        return not_helped(s, told)
    if _nobody_asks(s):
        return Outcome(actions=(Action.SILENT,), reason="nobody asks for help here")
    if s.diagnosis.torn and not any(h.kind is EvidenceKind.EXACT for h in fresh):
        return _torn(s, [h for h in fresh if _is_beside(h, s.diagnosis)])
    if fresh:
        return _answer(s, fresh)
    if sure:
        return Outcome(actions=(Action.SILENT,), reason=f"{sure[0].article_id} was answered already; the answer stands")
    return _unsure(s)


def is_sure(hypothesis: Hypothesis, diagnosis: Diagnosis, view: View) -> bool:
    policy = view.policy
    if hypothesis.kind is EvidenceKind.EXACT:
        return hypothesis.confidence >= policy.exact_floor
    floor = policy.floors.get(hypothesis.article_id, policy.text_floor)
    return hypothesis.confidence >= floor and diagnosis.out_of_scope < policy.out_of_scope_ceiling


def _is_fresh(hypothesis: Hypothesis, s: Situation) -> bool:
    """Not said before in this case; a solved problem may come back."""
    finding = s.finding(hypothesis.article_id)
    if finding is not None and finding.state is FindingState.ANSWERED and hypothesis.kind is EvidenceKind.EXACT:
        return not finding.on_exact_evidence  # the error itself says more than the words that were answered
    return finding is None or finding.state in (
        FindingState.OPEN,
        FindingState.ASKED,
        FindingState.WITHDRAWN,
        FindingState.SOLVED,
    )


def _told(s: Situation) -> Finding | None:
    """The newest problem that was answered and not settled."""
    return next((f for f in reversed(s.case.findings) if f.state is FindingState.ANSWERED), None)


def _nobody_asks(s: Situation) -> bool:
    return s.diagnosis.out_of_scope >= s.view.policy.out_of_scope_ceiling and not s.was_asked


def _autonomy(articles: Sequence[str], s: Situation) -> Autonomy:
    found = Autonomy.ANSWER
    for article_id in articles:
        ceiling = s.view.knowledge.base.articles[article_id].front.autonomy
        lowered = s.view.policy.autonomy(article_id, ceiling)
        found = max(found, lowered, key=list(Autonomy).index)
    return found


def _answer(s: Situation, fresh: Sequence[Hypothesis]) -> Outcome:
    articles = s.view.knowledge.base.articles
    forms = [Form.FULL] + [Form.BRIEF] * (len(fresh) - 1)
    parts: list[Part] = [answer(h, s.posts, s.case.known, form=form) for h, form in zip(fresh, forms, strict=True)]
    always = [h for h in fresh if articles[h.article_id].front.hand_over.when is HandOverWhen.ALWAYS]
    if _contradicts(s):
        parts.insert(0, Words(name="changed-mind"))
    return Outcome(
        actions=(Action.ANSWER, *([Action.ESCALATE] if always else [])),
        reason=_because(fresh),
        parts=tuple(parts),
        buttons=Buttons.ANSWER,
        findings=tuple(_found(s, h, FindingState.ANSWERED) for h in fresh),
        cards=tuple(card(s, h.article_id, reason="always for people") for h in always if _to_moderators(s, h)),
        autonomy=_autonomy([h.article_id for h in fresh], s),
        waits=all(h.kind is EvidenceKind.TEXT for h in fresh),
    )


def _because(fresh: Sequence[Hypothesis]) -> str:
    said = [f"{h.article_id} on {h.kind} evidence, {h.confidence:.2f}" for h in fresh]
    return "sure of " + " and of ".join(said)


def _contradicts(s: Situation) -> bool:
    """An answer that was given on the asker's words alone, or that did not help, turns out to be another one."""
    told = _told(s)
    if told is None or told.article_id in {h.article_id for h in s.diagnosis.findings}:
        return False
    return s.mood.says_not_helped or not (told.on_exact_evidence or told.is_aside)


def _found(s: Situation, hypothesis: Hypothesis, state: FindingState) -> Finding:
    return Finding(
        article_id=hypothesis.article_id,
        state=state,
        question_id=s.question_id,
        on_exact_evidence=hypothesis.kind is EvidenceKind.EXACT,
    )


def _to_moderators(s: Situation, hypothesis: Hypothesis) -> bool:
    return s.view.knowledge.base.articles[hypothesis.article_id].front.hand_over.to == "moderators"


def _is_beside(hypothesis: Hypothesis, diagnosis: Diagnosis) -> bool:
    """A problem of its own, told in a sentence that does not speak of the number that is torn."""
    if hypothesis.article_id in diagnosis.torn or not hypothesis.evidence:
        return False
    return all(str(diagnosis.torn_status) not in evidence.quote for evidence in hypothesis.evidence)


def _torn(s: Situation, beside: Sequence[Hypothesis]) -> Outcome:
    """Several causes share a number: ask for the words that tell them apart, and answer what is sure beside it."""
    candidates = s.diagnosis.torn[:MAX_CHOICES]
    if s.was_asked:
        return _asked_before(s)
    question = Question(candidates=candidates, status=s.diagnosis.torn_status)
    briefly: list[Part] = [answer(h, s.posts, s.case.known, form=Form.BRIEF) for h in beside[:1]]
    articles = s.view.knowledge.base.articles
    always = [h for h in beside[:1] if articles[h.article_id].front.hand_over.when is HandOverWhen.ALWAYS]
    asked = Finding(article_id=None, state=FindingState.ASKED, question_id=s.question_id, candidates=candidates)
    actions = [Action.ASK, *([Action.ANSWER] if beside and not always else []), *([Action.ESCALATE] if always else [])]
    return Outcome(
        actions=tuple(a for a in Action if a in actions),
        reason=f"a {s.diagnosis.torn_status} alone has several causes: {', '.join(candidates)}",
        parts=(question, *briefly),
        buttons=Buttons.QUESTION,
        findings=(asked, *(replace(_found(s, h, FindingState.ANSWERED), is_aside=True) for h in beside[:1])),
        cards=tuple(card(s, h.article_id, reason="always for people") for h in always if _to_moderators(s, h)),
        waits=True,
    )


def _asked_before(s: Situation) -> Outcome:
    """The one question was put. Something new in the answer that still fits nothing goes to people; else it stands."""
    if s.posts.report.errors or s.mood.says_not_helped:
        return _hand_over(s, (), reason="asked once and still not recognised")
    return Outcome(actions=(Action.SILENT,), reason="asked already; the question stands")


def _unsure(s: Situation) -> Outcome:
    if s.was_asked:
        return _asked_before(s)
    if s.mood.only_agrees:
        return Outcome(actions=(Action.SILENT,), reason="agreement or thanks; nothing new")
    if any(f.state is FindingState.HANDED_OVER for f in s.case.findings):
        return Outcome(actions=(Action.SILENT,), reason="people have this case; new details reach them")
    if _told(s) is not None:
        return Outcome(actions=(Action.SILENT,), reason="an answer stands and nothing new was said")
    if _is_unknown_error(s):
        return _hand_over(s, (), reason="the error is there, and no article knows it")
    asked = Finding(article_id=None, state=FindingState.ASKED, question_id=s.question_id)
    return Outcome(
        actions=(Action.ASK,),
        reason="help is asked for, and nothing tells which problem it is",
        parts=(Question(),),
        findings=(asked,),
        waits=True,
    )


def _is_unknown_error(s: Situation) -> bool:
    return any(e.is_structured and len(e.message.split()) >= 4 for e in s.posts.report.errors)


def _hand_over(s: Situation, fresh: Sequence[Hypothesis], *, reason: str) -> Outcome:
    """To people, together with a sure answer if there is one."""
    if not fresh and any(f.state is FindingState.HANDED_OVER for f in s.case.findings):
        return Outcome(actions=(Action.SILENT,), reason="people have this case already")
    if not fresh:
        handed = _handed(s, None)
        name = "hand-over-moderators" if s.mood.wants_person else "hand-over-unknown"
        return Outcome(
            actions=(Action.ESCALATE,),
            reason=reason,
            parts=(Words(name=name, values=_known_values(s)),),
            findings=handed,
            cards=(card(s, None, reason=reason),),
        )
    said = _answer(s, fresh)
    return replace(
        said,
        actions=(Action.ANSWER, Action.ESCALATE),
        reason=f"{reason}; {said.reason}",
        parts=(*said.parts, Words(name="hand-over-moderators")),
        findings=tuple(replace(f, state=FindingState.HANDED_OVER) for f in said.findings),
        cards=tuple(card(s, h.article_id, reason=reason) for h in fresh[:1]),
    )


def _handed(s: Situation, article_id: str | None) -> tuple[Finding, ...]:
    """The open question, or a new finding, in the hands of people."""
    asked = next((f for f in reversed(s.case.findings) if f.state is FindingState.ASKED), None)
    if asked:
        return (replace(asked, state=FindingState.HANDED_OVER),)
    return (Finding(article_id=article_id, state=FindingState.HANDED_OVER, question_id=s.question_id),)


def not_helped(s: Situation, told: Finding) -> Outcome:
    """The remaining steps of the article, once; then people."""
    assert told.article_id is not None
    article = s.view.knowledge.base.articles[told.article_id]
    body = s.view.knowledge.base.body(told.article_id, s.case.language)
    if body.more_steps and not told.told_more:
        hypothesis = Hypothesis(article_id=told.article_id, confidence=1.0, kind=EvidenceKind.TEXT)
        return Outcome(
            actions=(Action.ANSWER,),
            reason=f"{told.article_id} did not help; the remaining steps",
            parts=(answer(hypothesis, s.posts, s.case.known, form=Form.MORE),),
            buttons=Buttons.ANSWER,
            findings=(replace(told, told_more=True),),
            autonomy=_autonomy([told.article_id], s),
        )
    reason = f"{told.article_id} did not help; all its steps were told"
    to = article.front.hand_over.to
    return Outcome(
        actions=(Action.ESCALATE,),
        reason=reason,
        parts=(Words(name="steps-end"),),
        findings=(replace(told, state=FindingState.HANDED_OVER),),
        cards=(card(s, told.article_id, reason=reason),) if to == "moderators" else (),
    )


def _known_values(s: Situation) -> dict[str, str | tuple[str, ...] | None]:
    report = s.posts.report
    found = [*(f"HTTP {c.value}" for c in report.status_codes), *(m.value for m in report.model_ids)]
    found += [p.value for p in report.providers] + ([report.client.value] if report.client else [])
    return {"known": tuple(dict.fromkeys(found))[:4], "generation_id": s.case.known.get("generation_id")}


def card(s: Situation, article_id: str | None, *, reason: str) -> CardPlan:
    """What moderators need about the case, from everything that the reading found."""
    report = s.posts.report
    article = s.view.knowledge.base.articles.get(article_id) if article_id else None
    entities = {
        "status": tuple(str(f.value) for f in report.status_codes),
        "model": tuple(f.value for f in report.model_ids),
        "provider": tuple(f.value for f in report.providers),
        "generation": tuple(f.value for f in report.generation_ids),
        "request": tuple(f.value for f in report.request_ids),
    }
    others = [h.article_id for h in s.diagnosis.ranked if h.article_id != article_id]
    error = report.errors[0] if report.errors else None
    return CardPlan(
        article_id=article_id,
        runner_up=others[0] if others else None,
        destination=article.front.hand_over.to if article else "moderators",
        reason=reason,
        entities={name: tuple(dict.fromkeys(found)) for name, found in entities.items()},
        error=s.posts.quote(error.span) if error else None,
        missing=tuple(n.value for n in article.front.helps) if article else (),
        tried=tuple(f.article_id for f in s.case.findings if f.told_more and f.article_id),
    )
