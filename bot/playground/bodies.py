"""What a message body may hold: Discord's limits, each with the words in which Discord refuses more."""

from collections.abc import Iterator

from bot.playground.model import Payload
from bot.playground.refusals import FormErrors, refusal

MAX_CONTENT, MAX_NONCE = 2_000, 25
MAX_EMBEDS, MAX_EMBED_TOTAL, MAX_FIELDS = 10, 6_000, 25
MAX_ROWS, MAX_BUTTONS = 5, 5
MAX_CUSTOM_ID, MAX_LABEL = 100, 80
ACTION_ROW, BUTTON, LINK_STYLE, PREMIUM_STYLE = 1, 2, 5, 6

Path = tuple[str | int, ...]


def check_message(body: Payload, *, has_files: bool) -> None:
    if not (body.get("content") or body.get("embeds") or body.get("components") or has_files):
        raise refusal(50006)
    errors = FormErrors()
    if len(body.get("content") or "") > MAX_CONTENT:
        errors.longer_than(("content",), MAX_CONTENT)
    if isinstance(body.get("nonce"), str) and len(body["nonce"]) > MAX_NONCE:
        errors.longer_than(("nonce",), MAX_NONCE)
    _check_allowed_mentions(body.get("allowed_mentions") or {}, errors)
    _check_embeds(body.get("embeds") or [], errors)
    _check_components(body.get("components") or [], errors)
    errors.raise_if_any()


def numbered(rows: list[Payload]) -> list[Payload]:
    """Components as Discord gives them back: each with an id, counted through the message."""
    ids = iter(range(1, 1_000))
    return [
        row | {"id": next(ids), "components": [child | {"id": next(ids)} for child in row["components"]]}
        for row in rows
    ]


def _check_allowed_mentions(allowed: Payload, errors: FormErrors) -> None:
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            errors.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def _check_embeds(embeds: list[Payload], errors: FormErrors) -> None:
    if len(embeds) > MAX_EMBEDS:
        errors.longer_than(("embeds",), MAX_EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        if len(embed.get("fields") or []) > MAX_FIELDS:
            errors.longer_than(("embeds", index, "fields"), MAX_FIELDS)
        for path, text, limit in _embed_texts(embed):
            total += len(text)
            if len(text) > limit:
                errors.longer_than(("embeds", index, *path), limit)
            elif not text and "fields" in path:
                errors.required(("embeds", index, *path))
    if total > MAX_EMBED_TOTAL:
        errors.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MAX_EMBED_TOTAL}")


def _embed_texts(embed: Payload) -> Iterator[tuple[Path, str, int]]:
    yield ("title",), embed.get("title") or "", 256
    yield ("description",), embed.get("description") or "", 4_096
    yield ("footer", "text"), (embed.get("footer") or {}).get("text") or "", 2_048
    yield ("author", "name"), (embed.get("author") or {}).get("name") or "", 256
    for number, field in enumerate(embed.get("fields") or []):
        yield ("fields", number, "name"), field.get("name") or "", 256
        yield ("fields", number, "value"), field.get("value") or "", 1_024


def _check_components(rows: list[Payload], errors: FormErrors) -> None:
    if len(rows) > MAX_ROWS:
        errors.not_between(("components",), 1, MAX_ROWS)
    seen: set[str] = set()
    for row_number, row in enumerate(rows):
        path = ("components", row_number)
        children = row.get("components") or []
        if row.get("type") != ACTION_ROW:
            errors.add((*path, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
        elif not 1 <= len(children) <= MAX_BUTTONS:
            errors.not_between((*path, "components"), 1, MAX_BUTTONS)
        for number, child in enumerate(children):
            _check_component(child, (*path, "components", number), seen, errors)


def _check_component(child: Payload, path: Path, seen: set[str], errors: FormErrors) -> None:
    custom_id, style = child.get("custom_id"), child.get("style")
    if len(child.get("label") or "") > MAX_LABEL:
        errors.longer_than((*path, "label"), MAX_LABEL)
    if child.get("type") == BUTTON and not child.get("label") and not child.get("emoji"):
        errors.add(path, "BUTTON_COMPONENT_INVALID_EMOJI_OR_LABEL", "A button must have a label or an emoji.")
    if child.get("type") == BUTTON and style == LINK_STYLE:
        if not child.get("url"):
            errors.required((*path, "url"))
    elif not custom_id:
        if style != PREMIUM_STYLE:
            errors.required((*path, "custom_id"))
    elif len(custom_id) > MAX_CUSTOM_ID:
        errors.not_between((*path, "custom_id"), 1, MAX_CUSTOM_ID)
    elif custom_id in seen:
        errors.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    seen.add(custom_id or "")
