"""Answers to interactions: the acknowledgement, then its message changed, taken away or followed by more."""

from collections.abc import Mapping

from bot.playground import wire
from bot.playground.bodies import check_message, numbered
from bot.playground.call import Answer, Call, Handler
from bot.playground.interactions import Interaction, Interactions
from bot.playground.model import Message, MessageFlag, Payload
from bot.playground.refusals import FormErrors, NotPlayedError, refusal
from bot.playground.rest.messages import kept_attachments

MESSAGE, LATER, UPDATE_LATER, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
_KEPT_FLAGS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS


def routes(interactions: Interactions) -> Mapping[tuple[str, str], Handler]:
    answers = _Answers(interactions)
    hook = "/webhooks/{webhook_id}/{webhook_token}"
    by_method = {"GET": answers.read, "PATCH": answers.edit, "DELETE": answers.delete}
    return {
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"): answers.acknowledge,
        ("POST", hook): answers.follow_up,
        ("PUT", "/applications/{application_id}/commands"): answers.register,
        **{(m, f"{hook}/messages/{which}"): h for which in ("@original", "{message_id}") for m, h in by_method.items()},
    }


class _Answers:
    def __init__(self, interactions: Interactions) -> None:
        self._interactions = interactions

    async def register(self, call: Call) -> Answer:
        """All commands of the application at once; what is not among them is no more."""
        whose = {"application_id": str(call.bot_id), "version": str(call.world.ids.next())}
        self._interactions.commands = [
            {"type": 1, "description": "", **_stated(command), **whose, "id": str(call.world.ids.next())}
            | {"default_member_permissions": _as_text(command.get("default_member_permissions"))}
            for command in call.items
        ]
        return Answer(body=self._interactions.commands)

    async def acknowledge(self, call: Call) -> Answer:
        interaction = self._interactions.find(call.token)
        if (
            interaction is None
            or interaction.id != call.ids["interaction_id"]
            or self._interactions.is_late(interaction)
        ):
            raise refusal(10062)
        if interaction.acknowledged is not None:
            raise refusal(40060)
        kind, data = call.body.get("type"), call.body.get("data") or {}
        if kind not in (MESSAGE, LATER, UPDATE_LATER, UPDATE, CHOICES, FORM):
            raise NotPlayedError(f"interaction callbacks of type {kind}")
        _acknowledge(self._interactions, interaction, call, kind, data)
        if call.query.get("with_response") not in ("1", "true"):
            return Answer(status=204)
        return Answer(body=_receipt(call, interaction, kind))

    async def follow_up(self, call: Call) -> Answer:
        interaction = self._open(call)
        waiting = interaction.original
        if waiting is not None and waiting.flags & MessageFlag.LOADING:
            return self._changed(call, waiting)
        is_private = bool((call.body.get("flags") or 0) & MessageFlag.EPHEMERAL)
        message = self._interactions.say(interaction, _written(call, call.body), is_private=is_private)
        return Answer(body=wire.message_payload(call.world, message))

    async def read(self, call: Call) -> Answer:
        return Answer(body=wire.message_payload(call.world, self._message(call)))

    async def edit(self, call: Call) -> Answer:
        return self._changed(call, self._message(call))

    async def delete(self, call: Call) -> Answer:
        self._interactions.remove(self._message(call))
        return Answer(status=204)

    def _open(self, call: Call) -> Interaction:
        interaction = self._interactions.find(call.token)
        if interaction is None or interaction.acknowledged is None or call.ids["webhook_id"] != call.bot_id:
            raise refusal(10015)
        if self._interactions.has_expired(interaction):
            raise refusal(50027)
        return interaction

    def _message(self, call: Call) -> Message:
        """The answer itself, or the follow-up that the path names."""
        interaction = self._open(call)
        place = interaction.place
        answered = interaction.original.id if interaction.original is not None else 0
        message = {**place.messages, **place.whispers}.get(call.ids.get("message_id", answered))
        if message is None:
            raise refusal(10008)
        return message

    def _changed(self, call: Call, message: Message) -> Answer:
        self._interactions.change(message, _changes(call, call.body, message))
        return Answer(body=wire.message_payload(call.world, message))


def _acknowledge(interactions: Interactions, interaction: Interaction, call: Call, kind: int, data: Payload) -> None:
    is_private = bool((data.get("flags") or 0) & MessageFlag.EPHEMERAL)
    if kind == FORM:
        if not (data.get("custom_id") and data.get("title") and data.get("components")):
            errors = FormErrors()
            errors.required(("data",))
            errors.raise_if_any()
        interaction.form = data
    elif kind == CHOICES:
        interaction.choices = data["choices"]
    elif kind == MESSAGE:
        interaction.original = interactions.say(interaction, _written(call, data), is_private=is_private)
    elif kind == LATER:
        thinking = Message(author_id=call.bot_id, content="", flags=MessageFlag.LOADING)
        interaction.original = interactions.say(interaction, thinking, is_private=is_private)
    else:
        interaction.original = interaction.message
        if kind == UPDATE and interaction.message is not None:
            interactions.change(interaction.message, _changes(call, data, interaction.message))
    interaction.acknowledged = kind


def _stated(command: Payload) -> Payload:
    return {name: value for name, value in command.items() if value is not None}


def _as_text(bits: int | None) -> str | None:
    return None if bits is None else str(bits)


def _written(call: Call, body: Payload) -> Message:
    check_message(body, has_files=bool(call.files))
    return Message(
        author_id=call.bot_id,
        content=body.get("content") or "",
        attachments=list(call.files.values()),
        embeds=[{"type": "rich"} | embed for embed in body.get("embeds") or []],
        components=numbered(body.get("components") or []),
        flags=(body.get("flags") or 0) & _KEPT_FLAGS,
    )


def _changes(call: Call, body: Payload, message: Message) -> Payload:
    after: Payload = {
        "attachments": kept_attachments(body, message) + list(call.files.values()),
        "content": body.get("content", message.content) or "",
        "embeds": body.get("embeds", message.embeds) or [],
        "components": body.get("components", message.components) or [],
    }
    check_message(after, has_files=bool(after["attachments"]))
    embeds = [{"type": "rich"} | embed for embed in after["embeds"]]
    flags = message.flags & ~MessageFlag.LOADING
    return after | {"embeds": embeds, "components": numbered(after["components"]), "flags": flags}


def _receipt(call: Call, interaction: Interaction, kind: int) -> Payload:
    place = interaction.place
    receipt: Payload = {
        "id": str(interaction.id),
        "type": interaction.type,
        "channel_id": str(place.id),
        "guild_id": str(place.guild_id),
    }
    if interaction.original is None or kind == UPDATE_LATER:
        return {"interaction": receipt}
    receipt |= {
        "response_message_id": str(interaction.original.id),
        "response_message_loading": kind == LATER,
        "response_message_ephemeral": interaction.is_private,
    }
    if kind == LATER:
        return {"interaction": receipt}
    shown = wire.message_payload(call.world, interaction.original)
    return {"interaction": receipt, "resource": {"type": kind, "message": shown}}
