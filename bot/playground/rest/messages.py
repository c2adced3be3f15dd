"""Messages: written, read, changed and deleted by the bot."""

from bot.playground import wire
from bot.playground.bodies import check_message, numbered
from bot.playground.call import Answer, Call, Handler
from bot.playground.model import Attachment, ChannelType, Message, MessageFlag, MessageType, Payload, Place, Thread
from bot.playground.permissions import Permission
from bot.playground.refusals import FormErrors, NotPlayedError, refusal

_SETTABLE_FLAGS = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS


async def create(call: Call) -> Answer:
    place = call.place()
    _may_write(call, place)
    body = call.body
    check_message(body, has_files=bool(call.files))
    if body.get("flags") and body["flags"] & MessageFlag.COMPONENTS_V2:
        raise NotPlayedError("components v2")
    if body.get("enforce_nonce") and (earlier := call.world.recent_by_nonce(call.bot_id, body.get("nonce") or "")):
        return Answer(body=wire.message_payload(call.world, earlier))
    message = Message(
        author_id=call.bot_id,
        content=body.get("content") or "",
        attachments=_uploads(call, place),
        embeds=[{"type": "rich"} | embed for embed in body.get("embeds") or []],
        components=numbered(body.get("components") or []),
        flags=(body.get("flags") or 0) & _SETTABLE_FLAGS,
        reply_to_id=_reply_to(call, place),
        nonce=body.get("nonce"),
    )
    call.world.post(place, message, allowed_mentions=body.get("allowed_mentions"))
    return Answer(body=wire.message_payload(call.world, message))


def _may_write(call: Call, place: Place) -> None:
    if not isinstance(place, Thread):
        if place.type == ChannelType.FORUM:
            raise refusal(50008)
        call.place(Permission.SEND_MESSAGES)
        return
    if place.uploading:
        raise refusal(40058)
    call.place(Permission.SEND_MESSAGES_IN_THREADS)
    if place.locked and not call.may(Permission.MANAGE_THREADS, place):
        raise refusal(160005)


def _uploads(call: Call, place: Place) -> list[Attachment]:
    if call.files and not call.may(Permission.ATTACH_FILES, place):
        raise refusal(50013)
    return list(call.files.values())


def _reply_to(call: Call, place: Place) -> int | None:
    asked: Payload | None = call.body.get("message_reference")
    if not asked:
        return None
    if not call.may(Permission.READ_MESSAGE_HISTORY, place):
        raise refusal(160002)
    message_id = int(asked["message_id"])
    if message_id in place.messages:
        return message_id
    if asked.get("fail_if_not_exists", True):
        errors = FormErrors()
        errors.add(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        errors.raise_if_any()
    return None


async def edit(call: Call) -> Answer:
    place = call.place()
    message = call.message(place)
    call.awake(place)
    body = call.body
    if message.author_id != call.bot_id:
        raise refusal(50005)
    after: Payload = {
        "content": body.get("content", message.content),
        "embeds": body.get("embeds", message.embeds),
        "components": body.get("components", message.components),
    }
    kept = kept_attachments(body, message) + _uploads(call, place)
    check_message(after, has_files=bool(kept))
    call.world.edit_message(
        message,
        content=after["content"] or "",
        embeds=[{"type": "rich"} | embed for embed in after["embeds"] or []],
        components=numbered(after["components"] or []),
        attachments=kept,
        flags=_edited_flags(body, message),
        allowed_mentions=body.get("allowed_mentions"),
    )
    return Answer(body=wire.message_payload(call.world, message))


def kept_attachments(body: Payload, message: Message) -> list[Attachment]:
    if body.get("attachments") is None:
        return message.attachments
    kept = {int(item["id"]) for item in body["attachments"]}
    return [attachment for attachment in message.attachments if attachment.id in kept]


def _edited_flags(body: Payload, message: Message) -> int:
    if body.get("flags") is None:
        return message.flags
    return (message.flags & ~MessageFlag.SUPPRESS_EMBEDS) | (int(body["flags"]) & MessageFlag.SUPPRESS_EMBEDS)


async def delete(call: Call) -> Answer:
    place = call.place()
    message = call.message(place)
    call.awake(place)
    if message.author_id != call.bot_id and not call.may(Permission.MANAGE_MESSAGES, place):
        raise refusal(50013)
    if message.type == MessageType.NAME_CHANGE and message.author_id != call.bot_id:
        raise refusal(50021)
    call.world.delete_message(message)
    return Answer(status=204)


async def pin(call: Call) -> Answer:
    place = call.place(Permission.PIN_MESSAGES)
    message = call.message(place)
    call.awake(place)
    call.world.pin(message, by=call.bot_id)
    return Answer(status=204)


async def read(call: Call) -> Answer:
    place = call.place(Permission.READ_MESSAGE_HISTORY)
    return Answer(body=call.shown(call.message(place)))


async def history(call: Call) -> Answer:
    """Newest first, whatever was asked; without Read Message History there is silently nothing."""
    place = call.place()
    limit = call.number("limit", 50, 1, 100)
    if not call.may(Permission.READ_MESSAGE_HISTORY, place):
        return Answer(body=[])
    messages = sorted(place.messages.values(), key=lambda message: message.id)
    if "around" in call.query:
        around = int(call.query["around"])
        older = [message for message in messages if message.id < around][-(limit // 2) :]
        newer = [message for message in messages if message.id >= around][: limit - limit // 2]
        chosen = older + newer
    elif "after" in call.query:
        chosen = [message for message in messages if message.id > int(call.query["after"])][:limit]
    elif "before" in call.query:
        chosen = [message for message in messages if message.id < int(call.query["before"])][-limit:]
    else:
        chosen = messages[-limit:]
    return Answer(body=[call.shown(message) for message in reversed(chosen)])


ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/channels/{channel_id}/messages"): create,
    ("GET", "/channels/{channel_id}/messages"): history,
    ("GET", "/channels/{channel_id}/messages/{message_id}"): read,
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): edit,
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): delete,
    ("PUT", "/channels/{channel_id}/messages/pins/{message_id}"): pin,
}
