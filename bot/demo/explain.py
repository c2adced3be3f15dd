"""A decision as the page's *Why?* panel draws it."""

from collections.abc import Iterator

from bot.extraction.report import Report, Span
from bot.playground.page import Explanation, Mark, Ranked
from bot.recognition.diagnosis import Hypothesis
from bot.triage.decision import Decision

#: Articles of the ranking that are shown; what comes behind them says nothing.
SHOWN = 3


def explanation_of(decision: Decision) -> Explanation:
    report = decision.report
    return Explanation(
        actions=" + ".join(action.value for action in decision.actions),
        reason=decision.reason,
        text=report.text if report else "",
        marks=tuple(Mark(start=span.start, end=span.end, label=label) for span, label in _found(report)),
        ranking=tuple(_ranked(hypothesis) for hypothesis in decision.diagnosis.ranked[:SHOWN]),
    )


def _ranked(hypothesis: Hypothesis) -> Ranked:
    rule = next((evidence.rule for evidence in hypothesis.evidence if evidence.rule), "")
    return Ranked(name=hypothesis.article_id, confidence=hypothesis.confidence, note=rule or "the asker's words")


def _found(report: Report | None) -> Iterator[tuple[Span, str]]:
    if report is None:
        return
    yield from ((found.span, "status") for found in report.status_codes)
    yield from ((found.span, "model") for found in (*report.model_ids, *report.spoken_models))
    yield from ((found.span, "provider") for found in report.providers)
    yield from ((found.span, "generation") for found in report.generation_ids)
    yield from ((found.span, "request") for found in report.request_ids)
    yield from ((secret.span, "secret, masked") for secret in report.secrets)
    if report.client:
        yield report.client.span, "app"
    if report.refused_by:
        yield report.refused_by.span, f"refused by: {report.refused_by.value}"
