"""What an error object says: its innermost readable message, code, provider and machine-readable fields."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.extraction.json_text import Json, Scraped, read_object, scrape
from bot.extraction.normalise import folded

#: How often a body may lie inside the message of another.
MAX_UNPACKED = 3

_MESSAGE_KEYS = ("message", "error_message", "errorMessage", "msg", "detail", "errorDescription", "error_description")
_INSIDE_KEYS = (
    "error", "errors", "metadata", "raw", "data", "body", "response", "responseBody", "details", "choices",
    "availability", "cause", "payload", "detail",
    "lastError", "reason", "failure",
)  # fmt: skip
_STATUS_KEYS = ("code", "status", "statusCode", "status_code", "http_status", "httpStatus", "http_code", "httpCode")
#: Marks of an error beside a message: without one of them a message is something else (a commit, a chat).
_ERROR_MARKS = frozenset(
    {
        *_STATUS_KEYS,
        "error",
        "metadata",
        "type",
        "error_type",
        "errorDescription",
        "stack",
        "isRetryable",
        "success",
        "ok",
    }
)
_FIELD_NAMES: Mapping[str, str] = {
    **{
        name: name
        for name in (
            "limit_source", "error_type", "reason", "provider_error_code", "provider_code", "failed_routing_step",
            "excluded_by", "finish_reason",
            "native_finish_reason", "is_byok", "remedy_hint", "retry_after_seconds", "available_providers",
            "requested_providers", "raw", "type", "param",
            "scope", "limit_usd", "spend_usd", "resets_at", "reasons", "flagged_input", "patterns",
            "missing_attestation_types", "model_slug",
            "provider_name", "fallback_models", "affected_providers", "retryable",
        )
    },
    "retry_after": "retry_after_seconds",
    "Retry-After": "retry_after_seconds",
    "X-RateLimit-Limit": "x_ratelimit_limit",
    "X-RateLimit-Remaining": "x_ratelimit_remaining",
    "X-RateLimit-Reset": "x_ratelimit_reset",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Content:
    """What was read off one body so far, outermost first."""

    messages: list[str] = field(default_factory=list)
    status: int | None = None
    provider: str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def add_message(self, text: str) -> None:
        text = folded(text)
        if len(text) > 1 and text not in self.messages:
            self.messages.append(text)

    def add_scalar(self, key: str, value: str) -> None:
        number = as_status(value)
        if key in _STATUS_KEYS and number is not None:
            self.status = self.status or number
        elif key == "code" or (key == "status" and value.isupper()):
            self.fields.setdefault("code", value)
        name = _FIELD_NAMES.get(key)
        if name and value and value not in ("None", "null"):
            self.fields.setdefault(name, value)
            if name == "provider_name":
                self.provider = self.provider or value

    @property
    def message(self) -> str:
        return self.messages[-1] if self.messages else ""


def as_status(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[1-5]\d\d", value) else None


def is_error(value: Mapping[str, Json]) -> bool:
    """An object that reports a failure, or holds one that does."""
    error = value.get("error")
    if (isinstance(error, str) and error) or (isinstance(error, dict) and error):
        return True
    if any(isinstance(value.get(key), str) and value[key] for key in _MESSAGE_KEYS) and _ERROR_MARKS & value.keys():
        return True
    if "errorMessage" in value or "errors" in value:
        return True
    return any(
        isinstance(inside, dict) and is_error(inside) for key in _INSIDE_KEYS if (inside := value.get(key)) is not None
    )


def from_object(value: Mapping[str, Json]) -> Content:
    content = Content()
    _walk(value, content, unpacked=0)
    return content


def _walk(value: Mapping[str, Json], content: Content, unpacked: int) -> None:
    """Scalars of this level first, then what lies inside: the last message found is the innermost."""
    for key, inner in value.items():
        text = _as_text(inner)
        if text is not None:
            content.add_scalar(key, text)
            if key == "provider" and isinstance(inner, str):
                content.provider = content.provider or inner
    availability = value.get("availability")
    if isinstance(availability, dict) and isinstance(code := availability.get("code"), str):
        content.fields.setdefault("availability_code", code)
    for key in _MESSAGE_KEYS:
        inner = value.get(key)
        if isinstance(inner, str):
            _read_message(inner, content, unpacked)
    for key in _INSIDE_KEYS:
        inner = value.get(key)
        if isinstance(inner, str) and (key in ("error", "raw") or "{" in inner):
            _read_message(inner, content, unpacked)
        else:
            for item in inner if isinstance(inner, list) else [inner]:
                if isinstance(item, dict):
                    _walk(item, content, unpacked)
    headers = value.get("headers")
    if isinstance(headers, dict):
        _walk(headers, content, unpacked)


def _as_text(value: Json) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ", ".join(map(str, value))
    return None


def _read_message(text: str, content: Content, unpacked: int) -> None:
    """A message, or the bodies that somebody printed into it."""
    inner = list(_objects_inside(text)) if unpacked < MAX_UNPACKED else []
    if not inner and unpacked < MAX_UNPACKED and _read_broken(text, content, unpacked):
        return
    lead = text[: text.index("{")] if inner else text
    if not inner or re.search(r"[A-Za-z]{3}\W*\s", lead):
        content.add_message(lead.rstrip(" |:-") if inner else text)
    for value in inner:
        _walk(value, content, unpacked + 1)


def _read_broken(text: str, content: Content, unpacked: int) -> bool:
    """A body inside a message that no parser reads, because it was cut off for instance. False: there is none."""
    start = text.find("{")
    if start < 0:
        return False
    found = from_scraped(scrape(text, start, len(text)), unpacked + 1)
    if found is None:
        return False
    lead = text[:start].rstrip(" |:-")
    for message in ([lead] if re.search(r"[A-Za-z]{3}\W*\s", text[:start]) else []) + found.messages:
        content.add_message(message)
    content.status = content.status or found.status
    content.provider = content.provider or found.provider
    for name, value in found.fields.items():
        content.fields.setdefault(name, value)
    return True


def _objects_inside(text: str) -> Iterator[Mapping[str, Json]]:
    if "{" not in text and "[" not in text:
        return
    start = text.find("{")
    for _ in range(4):
        if start < 0:
            return
        printed = read_object(text, start)
        if printed and is_error({"error": printed.value}):
            yield printed.value
            return  # what follows is the same once more, in a traceback
        start = text.find("{", printed.span.end if printed else start + 1)


def from_scraped(pairs: Iterable[Scraped], unpacked: int = 0) -> Content | None:
    """The same from loose keys: of the messages the most escaped one lies innermost, of equals the last."""
    content = Content()
    messages: list[tuple[int, str]] = []
    keys: set[str] = set()
    for pair in pairs:
        keys.add(pair.key)
        if pair.is_text and pair.key in (*_MESSAGE_KEYS, "raw", "error") and folded(pair.value):
            messages.append((pair.level, pair.value))
        content.add_scalar(pair.key, pair.value.lower() if pair.value in ("True", "False") else pair.value)
    # A body inside a message is often printed twice, and cut the second time.
    for _, text in sorted(messages, key=lambda row: (row[0], len(row[1]) if row[0] else 0)):
        if unpacked >= MAX_UNPACKED or not _read_broken(text, content, unpacked):
            content.add_message(text)
    is_failure = bool(keys & {"error", "raw", "provider_name", "errorMessage", "error_type"}) or (
        content.status is not None and bool(messages)
    )
    return content if is_failure and (messages or content.status or content.fields) else None
