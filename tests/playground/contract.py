"""Holds what a client sent and what the playground answered against Discord's own description of its API. The tables
name where the description, or discord.py, is known to be wrong; everything else that differs is a breach."""

import copy
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.playground import Exchange

PROJECT = Path(__file__).parents[2]
JSON = "application/json"
_URN = "urn:discord"
#: What was found to be as described, by a hash of what it is and where it came. A playground's ids and time are seeded:
#: much of what is said at the beginning of a test is said at the beginning of every other one as well.
_KEPT: set[bytes] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Another value at one place of the description."""

    where: tuple[str, ...]
    value: object
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraKey:
    """A key that travels although the description does not know it."""

    schema: str
    key: str
    reason: str


SNOWFLAKE = ("components", "schemas", "SnowflakeType")
CORRECTIONS = (
    Correction(
        where=("components", "schemas", "MessageCreateRequest", "properties", "content", "maxLength"),
        value=2_000,
        reason="4,000 holds for people with Nitro; a bot's message ends at 2,000",
    ),
    Correction(
        where=("components", "schemas", "MessageEditRequestPartial", "properties", "content", "maxLength"),
        value=2_000,
        reason="4,000 holds for people with Nitro; a bot's message ends at 2,000",
    ),
    Correction(
        where=("components", "schemas", "BaseCreateMessageCreateRequest", "properties", "content", "maxLength"),
        value=2_000,
        reason="4,000 holds for people with Nitro; a bot's message ends at 2,000",
    ),
    Correction(
        where=("components", "schemas", "InnerErrors", "properties", "_errors", "items"),
        value={
            "type": "object",
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            "required": ["code", "message"],
        },
        reason="the errors of single fields carry words such as BASE_TYPE_MAX_LENGTH, not numbers",
    ),
)
REQUEST_CORRECTIONS = (
    Correction(
        where=SNOWFLAKE,
        value={"oneOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer", "minimum": 0}]},
        reason="discord.py sends ids as numbers in references, mentions and tags; Discord reads both",
    ),
)
EXTRA_KEYS = (
    *(
        ExtraKey(schema=schema, key="tts", reason="discord.py sends `tts` with every edit")
        for schema in (
            "MessageEditRequestPartial",
            "IncomingWebhookUpdateRequestPartial",
            "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
        )
    ),
    ExtraKey(schema="ApplicationCommandUpdateRequest", key="nsfw", reason="discord.py sends it with every command"),
)
# Keys that only the gateway adds to objects which REST knows, too.
GATEWAY_KEYS = {
    "MESSAGE_CREATE": {"guild_id", "member", "channel_type"},
    "MESSAGE_UPDATE": {"guild_id", "member", "channel_type"},
    "THREAD_CREATE": {"newly_created"},
    "GUILD_CREATE": {
        "joined_at",
        "large",
        "unavailable",
        "member_count",
        "members",
        "channels",
        "threads",
        "voice_states",
        "presences",
        "stage_instances",
        "guild_scheduled_events",
        "soundboard_sounds",
    },
}
EVENT_SCHEMAS = {
    "MESSAGE_CREATE": "MessageResponse",
    "MESSAGE_UPDATE": "MessageResponse",
    "THREAD_CREATE": "ThreadResponse",
    "THREAD_UPDATE": "ThreadResponse",
    "CHANNEL_UPDATE": "GuildChannelResponse",
    "GUILD_CREATE": "GuildResponse",
}
# Parts of events that have a schema of their own: event, path to the part, schema.
PARTS = (
    ("GUILD_CREATE", ("channels",), "GuildChannelResponse"),
    ("GUILD_CREATE", ("threads",), "ThreadResponse"),
    ("GUILD_CREATE", ("members",), "GuildMemberResponse"),
    ("THREAD_LIST_SYNC", ("threads",), "ThreadResponse"),
    ("THREAD_MEMBERS_UPDATE", ("added_members",), "ThreadMemberResponse"),
    ("TYPING_START", ("member",), "GuildMemberResponse"),
    ("READY", ("user",), "UserResponse"),
    ("INTERACTION_CREATE", ("message",), "MessageResponse"),
    ("INTERACTION_CREATE", ("member",), "GuildMemberResponse"),
)

#: How the text of a query is read, by the type that the description gives it.
_READ_AS: dict[object, Callable[[str], object]] = {
    "integer": int,
    "boolean": {"1": True, "true": True, "0": False, "false": False}.get,
}

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@formats.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or "://" in value


def description_path() -> Path:
    """As the environment names it; else it may lie in a folder beside the checkout."""
    if named := os.environ.get("DISCORD_OPENAPI"):
        return Path(named)
    beside = sorted(PROJECT.parent.glob("*/discord-openapi.json"))
    return beside[0] if beside else PROJECT.parent / "discord-openapi.json"


@cache
def _descriptions(path: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """As it is (corrected); strict on unknown keys, for answers; strict, for requests."""
    described = json.loads(path.read_text("utf-8"))
    _correct(described, CORRECTIONS)
    answers = copy.deepcopy(described)
    _close(answers)
    requests = copy.deepcopy(answers)
    _correct(requests, REQUEST_CORRECTIONS)
    return described, answers, requests


def _correct(described: dict[str, Any], corrections: tuple[Correction, ...]) -> None:
    for correction in corrections:
        *way, last = correction.where
        node = described
        for step in way:
            node = node[step]
        assert last in node, f"{correction.where} is gone from the description: is the correction still needed?"
        node[last] = correction.value


def _close(described: dict[str, Any]) -> None:
    for extra in EXTRA_KEYS:
        properties = described["components"]["schemas"][extra.schema]["properties"]
        assert extra.key not in properties, f"{extra.schema} knows {extra.key} by now: take it off the table"
        properties[extra.key] = {}
    for schema in described["components"]["schemas"].values():
        # Pieces of an `allOf` must stay open: each knows only its own keys.
        is_whole = schema.get("type") == "object" and ("properties" in schema or "allOf" in schema)
        if is_whole and "additionalProperties" not in schema:
            schema["unevaluatedProperties"] = False
    described["components"]["schemas"]["Error"].pop("unevaluatedProperties")


class Contract:
    """Plug it into a playground as its observer; then `assert_kept()`. Refused requests are checked only if asked for:
    tests of refusals send nonsense on purpose, a bot should not."""

    def __init__(self, path: Path | None = None, *, also_refused: bool = False) -> None:
        self._path = path or description_path()
        plain, answers, requests = _descriptions(self._path)
        self._paths: dict[str, Any] = plain["paths"]
        resources = {f"{_URN}:plain": plain, f"{_URN}:answers": answers, f"{_URN}:requests": requests}
        self._registry: Registry[Any] = Registry().with_resources(
            (urn, Resource.from_contents(contents, DRAFT202012)) for urn, contents in resources.items()
        )
        self._validators: dict[str, Draft202012Validator] = {}
        self._also_refused = also_refused
        self.breaches: list[str] = []
        self.checked: set[str] = set()

    def assert_kept(self) -> None:
        assert not self.breaches, "breaches of Discord's API description:\n" + "\n".join(self.breaches)

    def exchanged(self, exchange: Exchange) -> None:
        name = f"{exchange.method} {exchange.route}"
        self.checked.add(name)
        operation = self._paths.get(exchange.route, {}).get(exchange.method.lower())
        if operation is None:
            self.breaches.append(f"{name}: Discord's description does not know it")
            return
        pointer = f"#/paths/{_escaped(exchange.route)}/{exchange.method.lower()}"
        if exchange.status < 400 or self._also_refused:
            self._check_query(name, exchange, operation)
            self._check_request(name, exchange, operation, pointer)
        self._check_answer(name, exchange, operation, pointer)

    def dispatched(self, event: str, data: Mapping[str, Any]) -> None:
        self.checked.add(event)
        if event in EVENT_SCHEMAS:
            known = {key: value for key, value in data.items() if key not in GATEWAY_KEYS.get(event, ())}
            if "mentions" in known:
                known["mentions"] = [_without(user, "member") for user in known["mentions"]]
            self._check(event, known, f"{_URN}:answers#/components/schemas/{EVENT_SCHEMAS[event]}")
        if event == "INTERACTION_CREATE":
            channel = _without(data["channel"], "permissions")
            schema = "ThreadResponse" if "thread_metadata" in channel else "GuildChannelResponse"
            self._check(f"{event} channel", channel, f"{_URN}:answers#/components/schemas/{schema}")
        for name, way, schema in PARTS:
            if name == event:
                for part in _parts(data, way):
                    if isinstance(part, dict) and event == "INTERACTION_CREATE":  # which adds what the person may do
                        part = _without(part, "permissions")
                    urn = "plain" if event == "READY" else "answers"
                    self._check(f"{event} {way[0]}", part, f"{_URN}:{urn}#/components/schemas/{schema}")

    def _check_query(self, name: str, exchange: Exchange, operation: Mapping[str, Any]) -> None:
        known = {
            parameter["name"]: parameter["schema"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        }
        for key, text in exchange.query.items():
            if key not in known:
                self.breaches.append(f"{name}?{key}: Discord's description does not know it")
                continue
            value = _READ_AS.get(known[key].get("type"), str)(text)
            validator = Draft202012Validator(
                _resolved(known[key], f"{_URN}:plain"), registry=self._registry, format_checker=formats
            )
            self._collect(f"{name}?{key}={text}", validator, value)

    def _check_request(self, name: str, exchange: Exchange, operation: Mapping[str, Any], pointer: str) -> None:
        content = operation.get("requestBody", {}).get("content", {})
        if exchange.request is None:
            if operation.get("requestBody", {}).get("required"):
                self.breaches.append(f"{name}: a body is required")
            return
        if not content:
            # discord.py sends no body where none belongs; an empty one is the same.
            if exchange.request:
                self.breaches.append(f"{name}: no body belongs here")
            return
        self._check(
            f"{name} request",
            exchange.request,
            f"{_URN}:requests{pointer}/requestBody/content/{_escaped(JSON)}/schema",
        )

    def _check_answer(self, name: str, exchange: Exchange, operation: Mapping[str, Any], pointer: str) -> None:
        responses = operation["responses"]
        status = next((key for key in (str(exchange.status), f"{exchange.status // 100}XX") if key in responses), None)
        if status is None:
            if exchange.status < 500:
                self.breaches.append(f"{name}: status {exchange.status} is not described")
            return
        described = responses[status]
        where = f"{_URN}:answers{pointer}/responses/{status}"
        if "$ref" in described:
            where = f"{_URN}:answers{described['$ref']}"
            described = {"content": True}
        if "content" not in described:
            if exchange.response is not None:
                self.breaches.append(f"{name}: {status} has no body")
            return
        self._check(f"{name} {status}", exchange.response, f"{where}/content/{_escaped(JSON)}/schema")

    def _check(self, name: str, value: object, reference: str) -> None:
        if reference not in self._validators:
            self._validators[reference] = Draft202012Validator(
                {"$ref": reference}, registry=self._registry, format_checker=formats
            )
        told = f"{self._path} {reference} {json.dumps(value, sort_keys=True, default=str)}"
        seen = blake2b(told.encode(), digest_size=16).digest()
        if seen not in _KEPT and self._collect(name, self._validators[reference], value):
            _KEPT.add(seen)

    def _collect(self, name: str, validator: Draft202012Validator, value: object) -> bool:
        """Whether the value is as described."""
        errors = list(validator.iter_errors(value))
        # A key whose own value is wrong counts as unevaluated as well; the first cause is the better report.
        causes = [error for error in errors if error.validator != "unevaluatedProperties"]
        if (worst := best_match(causes or errors)) is not None:
            self.breaches.append(f"{name}: {worst.json_path}: {worst.message[:150]} … {worst.message[-150:]}")
        return worst is None


def _parts(data: Mapping[str, Any], way: tuple[str, ...]) -> Iterator[object]:
    value: Any = data
    for step in way:
        value = value.get(step, [])
    yield from value if isinstance(value, list) else [value]


def _without(user: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in user.items() if name != key}


def _resolved(schema: Mapping[str, Any], urn: str) -> dict[str, Any]:
    return {**schema, "$ref": urn + schema["$ref"]} if "$ref" in schema else dict(schema)


def _escaped(step: str) -> str:
    """As a step of a JSON pointer inside a URI."""
    escaped = step.replace("~", "~0").replace("/", "~1")
    return escaped.replace("{", "%7B").replace("}", "%7D")
