"""The hand that moves the playground: act as people, cause trouble, and wait until something has happened."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from bot.playground import wire
from bot.playground.connection import Connection
from bot.playground.faults import Fault, Faults, When
from bot.playground.gateway import INVALID_SESSION, RECONNECT, Gateway
from bot.playground.interactions import AUTOCOMPLETE, COMMAND, Interaction, Interactions
from bot.playground.model import Attachment, Channel, Message, MessageFlag, Payload, Place, Tag, Thread
from bot.playground.people import Overwrite, User
from bot.playground.permissions import NOTHING, Permission
from bot.playground.refusals import RefusalError, refusal, too_fast
from bot.playground.world import Event, EventOrder, World

T = TypeVar("T")
File = tuple[str, bytes] | Attachment


class Subscription(AsyncIterator[Event]):
    def __init__(self, world: World) -> None:
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self.close = world.listen(self._events.put_nowait)

    async def __anext__(self) -> Event:
        return await self._events.get()


class Control:
    """Everything happens at once and in order; only waiting is asynchronous."""

    def __init__(self, world: World, gateway: Gateway, faults: Faults, interactions: Interactions) -> None:
        self._world = world
        self._gateway = gateway
        self._faults = faults
        self._interactions = interactions
        self._uploads: dict[int, Message] = {}

    # Acting as people

    def create_post(
        self,
        title: str,
        text: str,
        *,
        by: User | None = None,
        attachments: Sequence[File] = (),
        tags: Iterable[Tag] = (),
        order: EventOrder = "thread_first",
        upload_delay: float | None = None,
        forum: Channel | None = None,
    ) -> Thread:
        """With an `upload_delay` the thread is there at once and its first message so many seconds later, or when
        `finish_upload` is called; `math.inf` waits for the call."""
        starter = self._message(text, by, attachments)
        tag_ids = [tag.id for tag in tags]
        thread = self._world.open_thread(
            forum or self._world.forum, title, starter, tag_ids=tag_ids, order=order, uploading=upload_delay is not None
        )
        if upload_delay is not None:
            self._uploads[thread.id] = starter
            if upload_delay < math.inf:
                asyncio.get_running_loop().call_later(upload_delay, self.finish_upload, thread)
        return thread

    def finish_upload(self, thread: Thread) -> None:
        starter = self._uploads.pop(thread.id, None)
        if starter is not None and thread.id in self._world.places:
            self._world.write_starter(thread, starter)

    def reply(
        self,
        place: Place,
        text: str,
        *,
        by: User | None = None,
        attachments: Sequence[File] = (),
        reply_to: Message | None = None,
    ) -> Message:
        message = self._message(text, by, attachments)
        message.reply_to_id = reply_to.id if reply_to else None
        return self._world.post(place, message)

    def edit(self, message: Message, text: str) -> None:
        self._world.edit_message(message, content=text)

    def delete(self, message: Message) -> None:
        self._world.delete_message(message)

    def delete_thread(self, thread: Thread) -> None:
        self._world.delete_thread(thread)

    def react(self, message: Message, emoji: str, *, by: User | None = None) -> None:
        self._world.react(message, (by or self._world.cast.asker).id, emoji)

    def press(self, message: Message, button: str, *, by: User | None = None) -> Interaction:
        """`button` is its custom id or its label. Raises `ValueError` when that person sees no such button."""
        return self._interactions.press(message, button, by or self._world.cast.asker)

    def command(self, place: Place, data: Payload, *, by: User | None = None, is_typing: bool = False) -> Interaction:
        """`data` as Discord sends it: `name`, `options`. Raises `ValueError` when that person is not offered it."""
        kind = AUTOCOMPLETE if is_typing else COMMAND
        return self._interactions.command(place, data, by or self._world.cast.moderator, kind=kind)

    def menu(self, message: Message, name: str, *, by: User | None = None) -> Interaction:
        """The entry of that name in the menu of a message."""
        shown = {"messages": {str(message.id): wire.message_payload(self._world, message)}}
        data = {"name": name, "type": 3, "target_id": str(message.id), "resolved": shown}
        return self.command(self._world.places[message.channel_id], data, by=by)

    def submit(self, interaction: Interaction, values: Mapping[str, str]) -> Interaction:
        """Sends the form that the interaction opened; texts by custom id."""
        return self._interactions.submit(interaction, values)

    def archive(self, thread: Thread, *, locked: bool = False, by: User | None = None) -> None:
        self.change(thread, by=by, archived=True, locked=locked)

    def unarchive(self, thread: Thread, *, by: User | None = None) -> None:
        self.change(thread, by=by, archived=False, locked=False)

    def change(self, thread: Thread, *, by: User | None = None, **changes: object) -> None:
        """Any field of a thread: `name`, `applied_tags` (ids), `auto_archive_minutes` …"""
        self._world.update_thread(thread, by=(by or self._world.cast.moderator).id, **changes)

    def typing(self, place: Place, *, by: User | None = None) -> None:
        self._world.type_in(place, (by or self._world.cast.asker).id)

    def add_preview(self, message: Message, *, title: str = "A page", url: str = "https://example.com/") -> bool:
        """Discord unfurled a link. Says whether it did: it does not when the author suppressed embeds."""
        if message.flags & MessageFlag.SUPPRESS_EMBEDS:
            return False
        self._world.add_embed(message, {"type": "link", "title": title, "url": url})
        return True

    def set_permissions(
        self, place: Place, *, allow: Permission = NOTHING, deny: Permission = NOTHING, who: User | None = None
    ) -> None:
        """For the bot, or for `who`. Threads have no permissions of their own: their forum's are set."""
        target = who or self._world.cast.bot
        self._world.set_overwrite(self._world.parent_of(place), target.id, Overwrite(allow=allow, deny=deny))

    # Looking and waiting

    def messages(self, place: Place) -> list[Message]:
        return sorted(place.messages.values(), key=lambda message: message.id)

    def answers(self, place: Place) -> list[Message]:
        """What the bot wrote there."""
        return [message for message in self.messages(place) if message.author_id == self._world.cast.bot.id]

    def whispers(self, place: Place, *, to: User | None = None) -> list[Message]:
        """Ephemeral answers that this person sees there, the asker by default."""
        seen_by = (to or self._world.cast.asker).id
        return [message for message in place.whispers.values() if message.seen_by == seen_by]

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """What the predicate gave when it first was true; it is asked again after every change, call and connection."""
        return await self._world.wait_for(predicate, timeout)

    async def connected(self, shards: int = 1, timeout_s: float = 5.0) -> None:
        await self.wait_for(lambda: len(self.live_connections()) >= shards, timeout_s)

    def subscribe(self) -> Subscription:
        """Every event of the world from now on, whatever anybody's intents are; `async for` over it."""
        return Subscription(self._world)

    # Trouble on the gateway

    def live_connections(self, shard: int | None = None) -> list[Connection]:
        return [
            connection
            for connection in self._gateway.connections
            if connection.session is not None
            and connection.session.outlet is connection
            and shard in (None, connection.session.shard[0])
        ]

    def drop_connections(self, shard: int | None = None) -> None:
        for connection in self.live_connections(shard):
            connection.abort()

    def close_connections(self, code: int, reason: str = "", shard: int | None = None) -> None:
        """4007 and 4009 also end the session, as they do at Discord."""
        for connection in self.live_connections(shard):
            if code in (4007, 4009) and connection.session is not None:
                self._gateway.invalidate(connection.session)
            connection.close(code, reason)

    def ask_to_reconnect(self, shard: int | None = None) -> None:
        """Op 7."""
        for connection in self.live_connections(shard):
            connection.send_op(RECONNECT, None)

    def invalidate_session(self, *, resumable: bool, shard: int | None = None) -> None:
        """Op 9."""
        for connection in self.live_connections(shard):
            if not resumable and connection.session is not None:
                self._gateway.invalidate(connection.session)
            connection.send_op(INVALID_SESSION, resumable)

    def expire_sessions(self) -> None:
        """The connections stay; the next RESUME of any of these sessions is refused."""
        for session in tuple(self._gateway.sessions.values()):
            self._gateway.expire(session)

    def go_deaf(self, shard: int | None = None) -> None:
        """The connection stays open and silent: no events, no heartbeat ACKs."""
        for connection in self.live_connections(shard):
            connection.is_deaf = True

    # Trouble on REST

    def fault(
        self,
        method: str = "*",
        route: str = "*",
        *,
        when: When = "before",
        status: int | None = None,
        reset: bool = False,
        refuse: int | None = None,
        retry_after_s: float | None = None,
        delay_s: float = 0.0,
        hold: bool = False,
        times: int | None = 1,
    ) -> Fault:
        """`refuse` is one of Discord's codes, `retry_after_s` makes a 429; calls that are held stop until `release()`,
        and `await fault.arrived.wait()` tells that one has come. `times=None` lasts until `clear_faults`."""
        no = refusal(refuse) if refuse is not None else None
        if retry_after_s is not None:
            no = too_fast(retry_after_s)
        elif status is not None:
            no = RefusalError(status, 0, f"{status}: out of order")
        fault = Fault(
            method=method, route=route, when=when, resets=reset, refusal=no, delay_s=delay_s, holds=hold, times=times
        )
        return self._faults.add(fault)

    def clear_faults(self, fault: Fault | None = None) -> None:
        self._faults.clear(fault)

    def _message(self, text: str, by: User | None, files: Sequence[File]) -> Message:
        attachments = [file if isinstance(file, Attachment) else self._world.attach(*file) for file in files]
        return Message(author_id=(by or self._world.cast.asker).id, content=text, attachments=attachments)
