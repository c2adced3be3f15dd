"""Finds error bodies in a text: the structured half of what programs printed."""

import re
from collections.abc import Iterator
from itertools import islice

from bot.extraction import body_content, json_text
from bot.extraction.body_content import Content
from bot.extraction.report import ErrorBody, Span

#: Bodies read in one text; a log of thousands repeats itself.
_MAX_BODIES = 60
# A key of an error, at any level of escaping. Without one nothing is parsed.
_ERROR_KEY = re.compile(
    r"(?:error|message|errors|errorMessage|detail|raw|code|msg|body)(?:\\{0,15}[\"']|&quot;|&#3[49];)?\s{0,8}[:=]",
    re.IGNORECASE,
)
_LEADING_STATUS = re.compile(r"(?<![\w.,$])([45]\d\d)(?!\d|[.,]\d)[^{}\n\d]{0,60}\Z")
_UPSTREAM = re.compile(
    r"(?:upstream error from|error from provider \(?)\s{0,2}([A-Za-z0-9][\w. -]{0,30}?)\)?: {1,3}(?=\S)", re.IGNORECASE
)


def find_bodies(view: str) -> list[ErrorBody]:
    """In order of their place. Objects that report no failure are stepped over whole.

    Configurations, schemas, requests.
    """
    bodies = list(islice(_bodies(view), _MAX_BODIES)) if "{" in view and _ERROR_KEY.search(view) else []
    return sorted((*bodies, *_fragments(view, bodies)), key=lambda body: body.span)


# Keys that only an error has, pasted without the braces around them.
_FRAGMENT = re.compile(
    r"\\{0,7}[\"'](?:raw|limit_source|provider_name|error_type|remedy_hint|flagged_input|is_byok|failed_routing_step|error_message)"
    r"\\{0,7}[\"']\s{0,3}:"
)
_MAX_FRAGMENTS = 8


def _fragments(view: str, bodies: list[ErrorBody]) -> Iterator[ErrorBody]:
    at = 0
    for _ in range(_MAX_FRAGMENTS):
        match = _FRAGMENT.search(view, at)
        if not match:
            return
        inside = next((body for body in bodies if body.span.start <= match.start() < body.span.end), None)
        if inside:
            at = inside.span.end
            continue
        end = json_text.broken_end(view, match.start())
        at = max(match.end(), end)
        content = body_content.from_scraped(json_text.scrape(view, match.start(), end))
        if content:
            yield _body(content, view, Span(match.start(), end))


def _bodies(view: str) -> Iterator[ErrorBody]:
    start = view.find("{")
    failures = failed_chars = 0
    while start >= 0 and failures < json_text.MAX_FAILURES and failed_chars < json_text.MAX_FAILED_CHARS:
        printed = json_text.read_object(view, start)
        content = None
        if printed:
            end = printed.span.end
            content = _from_whole(printed) if body_content.is_error(printed.value) else None
        else:
            end = json_text.broken_end(view, start)
            content = body_content.from_scraped(json_text.scrape(view, start, end))
            if content is None:
                failures += 1
                failed_chars += end - start
                end = start + 1  # what follows may still be whole
        if content:
            yield _body(content, view, Span(start, end))
        start = view.find("{", end)


def _from_whole(printed: json_text.Printed) -> Content | None:
    try:
        return body_content.from_object(printed.value)
    except RecursionError:  # nested for mischief; whoever nests a thousand errors gets no diagnosis
        return None


def _body(content: Content, view: str, span: Span) -> ErrorBody:
    status = content.status
    if status is None and (lead := _LEADING_STATUS.search(view, max(0, span.start - 80), span.start)):
        status = int(lead[1])
    return error_body(content.messages, span=span, status=status, content=content)


def error_body(
    messages: list[str], *, span: Span, status: int | None = None, content: Content | None = None
) -> ErrorBody:
    """Takes "Upstream error from X:" off the innermost message.

    It names the provider and wraps what the provider said.
    """
    message, outer = (messages[-1], messages[:-1]) if messages else ("", [])
    provider = content.provider if content else None
    if wrapped := _UPSTREAM.match(message):
        outer = [*outer, message]
        provider = provider or wrapped[1]
        message = message[wrapped.end() :]
    return ErrorBody(
        message=message,
        span=span,
        status=status,
        provider=provider,
        fields=content.fields if content else {},
        outer_messages=tuple(outer),
        is_structured=content is not None,
    )
