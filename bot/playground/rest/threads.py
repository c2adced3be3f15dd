"""Channels and threads: read, listed, changed; typing."""

from datetime import datetime

from bot.playground import wire
from bot.playground.call import Answer, Call, Handler
from bot.playground.model import ChannelType, Payload, Thread
from bot.playground.permissions import Permission
from bot.playground.refusals import FormErrors, NotPlayedError, refusal

_MAX_TAGS, _MAX_NAME = 5, 100
_FIELDS = {
    "name": "name",
    "archived": "archived",
    "locked": "locked",
    "applied_tags": "applied_tags",
    "auto_archive_duration": "auto_archive_minutes",
    "rate_limit_per_user": "slowmode_s",
    "flags": "flags",
}
_CHANGEABLE_WHILE_ARCHIVED = {"archived", "locked"}


async def read(call: Call) -> Answer:
    return Answer(body=wire.place_payload(call.world, call.place()))


async def update(call: Call) -> Answer:
    thread = call.place()
    if not isinstance(thread, Thread):
        raise NotPlayedError("PATCH /channels/{channel_id} of a channel that is no thread")
    body = {name: value for name, value in call.body.items() if name in _FIELDS}
    _check(thread, body, call)
    _may_update(call, thread, body)
    changes: Payload = {_FIELDS[name]: value for name, value in body.items() if value is not None}
    if "applied_tags" in changes:
        changes["applied_tags"] = [int(tag_id) for tag_id in changes["applied_tags"]]
    changes = {name: value for name, value in changes.items() if getattr(thread, name) != value}
    if changes:
        call.world.update_thread(thread, by=call.bot_id, **changes)
    return Answer(body=wire.thread_payload(call.world, thread))


def _check(thread: Thread, body: Payload, call: Call) -> None:
    errors = FormErrors()
    if body.get("name") is not None and not 1 <= len(body["name"]) <= _MAX_NAME:
        errors.not_between(("name",), 1, _MAX_NAME)
    tags = body.get("applied_tags") or []
    if len(tags) > _MAX_TAGS:
        errors.longer_than(("applied_tags",), _MAX_TAGS)
    errors.raise_if_any()
    known = {tag.id for tag in call.world.parent_of(thread).tags}
    if any(int(tag_id) not in known for tag_id in tags):
        raise refusal(10087)
    stays_archived = thread.archived and body.get("archived") is not False
    if stays_archived and not set(body) <= _CHANGEABLE_WHILE_ARCHIVED:
        raise refusal(50083)


def _may_update(call: Call, thread: Thread, body: Payload) -> None:
    if call.may(Permission.MANAGE_THREADS, thread):
        return
    wakes = set(body) == {"archived"} and body["archived"] is False and not thread.locked
    if wakes and call.may(Permission.SEND_MESSAGES_IN_THREADS, thread):
        return
    moderated = {tag.id for tag in call.world.parent_of(thread).tags if tag.moderated}
    retagged = set(thread.applied_tags) ^ {int(tag_id) for tag_id in body.get("applied_tags") or thread.applied_tags}
    touches_moderated = bool(moderated & retagged)
    if thread.owner_id != call.bot_id or touches_moderated or {"locked", "rate_limit_per_user"} & set(body):
        raise refusal(50013)


async def active(call: Call) -> Answer:
    if call.ids["guild_id"] not in call.world.guilds:
        raise refusal(10004)
    threads = sorted(call.world.active_threads(call.ids["guild_id"]), key=lambda thread: -thread.id)
    return Answer(body={**_listing(call, threads), "has_more": False})


async def archived(call: Call) -> Answer:
    """Public archived threads, the last archived first."""
    channel = call.place(Permission.READ_MESSAGE_HISTORY)
    limit = call.number("limit", 50, 2, 100)
    threads = [thread for thread in call.world.threads if thread.parent_id == channel.id and thread.archived]
    if "before" in call.query:
        before = datetime.fromisoformat(call.query["before"])
        threads = [thread for thread in threads if thread.archive_changed_at < before]
    threads.sort(key=lambda thread: thread.archive_changed_at, reverse=True)
    return Answer(body={**_listing(call, threads[:limit]), "has_more": len(threads) > limit})


def _listing(call: Call, threads: list[Thread]) -> Payload:
    joined = [thread for thread in threads if call.bot_id in thread.joined]
    return {
        "threads": [wire.thread_payload(call.world, thread) for thread in threads],
        "members": [wire.thread_member_payload(thread, call.bot_id) for thread in joined],
    }


async def typing(call: Call) -> Answer:
    place = call.place()
    call.place(Permission.SEND_MESSAGES_IN_THREADS if isinstance(place, Thread) else Permission.SEND_MESSAGES)
    if not isinstance(place, Thread) and place.type == ChannelType.FORUM:
        raise refusal(50008)
    call.world.type_in(place, call.bot_id)
    return Answer(status=204)


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/channels/{channel_id}"): read,
    ("PATCH", "/channels/{channel_id}"): update,
    ("POST", "/channels/{channel_id}/typing"): typing,
    ("GET", "/channels/{channel_id}/threads/archived/public"): archived,
    ("GET", "/guilds/{guild_id}/threads/active"): active,
}
