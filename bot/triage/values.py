"""What an article's body may print about the case: who refused, which model, the numbers of the error."""

from collections.abc import Mapping
from math import ceil

from bot.extraction.report import ErrorBody, Report, Span
from bot.recognition.diagnosis import Hypothesis
from bot.triage.live import live_values
from bot.triage.plans import Answer, Form, Value
from bot.triage.reading import ReadPosts

MAX_ID = 120
#: Words beside an id that say that it is the free one.
FREE = ":free"


def answer(hypothesis: Hypothesis, posts: ReadPosts, known: Mapping[str, str], *, form: Form) -> Answer:
    """The plan of an answer: the article, the proof, and the values that its body prints."""
    error = _error(hypothesis, posts.report)
    proved = next((e.span for e in hypothesis.evidence if e.rule), None)
    values = _values(hypothesis, posts.report, error, known)
    if proved is not None:
        # The proof is out of a picture, or out of a file.
        values |= {"pictured": "yes"} if posts.is_pictured(proved) else {}
        values |= {"filed": "yes"} if posts.is_filed(proved) else {}
    model, provider = values["model"] or _given_id(hypothesis), values["provider"]
    values |= live_values(posts.live, str(model) if model else None, str(provider) if provider else None)
    return Answer(
        article_id=hypothesis.article_id,
        form=form,
        proof=posts.quote(proved) if proved is not None else None,
        values=values,
    )


def facts_of(report: Report) -> dict[str, str]:
    """What a report tells about the asker's set-up, to be remembered for the case."""
    found = {
        "client": report.client.value if report.client else None,
        "provider": report.providers[0].value if len(report.providers) == 1 else None,
        "model": report.model_ids[0].value if len({m.value for m in report.model_ids}) == 1 else None,
        "generation_id": report.generation_ids[0].value if report.generation_ids else None,
    }
    return {name: value for name, value in found.items() if value}


def _given_id(hypothesis: Hypothesis) -> str | None:
    """What stood where an id belongs, even if it looks like none: the nearest one is told all the same."""
    given = hypothesis.captures.get("given_id", "")
    return given if given and len(given) <= MAX_ID and given.split() == [given] else None


def _error(hypothesis: Hypothesis, report: Report) -> ErrorBody | None:
    return report.errors[hypothesis.error_index] if hypothesis.error_index is not None else None


def _values(
    hypothesis: Hypothesis, report: Report, error: ErrorBody | None, known: Mapping[str, str]
) -> dict[str, Value]:
    models = list(dict.fromkeys(m.value for m in report.model_ids))
    model = _model_of(error, hypothesis, report) or (models[0] if len(models) == 1 else None)
    if model is None and not models:
        model = known.get("model")
    status = error.status if error and error.status else None
    if status is None and len({s.value for s in report.status_codes}) == 1:
        status = report.status_codes[0].value
    provider = error.provider if error else None
    if provider is None and len(report.providers) == 1:
        provider = report.providers[0].value
    values: dict[str, Value] = {
        "provider": provider or (known.get("provider") if error is None else None),
        "model": model,
        "other_models": tuple(m for m in models if m != model),
        "paid_model": model.removesuffix(FREE) if model and model.endswith(FREE) else None,
        "status": status,
        "client": report.client.value if report.client else known.get("client"),
        "generation_id": report.generation_ids[0].value if report.generation_ids else known.get("generation_id"),
        "retry_after_s": _whole(report.retry_after_s.value) if report.retry_after_s else None,
    }
    values.update(hypothesis.captures)
    return values


def _whole(seconds: float) -> int:
    """Seconds as people say them; never fewer than were asked for."""
    return max(1, ceil(seconds))


def _model_of(error: ErrorBody | None, hypothesis: Hypothesis, report: Report) -> str | None:
    """The model that the error speaks of: named in its text, else alone inside its body, else beside the proof."""
    if error is not None:
        inside = [m.value for m in report.model_ids if _within(m.span, error.span)]
        named = [value for value in inside if value in error.message]
        for choice in (named, inside):
            if len(set(choice)) == 1:
                return choice[0]
    beside = {m.value for m in report.model_ids for e in hypothesis.evidence if _within(m.span, e.span)}
    return beside.pop() if len(beside) == 1 else None


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
