"""Plans, messages and decisions as JSON and back. Who stores the JSON is not known here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.extraction.report import Found, Report
from bot.helpdesk.ports import Button, Message
from bot.posts import MessageId
from bot.recognition.diagnosis import Hypothesis
from bot.triage.decision import Decision
from bot.triage.plans import (
    Answer,
    Autonomy,
    Buttons,
    CardPlan,
    Form,
    Part,
    Question,
    Quote,
    ReplyPlan,
    Topic,
    Value,
    Words,
)

#: The shape is checked by the functions here and nowhere else, hence `Any`.
Json = Mapping[str, Any]

#: A field of an error that is a code. Whatever has a space in it may be somebody's words.
_CODE = re.compile(r"[\w.:/-]{1,64}")


def plan_frame(plan: ReplyPlan) -> Json:
    """The plan without the values that were taken from a post; what it quotes it names by place."""
    return {
        "parts": [_part_frame(part) for part in plan.parts],
        "buttons": plan.buttons.value,
        "language": plan.language,
        "has_footer": plan.has_footer,
        "delay_s": plan.delay_s,
    }


def plan_sources(frame: Json) -> set[MessageId | None]:
    """The messages that the plan quotes; None is the thread's title."""
    return {quote.message_id for part in frame["parts"] if (quote := _quote_of(part.get("proof"))) is not None}


def plan_values(plan: ReplyPlan) -> Sequence[Json] | None:
    """What the plan's parts took from the post, part by part; None where no part took anything."""
    values = [_part_values(part) for part in plan.parts]
    return values if any(values) else None


def plan_of(frame: Json, values: Sequence[Json] | None) -> ReplyPlan:
    """The whole plan; without values (the question was purged) a plan that only names articles."""
    by_part: Iterable[Json] = values if values is not None else [{}] * len(frame["parts"])
    return ReplyPlan(
        parts=tuple(_part_of(part, taken) for part, taken in zip(frame["parts"], by_part, strict=True)),
        buttons=Buttons(frame["buttons"]),
        language=frame["language"],
        has_footer=frame["has_footer"],
        delay_s=frame["delay_s"],
    )


def _part_frame(part: Part) -> Json:
    match part:
        case Answer():
            how = {"form": part.form.value, "autonomy": part.autonomy.value}
            return {"answer": part.article_id, "proof": _quote_json(part.proof), **how}
        case Question():
            return {"question": list(part.candidates), "status": part.status}
        case Words():
            return {"words": part.name}


def _part_values(part: Part) -> Json:
    match part:
        case Answer() | Words():
            return {name: list(v) if isinstance(v, tuple) else v for name, v in part.values.items()}
        case Question():
            return {}


def _part_of(frame: Json, taken: Json) -> Part:
    values: dict[str, Value] = {name: tuple(v) if isinstance(v, list) else v for name, v in taken.items()}
    if "answer" in frame:
        return Answer(
            article_id=frame["answer"],
            form=Form(frame["form"]),
            proof=_quote_of(frame["proof"]),
            values=values,
            autonomy=Autonomy(frame["autonomy"]),
        )
    if "question" in frame:
        return Question(candidates=tuple(frame["question"]), status=frame["status"])
    return Words(name=frame["words"], values=values)


def _quote_json(quote: Quote | None) -> Json | None:
    return None if quote is None else {"message": quote.message_id, "start": quote.start, "end": quote.end}


def _quote_of(place: Json | None) -> Quote | None:
    if place is None:
        return None
    message_id = None if place["message"] is None else MessageId(place["message"])
    return Quote(message_id=message_id, start=place["start"], end=place["end"])


def message_json(message: Message) -> Json:
    rows = [[{"id": b.custom_id, "label": b.label, "style": b.style} for b in row] for row in message.rows]
    return {"content": message.content, "rows": rows}


def message_of(body: Json) -> Message:
    rows = tuple(
        tuple(Button(custom_id=b["id"], label=b["label"], style=b["style"]) for b in row) for row in body["rows"]
    )
    return Message(content=body["content"], rows=rows)


def decision_features(decision: Decision) -> Json:
    """What explains a decision later: codes, names, articles, rules and scores. No words of the post."""
    diagnosis = decision.diagnosis
    return {
        "findings": [_hypothesis_json(h) for h in diagnosis.findings],
        "runners_up": [_hypothesis_json(h) for h in diagnosis.runners_up],
        "torn": list(diagnosis.torn),
        "torn_status": diagnosis.torn_status,
        "out_of_scope": diagnosis.out_of_scope,
        "other": diagnosis.other,
        "report": None if decision.report is None else _report_features(decision.report),
        "cards": [card_features(card) for card in decision.cards],
        "evidence": [_quote_json(quote) for quote in decision.evidence],
        "article_version": decision.article_version,
    }


def evidence_of(features: Json) -> tuple[Quote, ...]:
    return tuple(quote for place in features["evidence"] if (quote := _quote_of(place)) is not None)


def _hypothesis_json(hypothesis: Hypothesis) -> Json:
    return {
        "article": hypothesis.article_id,
        "confidence": hypothesis.confidence,
        "kind": hypothesis.kind.value,
        "rules": [e.rule for e in hypothesis.evidence if e.rule],
    }


def _report_features(report: Report) -> Json:
    return {
        "status_codes": _distinct(report.status_codes),
        "model_ids": _distinct(report.model_ids),
        "providers": _distinct(report.providers),
        "client": report.client and report.client.value,
        "refused_by": report.refused_by and report.refused_by.value,
        "retry_after_s": report.retry_after_s and report.retry_after_s.value,
        "errors": [{k: v for k, v in error.fields.items() if _CODE.fullmatch(v)} for error in report.errors],
        "secrets": [secret.kind for secret in report.secrets],
        "length": len(report.text),
        "was_cut": report.was_cut,
    }


def _distinct(found: Iterable[Found[Any]]) -> list[Any]:
    return list(dict.fromkeys(f.value for f in found))


def card_features(card: CardPlan) -> Json:
    """The card; the error that it quotes is named by place."""
    return {
        "article": card.article_id,
        "runner_up": card.runner_up,
        "destination": card.destination,
        "reason": card.reason,
        "entities": {kind: list(values) for kind, values in card.entities.items()},
        "error": _quote_json(card.error),
        "missing": list(card.missing),
        "tried": list(card.tried),
        "topic": card.topic.value,
        "message": card.message_id,
    }


def card_of(features: Json) -> CardPlan:
    return CardPlan(
        article_id=features["article"],
        runner_up=features["runner_up"],
        destination=features["destination"],
        reason=features["reason"],
        entities={kind: tuple(values) for kind, values in features["entities"].items()},
        error=_quote_of(features["error"]),
        missing=tuple(features["missing"]),
        tried=tuple(features["tried"]),
        topic=Topic(features["topic"]),
        message_id=None if features["message"] is None else MessageId(features["message"]),
    )
