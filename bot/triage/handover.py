"""When Heron's steps end: who can act, what the asker is told, and what moderators are shown."""

from dataclasses import replace

from bot.knowledge.articles import Article, EvidenceKind, Need
from bot.recognition.diagnosis import Hypothesis
from bot.triage.case import Finding, FindingState, Reply
from bot.triage.plans import Action, Buttons, CardPlan, Form, Part, Value, Words
from bot.triage.situation import Outcome, Situation
from bot.triage.values import answer

MODERATORS = "moderators"
#: Where a fact that can be asked for is remembered, once it was told.
_KNOWN_AS = {
    Need.MODEL_ID: "model",
    Need.PROVIDER: "provider",
    Need.GENERATION_ID: "generation_id",
    Need.CLIENT: "client",
}


def handed_over(s: Situation, article_id: str | None, *, reason: str) -> Outcome:
    """Whatever is open goes to people at once; the one detail that would help them is asked in the same message."""
    open_ones = [f for f in s.case.findings if f.state in (FindingState.ASKED, FindingState.ANSWERED)]
    about = [f for f in open_ones if f.article_id in (article_id, None)] or open_ones[-1:]
    new = Finding(article_id=article_id, state=FindingState.OPEN, question_id=s.question_id)
    return Outcome(
        actions=(Action.ESCALATE,),
        reason=reason,
        parts=(*who_can_act(s, article_id), *_missing(s, article_id)),
        findings=tuple(given_to_people(f, s) for f in about or [new]),
        cards=(card(s, article_id, reason=reason),),
    )


def unknown_to_people(s: Situation, *, reason: str) -> Outcome:
    """No article fits: said honestly, with what was posted, so that nobody has to post it again."""
    said = handed_over(s, None, reason=reason)
    return replace(said, parts=(Words(name="hand-over-unknown", values=_known_values(s)),))


def taken_back_to_people(s: Situation, wrong: tuple[Finding, ...]) -> Outcome:
    """The answer was wrong, and what one could ask for is there: people get it as it is."""
    reason = "not my problem, and the error is there already"
    return Outcome(
        actions=(Action.ESCALATE, Action.RETRACT),
        reason=reason,
        parts=(Words(name="taken-back-known"),),
        findings=(
            *wrong,
            Finding(article_id=None, state=FindingState.HANDED_OVER, question_id=s.question_id),
        ),
        cards=(card(s, None, reason=reason),),
    )


def not_helped(s: Situation, told: Finding) -> Outcome:
    """The remaining steps of the article, once; then people."""
    assert told.article_id is not None
    body = s.view.knowledge.base.body(told.article_id, s.case.language)
    if body.more_steps and not told.told_more:
        hypothesis = Hypothesis(article_id=told.article_id, confidence=1.0, kind=EvidenceKind.TEXT)
        return Outcome(
            actions=(Action.ANSWER,),
            reason=f"{told.article_id} did not help; the remaining steps",
            parts=(answer(hypothesis, s.posts, s.case.known, form=Form.MORE),),
            buttons=Buttons.ANSWER,
            findings=(replace(told, told_more=True),),
        )
    said = handed_over(s, told.article_id, reason=f"{told.article_id} did not help; all its steps were told")
    return replace(
        said,
        parts=(Words(name="steps-end"), *said.parts),
        findings=(given_to_people(told, s),),
        cards=said.cards if _destination(s, told.article_id) == MODERATORS else (),
    )


def given_to_people(finding: Finding, s: Situation) -> Finding:
    return replace(finding, state=FindingState.HANDED_OVER, people_in=s.question_id)


def hands_over(reply: Reply) -> bool:
    parts = reply.plan.parts if reply.plan is not None else ()
    return any(isinstance(p, Words) and p.name.startswith("hand-over") for p in parts)


def who_can_act(s: Situation, article_id: str | None) -> tuple[Part, ...]:
    to = _destination(s, article_id)
    if to == MODERATORS:
        return (Words(name="hand-over-moderators"),)
    return (Words(name="hand-over-destination", values={"destination": to}),)


def new_details(s: Situation) -> tuple[CardPlan, ...]:
    """Facts that people who have the case do not know yet; they reach the card, and nothing is said."""
    handed = next((f for f in reversed(s.case.findings) if f.state is FindingState.HANDED_OVER), None)
    report = s.posts.report
    if handed is None or not (report.errors or report.generation_ids or report.request_ids or report.model_ids):
        return ()
    return (card(s, handed.article_id, reason="new details"),)


def card(s: Situation, article_id: str | None, *, reason: str) -> CardPlan:
    """What moderators need about the case, from everything that the reading found."""
    report = s.posts.report
    article = _article(s, article_id)
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
        destination=_destination(s, article_id),
        reason=reason,
        entities={name: tuple(dict.fromkeys(found)) for name, found in entities.items()},
        error=s.posts.quote(error.span) if error else None,
        missing=tuple(n.value for n in article.front.helps) if article else (),
        tried=tuple(f.article_id for f in s.case.findings if f.told_more and f.article_id),
    )


def _article(s: Situation, article_id: str | None) -> Article | None:
    return s.view.knowledge.base.articles.get(article_id) if article_id else None


def _destination(s: Situation, article_id: str | None) -> str:
    article = _article(s, article_id)
    return article.front.hand_over.to if article else MODERATORS


def _missing(s: Situation, article_id: str | None) -> tuple[Part, ...]:
    """One fact that the article says would help and that nobody told yet; asked for once a thread."""
    article = _article(s, article_id)
    if article is None or _destination(s, article_id) != MODERATORS or _was_asked_for(s):
        return ()
    need = next((n for n in article.front.helps if not _is_known(n, s)), None)
    if need is None:
        return ()
    values: dict[str, Value] = {"need": need.value.replace("_", "-")}
    return (Words(name="hand-over-missing", values=values),)


def _was_asked_for(s: Situation) -> bool:
    plans = (reply.plan for reply in s.case.replies if reply.plan is not None)
    return any(isinstance(p, Words) and p.name == "hand-over-missing" for plan in plans for p in plan.parts)


def _is_known(need: Need, s: Situation) -> bool:
    if need is Need.ERROR_TEXT:
        return bool(s.posts.report.errors)
    return _KNOWN_AS[need] in s.case.known


def _known_values(s: Situation) -> dict[str, Value]:
    report = s.posts.report
    found = [*(f"HTTP {c.value}" for c in report.status_codes), *(m.value for m in report.model_ids)]
    found += [p.value for p in report.providers] + ([report.client.value] if report.client else [])
    return {"known": tuple(dict.fromkeys(found))[:4], "generation_id": s.case.known.get("generation_id")}
