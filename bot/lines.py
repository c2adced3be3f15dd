"""The JSON lines that other tools rely on: posts and threads in, decisions out. Stable; docs/contracts.md says them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.extraction.report import Report, Secret
from bot.posts import Attachment, Verb
from bot.recognition.diagnosis import Hypothesis
from bot.triage.decision import Decision
from bot.triage.presses import ASKERS_VERBS

M = TypeVar("M", bound=BaseModel)

#: What to do about pydantic's complaints, by their type.
_CURES = {
    "missing": "add it",
    "string_type": "write a text in quotes",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "greater_than_equal": "write 0 or more",
    "less_than_equal": "write less than a year",
    "literal_error": "write one of these",
    "tuple_type": "write a list, in square brackets",
    "model_type": "write one object a line, in braces",
}
#: Longest wait between two events of a thread: a year.
MAX_WAIT_S = 366 * 24 * 3600
_TARGETS = "solved, not_solved, moderator, dismiss, mute or choose:<article id>"


class BadLine(Exception):
    """Input that cannot be used; its text names the file, the line, the key and the cure."""


def _printable(value: str | int) -> str | int:
    """A text that was cut inside a character of two halves keeps one half, which nobody can print."""
    return value if isinstance(value, int) else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Text = Annotated[str, AfterValidator(_printable)]
Id = Annotated[str | int, AfterValidator(_printable)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PostLine(_Line):
    """One post of `heron diagnose`."""

    id: Id
    title: Text = ""
    text: Text = ""
    attachments: tuple[str, ...] = ()  # paths of files

    @property
    def files(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(filename=Path(path).name, location=path) for path in self.attachments)


class ThreadEvent(_Line):
    """One event of a thread, as `heron replay` reads it."""

    type: Literal["message", "edit", "delete", "button", "wait"]
    by: Literal["asker", "staff", "other"] = "asker"
    text: Text = ""
    target: int | str | None = None  # an event's index for edit and delete, a verb for a button
    seconds: float = Field(default=0.0, ge=0, le=MAX_WAIT_S)
    attachments: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "ThreadEvent":
        if self.type in ("edit", "delete") and not isinstance(self.target, int):
            raise ValueError(f"an {self.type} needs `target`: the index of the event that wrote the message")
        if self.type == "button" and not _is_button(self.target):
            raise ValueError(f"a button needs `target`: {_TARGETS}")
        return self

    @property
    def files(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(filename=Path(path).name, location=path) for path in self.attachments)


def _is_button(target: int | str | None) -> bool:
    verb, _, article_id = str(target).partition(":")
    return verb in ASKERS_VERBS - {Verb.STUCK} and bool(article_id) == (verb == Verb.CHOOSE)


class ThreadLine(_Line):
    """One thread of `heron replay` and `heron demo`."""

    id: Id
    title: Text = ""
    events: tuple[ThreadEvent, ...]

    @model_validator(mode="after")
    def _targets_are_messages(self) -> "ThreadLine":
        for number, event in enumerate(self.events):
            if event.type not in ("edit", "delete"):
                continue
            target = event.target
            if not isinstance(target, int) or not 0 <= target < number or self.events[target].type != "message":
                raise ValueError(f"event {number}: target {target} is no earlier message of this thread")
        return self


def read_posts(text: str, source: str) -> list[PostLine]:
    return list(read_lines(text, PostLine, source))


def read_threads(text: str, source: str) -> list[ThreadLine]:
    return list(read_lines(text, ThreadLine, source))


def read_lines(text: str, model: type[M], source: str) -> Iterator[M]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield model.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise BadLine(
                f"{source}:{number}: not JSON: {error.msg} at character {error.pos}; one object a line"
            ) from None
        except RecursionError:
            raise BadLine(f"{source}:{number}: nested too deeply; one flat object a line") from None
        except ValidationError as error:
            raise BadLine(f"{source}:{number}: {_explained(error)}") from None
        except ValueError:  # Python refuses to read a number of thousands of digits
            raise BadLine(f"{source}:{number}: a number is too long; put it in quotes") from None


def _explained(error: ValidationError) -> str:
    """One complaint a key: where a text or a number may stand, both refuse."""
    said: dict[str, str] = {}
    for problem in error.errors(include_url=False):
        key = ".".join(str(part) for part in problem["loc"] if part not in ("str", "int")) or "the line"
        cure = f" ({_CURES[problem['type']]})" if problem["type"] in _CURES else ""
        message = "is no object" if problem["type"] == "model_type" else problem["msg"].removeprefix("Value error, ")
        said.setdefault(key, f"{key}: {message}{cure}")
    return "; ".join(said.values())


def post_json(
    post: PostLine, decision: Decision, message: str | None, cards: Sequence[str], elapsed_us: int
) -> dict[str, Any]:
    return {
        "id": post.id,
        **_decision(decision),
        "entities": _entities(decision.report, decision.leaks),
        "message": message,
        "cards": list(cards),
        "autonomy": decision.autonomy.value,
        "reason": decision.reason,
        "elapsed_us": elapsed_us,
    }


def thread_json(
    thread: ThreadLine, decisions: Iterable[tuple[Decision, str, str | None, Sequence[str]]]
) -> dict[str, Any]:
    """A thread's decisions, one an event: what was decided, the case's state after it, the message, the cards."""
    said = [
        {
            "after_event": number,
            **_decision(decision),
            "state": state,
            "reason": decision.reason,
            "message": message,
            "cards": list(cards),
        }
        for number, (decision, state, message, cards) in enumerate(decisions)
    ]
    return {"id": thread.id, "decisions": said}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "actions": [action.value for action in decision.actions],
        "action": decision.action.value,
        "articles": [_article(h) for h in decision.diagnosis.ranked],
    }


def _article(hypothesis: Hypothesis) -> dict[str, Any]:
    return {"id": hypothesis.article_id, "confidence": round(hypothesis.confidence, 4)}


def _entities(report: Report | None, leaks: Sequence[Secret]) -> dict[str, Any]:
    if report is None:
        report = Report(text="", title_length=0, was_cut=False)  # type: ignore[arg-type]
    return {
        "status_codes": _unique(f.value for f in report.status_codes),
        "model_ids": _unique(f.value for f in report.model_ids),
        "providers": _unique(f.value for f in report.providers),
        "generation_ids": _unique(f.value for f in report.generation_ids),
        "request_ids": _unique(f.value for f in report.request_ids),
        "error_messages": _unique(e.message for e in report.errors if e.message),
        "secrets": len(leaks),
    }


def _unique(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))
