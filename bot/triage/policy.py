"""What to do about a diagnosis: answer, ask the one question that separates, hand over, or keep quiet."""

from collections.abc import Sequence
from dataclasses import replace

from bot.knowledge.articles import EvidenceKind, HandOverWhen, Need
from bot.recognition.diagnosis import Diagnosis, Hypothesis
from bot.triage.attached import about_attachments, show_an_error, what_was_read
from bot.triage.case import Finding, FindingState
from bot.triage.handover import (
    card,
    given_to_people,
    handed_over,
    new_details,
    not_helped,
    unknown_to_people,
    who_can_act,
)
from bot.triage.plans import Action, Buttons, Form, Part, Question, Words
from bot.triage.situation import Outcome, Situation
from bot.triage.values import answer
from bot.triage.view import View

#: Choices of one question; *Something else* comes beside them.
MAX_CHOICES = 3
#: Least belief in an article that is offered as a choice, and in all choices together.
A_CHOICE, ALL_CHOICES = 0.1, 0.5
#: Belief on words alone from which on "that did not help" speaks of another problem than the one that was answered.
PLAINLY_ANOTHER = 0.9
#: Different problems that one message answers.
MAX_ANSWERS = 2


def choose(s: Situation) -> Outcome:
    """The order of the house: first what silences, then what is sure, then what can be asked, then people."""
    if not s.posts.report.text.strip():
        return Outcome(actions=(Action.SILENT,), reason="no words to judge; whatever stands goes on standing")
    sure = [h for h in s.diagnosis.findings if is_sure(h, s.diagnosis, s.view) and not _is_refuted(h, s)]
    fresh = [h for h in sure if _is_fresh(h, s)][:MAX_ANSWERS]
    if s.mood.only_shares and not s.mood.asks and not s.was_asked:
        return Outcome(actions=(Action.SILENT,), reason="shares what helped and asks for nothing")
    if s.mood.wants_person:
        return _hand_over(s, fresh, reason="asks for a person")
    if s.mood.says_not_helped and (told := s.told) and not any(map(_is_plainly_another, fresh)):
        return not_helped(s, told)
    if _nobody_asks(s) and not any(h.kind is EvidenceKind.EXACT for h in fresh):
        return Outcome(actions=(Action.SILENT,), reason="nobody asks for help here")
    if s.diagnosis.torn and not any(h.kind is EvidenceKind.EXACT for h in fresh):
        return _torn(s, [h for h in fresh if _is_beside(h, s.diagnosis)])
    if fresh:
        return _answer(s, fresh)
    if sure:
        return Outcome(actions=(Action.SILENT,), reason=f"{sure[0].article_id} was answered already; the answer stands")
    return _unsure(s)


def is_sure(hypothesis: Hypothesis, diagnosis: Diagnosis, view: View) -> bool:
    if hypothesis.confidence < view.policy.floor(hypothesis.article_id, hypothesis.kind):
        return False
    return hypothesis.kind is EvidenceKind.EXACT or diagnosis.out_of_scope < view.policy.out_of_scope_ceiling


def _is_plainly_another(hypothesis: Hypothesis) -> bool:
    """Who says that an answer did not help speaks of its problem; mere resemblance to another one does not count."""
    return hypothesis.kind is EvidenceKind.EXACT or hypothesis.confidence >= PLAINLY_ANOTHER


def _is_fresh(hypothesis: Hypothesis, s: Situation) -> bool:
    """Not said before in this case; a solved problem may come back."""
    finding = s.finding(hypothesis.article_id)
    if finding is not None and finding.state is FindingState.ANSWERED and hypothesis.kind is EvidenceKind.EXACT:
        return not finding.on_exact_evidence  # the error itself says more than the words that were answered
    return finding is None or finding.state not in (
        FindingState.ANSWERED,
        FindingState.HANDED_OVER,
        FindingState.DRAFTED,
    )


def _is_refuted(hypothesis: Hypothesis, s: Situation) -> bool:
    """It was answered and was not their problem. Where mere words were answered, the error itself may say otherwise."""
    finding = s.finding(hypothesis.article_id)
    if finding is None or finding.state is not FindingState.WITHDRAWN:
        return False
    return hypothesis.kind is not EvidenceKind.EXACT or finding.on_exact_evidence


def _nobody_asks(s: Situation) -> bool:
    if s.was_asked or s.mood.cries:
        return False
    return s.diagnosis.out_of_scope >= s.view.policy.out_of_scope_ceiling


def _answer(s: Situation, fresh: Sequence[Hypothesis]) -> Outcome:
    articles = s.view.knowledge.base.articles
    forms = [Form.FULL] + [Form.BRIEF] * (len(fresh) - 1)
    parts: list[Part] = [answer(h, s.posts, s.case.known, form=form) for h, form in zip(fresh, forms, strict=True)]
    always = [h for h in fresh if articles[h.article_id].front.hand_over.when is HandOverWhen.ALWAYS]
    refuted: tuple[Finding, ...] = ()
    if s.told is not None and _contradicts(s, s.told):
        parts.insert(0, Words(name="changed-mind"))
        refuted = (replace(s.told, state=FindingState.WITHDRAWN),)
    return Outcome(
        actions=(Action.ANSWER, *([Action.ESCALATE] if always else [])),
        reason=_because(fresh),
        parts=tuple(parts),
        buttons=Buttons.ANSWER,
        findings=(*refuted, *(_found(s, h, FindingState.ANSWERED) for h in fresh)),
        cards=tuple(card(s, h.article_id, reason="always for people") for h in always if _to_moderators(s, h)),
        waits=all(h.kind is EvidenceKind.TEXT for h in fresh),
    )


def _because(fresh: Sequence[Hypothesis]) -> str:
    said = [f"{h.article_id} on {h.kind} evidence, {h.confidence:.2f}" for h in fresh]
    return "sure of " + " and of ".join(said)


def _contradicts(s: Situation, told: Finding) -> bool:
    """An answer that was given on the asker's words alone, or that did not help, turns out to be another one."""
    if told.article_id in {h.article_id for h in s.diagnosis.findings}:
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
    if s.was_asked and not _sharpens(s):
        return _asked_before(s)
    if show_an_error(s):
        return _hand_over(s, (), reason="an attachment shows the error, and no article knows it")
    question = Question(candidates=candidates, status=s.diagnosis.torn_status)
    briefly: list[Part] = [answer(h, s.posts, s.case.known, form=Form.BRIEF) for h in beside[:1]]
    articles = s.view.knowledge.base.articles
    always = [h for h in beside[:1] if articles[h.article_id].front.hand_over.when is HandOverWhen.ALWAYS]
    asked = Finding(article_id=None, state=FindingState.ASKED, question_id=s.question_id, candidates=candidates)
    actions = [Action.ASK, *([Action.ANSWER] if beside and not always else []), *([Action.ESCALATE] if always else [])]
    return Outcome(
        actions=tuple(a for a in Action if a in actions),
        reason=f"a {s.diagnosis.torn_status} alone has several causes: {', '.join(candidates)}",
        parts=(question, *what_was_read(s), *briefly),
        buttons=Buttons.QUESTION,
        findings=(asked, *(replace(_found(s, h, FindingState.ANSWERED), is_aside=True) for h in beside[:1])),
        cards=tuple(card(s, h.article_id, reason="always for people") for h in always if _to_moderators(s, h)),
        waits=True,
    )


def _sharpens(s: Situation) -> bool:
    """The open question brought a number that was not told before: which of its causes it is makes the one question
    sharper, as a rough choice by button does."""
    if s.mood.says_not_helped:
        return False
    now = {message_id for message_id, _, _ in s.posts.parts}
    before = (s.case.title, *(m.text for m in s.case.asker_messages() if m.message_id not in now))
    is_open = not any(f.candidates for f in s.case.findings if f.state is FindingState.ASKED)
    return is_open and not any(str(s.diagnosis.torn_status) in text for text in before)


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
    if s.people_have_it:
        reason = "people have this case; new details reach them"
        return Outcome(actions=(Action.SILENT,), reason=reason, cards=new_details(s))
    if s.told is not None:
        return Outcome(actions=(Action.SILENT,), reason="an answer stands and nothing new was said")
    if _is_unknown_error(s):
        return _hand_over(s, (), reason="the error is there, and no article knows it")
    asked = Finding(article_id=None, state=FindingState.ASKED, question_id=s.question_id)
    if s.posts.unread_pictures:
        return Outcome(
            actions=(Action.ASK,),
            reason="nothing tells which problem it is, and what the pictures show cannot be read here",
            parts=(Words(name="nothing-to-read"),),
            findings=(asked,),
            waits=True,
        )
    if choices := _choices(s):
        return Outcome(
            actions=(Action.ASK,),
            reason=f"the words fit several problems: {', '.join(choices)}",
            parts=(Question(candidates=choices), *about_attachments(s)),
            buttons=Buttons.QUESTION,
            findings=(replace(asked, candidates=choices),),
            waits=True,
        )
    has_openings = bool(s.view.knowledge.base.community.openings)
    return Outcome(
        actions=(Action.ASK,),
        reason="help is asked for, and nothing tells which problem it is",
        parts=(Question(), *about_attachments(s)),
        buttons=Buttons.QUESTION if has_openings else Buttons.NONE,
        findings=(asked,),
        waits=True,
    )


def _choices(s: Situation) -> tuple[str, ...]:
    """Problems that the asker can choose between; none where only the error's text could tell them apart."""
    near = [h for h in s.diagnosis.ranked if h.confidence >= A_CHOICE][:MAX_CHOICES]
    needs = {need for h in near for need in s.view.knowledge.base.articles[h.article_id].front.needs}
    if len(near) < 2 or sum(h.confidence for h in near) < ALL_CHOICES or Need.ERROR_TEXT in needs:
        return ()
    return tuple(h.article_id for h in near)


def _is_unknown_error(s: Situation) -> bool:
    has_body = any(e.is_structured and len(e.message.split()) >= 4 for e in s.posts.report.errors)
    return has_body or show_an_error(s)


def _hand_over(s: Situation, fresh: Sequence[Hypothesis], *, reason: str) -> Outcome:
    """To people, together with a sure answer if there is one."""
    if not fresh and s.people_have_it:
        return Outcome(actions=(Action.SILENT,), reason="people have this case already")
    if not fresh and not s.mood.wants_person:
        return unknown_to_people(s, reason=reason)
    if not fresh:
        return handed_over(s, s.told.article_id if s.told else None, reason=reason)
    said = _answer(s, fresh)
    return replace(
        said,
        actions=(Action.ANSWER, Action.ESCALATE),
        reason=f"{reason}; {said.reason}",
        parts=(*said.parts, *who_can_act(s, fresh[0].article_id)),
        findings=tuple(given_to_people(f, s) if f.state is FindingState.ANSWERED else f for f in said.findings),
        cards=tuple(card(s, h.article_id, reason=reason) for h in fresh[:1]),
    )
