"""One REST call as a handler sees it: path, query, body and files, read and checked; and the answer it gives back."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import BodyPartReader, web

from bot.playground.model import HIDDEN_TEXT, Attachment, Message, Payload, Place, Thread
from bot.playground.permissions import Permission
from bot.playground.refusals import FormErrors, RefusalError, refusal
from bot.playground.wire import message_payload
from bot.playground.world import World

JsonBody = Payload | list[Payload] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What was asked and what was answered, for whoever checks both against Discord's API description."""

    method: str
    route: str
    path: str
    query: dict[str, str]
    request: JsonBody
    status: int
    response: JsonBody


class Observer(Protocol):
    def exchanged(self, exchange: Exchange) -> None: ...

    def dispatched(self, event: str, data: Payload) -> None: ...


class Unobserved:
    def exchanged(self, exchange: Exchange) -> None: ...

    def dispatched(self, event: str, data: Payload) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int = 200
    body: JsonBody = None


@dataclass(slots=True, kw_only=True)
class Call:
    world: World
    ids: dict[str, int]
    query: dict[str, str]
    body: Payload = field(default_factory=dict)
    items: list[Payload] = field(default_factory=list)  # a body that is a list
    files: dict[str, Attachment] = field(default_factory=dict)
    emoji: str = ""  # of the path
    token: str = ""  # of the interaction in the path

    @property
    def bot_id(self) -> int:
        return self.world.cast.bot.id

    def place(self, *needed: Permission) -> Place:
        """The channel in the path, if the bot sees it and may do all that is needed there."""
        place = self.world.places.get(self.ids["channel_id"])
        if place is None:
            raise refusal(10003)
        permissions = self.world.permissions(self.bot_id, place)
        if Permission.VIEW_CHANNEL not in permissions:
            raise refusal(50001)
        if any(permission not in permissions for permission in needed):
            raise refusal(50013)
        return place

    def may(self, permission: Permission, place: Place) -> bool:
        return permission in self.world.permissions(self.bot_id, place)

    def message(self, place: Place) -> Message:
        message = place.messages.get(self.ids["message_id"])
        if message is None:
            raise refusal(10008)
        return message

    def shown(self, message: Message) -> Payload:
        """REST hides the text of others from applications without the message-content switch, too."""
        payload = message_payload(self.world, message)
        readable = self.world.config.message_content or message.is_open_to(self.bot_id)
        return payload if readable else payload | HIDDEN_TEXT

    def awake(self, place: Place) -> None:
        if isinstance(place, Thread) and place.archived:
            raise refusal(50083)

    def number(self, name: str, default: int, low: int, high: int) -> int:
        try:
            value = int(self.query.get(name, default))
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_MAX", f"int value should be between {low} and {high}.")
            errors.raise_if_any()
        return value


Handler = Callable[[Call], Awaitable[Answer]]


async def read_list(request: web.Request) -> list[Payload] | None:
    """A JSON body that is a list; None for any other."""
    text = await request.text() if request.content_type == "application/json" else ""
    return _json(text) if text.startswith("[") else None


async def read_body(request: web.Request, world: World) -> tuple[Payload, dict[str, Attachment]]:
    """A JSON body, or a form whose `payload_json` is one and whose other parts are files."""
    if request.content_type != "multipart/form-data":
        return _parsed(await request.text()), {}
    payload: Payload = {}
    files: dict[str, Attachment] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        if part.name == "payload_json":
            payload = _parsed(data.decode())
        elif part.name is not None and part.filename is not None:
            if len(data) > world.config.max_upload_bytes:
                raise refusal(40005)
            files[part.name] = world.attach(part.filename, data)
    return payload, files


def _parsed(text: str) -> Payload:
    if not text:
        return {}
    body = _json(text)
    if not isinstance(body, dict):
        raise RefusalError(400, 50035, "Invalid Form Body")
    return body


def _json(text: str) -> Any:
    """Half a character, as `"\\ud83d"` alone is, is no JSON for Discord."""
    try:
        body = json.loads(text)
        json.dumps(body, ensure_ascii=False).encode()
    except ValueError:
        raise refusal(50109) from None
    return body
