"""Judged posts made by hand, for tests that compute figures on paper."""

from bot.authoring.judged import Judged
from bot.authoring.labelled import LabelledPost
from bot.knowledge.articles import EvidenceKind
from bot.recognition.diagnosis import Diagnosis, Hypothesis
from bot.replay import Played
from bot.triage.decision import Decision
from bot.triage.plans import Action

ANSWER, ASK, ESCALATE, SILENT, WARN = Action.ANSWER, Action.ASK, Action.ESCALATE, Action.SILENT, Action.WARN


def judged(
    label: str,
    *ranked: tuple[str, float],
    does: tuple[Action, ...] = (SILENT,),
    on: EvidenceKind = EvidenceKind.TEXT,
    out_of_scope: float = 0.0,
    message: str | None = None,
    **post: object,
) -> Judged:
    """A post with this label, for which Heron ranks these articles and does that."""
    hypotheses = tuple(Hypothesis(article_id=name, confidence=sure, kind=on) for name, sure in ranked)
    diagnosis = Diagnosis(findings=hypotheses[:1], runners_up=hypotheses[1:], out_of_scope=out_of_scope)
    decision = Decision(actions=does, reason="by hand", diagnosis=diagnosis)
    return Judged(
        post=LabelledPost.model_validate({"id": "x", "label": label, **post}),
        played=Played(decision=decision, state="open", message=message, cards=()),
    )


def leaked(does: tuple[Action, ...]) -> Judged:
    """A post with a key, for which the label says that only a warning is right."""
    return judged("a", does=does, kind="secret", action_ok=["warn"])
