"""The state of the playground and everything that can happen to it. Each change is told to whoever listens, in order.
Nothing here knows of HTTP, of WebSockets or of refusals: callers have checked what they may do."""

import asyncio
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar

from bot.playground import wire
from bot.playground.cdn import Cdn
from bot.playground.config import PlaygroundConfig
from bot.playground.ids import Clock, Snowflakes
from bot.playground.mentions import read_mentions
from bot.playground.model import Attachment, Channel, Guild, Message, MessageType, Payload, Place, Thread
from bot.playground.people import Overwrite, User
from bot.playground.permissions import Permission, permissions_of
from bot.playground.seeding import Seeder

T = TypeVar("T")
EventOrder = Literal["thread_first", "message_first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, as the gateway would say it. Channel and message decide who may see and read it."""

    name: str
    guild_id: int
    data: Payload
    channel: Channel | None = None
    message: Message | None = None


class World:
    def __init__(self, *, config: PlaygroundConfig, seed: int, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.ids = Snowflakes(clock, seed)
        self.cdn = Cdn(clock=clock, secret=f"FAKE-{seed}", link_s=config.attachment_link_s)
        seeder = Seeder(self.ids, clock())
        self.cast = cast = seeder.cast(config.bot_name)
        everybody = (cast.asker, cast.another, cast.helper, cast.moderator, cast.owner, cast.bot)
        self.users: dict[int, User] = {user.id: user for user in everybody}
        self.guilds: dict[int, Guild] = {}
        self.places: dict[int, Place] = {}
        for index in range(config.guilds):
            guild = seeder.guild(index, cast)
            self.guilds[guild.id] = guild
            self.places |= {channel.id: channel for channel in guild.channels}
        self._by_nonce: dict[tuple[int, str], Message] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._waiters: set[asyncio.Future[None]] = set()

    # Looking

    @property
    def guild(self) -> Guild:
        return next(iter(self.guilds.values()))

    @property
    def forum(self) -> Channel:
        return self.guild.forum

    @property
    def moderators(self) -> Channel:
        return self.guild.moderators

    @property
    def general(self) -> Channel:
        return self.guild.general

    @property
    def threads(self) -> list[Thread]:
        return [place for place in self.places.values() if isinstance(place, Thread)]

    def active_threads(self, guild_id: int) -> list[Thread]:
        return [
            thread
            for thread in self.threads
            if thread.guild_id == guild_id and not thread.archived and self.bot_sees(thread)
        ]

    def parent_of(self, place: Place) -> Channel:
        if isinstance(place, Channel):
            return place
        parent = self.places[place.parent_id]
        assert isinstance(parent, Channel)
        return parent

    def recent_by_nonce(self, author_id: int, nonce: str | int) -> Message | None:
        message = self._by_nonce.get((author_id, str(nonce)))
        window = timedelta(seconds=self.config.nonce_window_s)
        return message if message and self.clock() - message.created_at < window else None

    def permissions(self, user_id: int, place: Place) -> Permission:
        return permissions_of(self, user_id, place)

    def bot_sees(self, place: Place) -> bool:
        return Permission.VIEW_CHANNEL in self.permissions(self.cast.bot.id, place)

    # Listening

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)
        self.touch()

    def touch(self) -> None:
        """Wake everybody who waits for something to become true."""
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait_for(self, predicate: Callable[[], T], timeout_s: float) -> T:
        async with asyncio.timeout(timeout_s):
            while not (value := predicate()):
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.add(waiter)
                await waiter
        return value

    # Changing

    def open_thread(
        self, forum: Channel, title: str, starter: Message, *, tag_ids: list[int], order: EventOrder, uploading: bool
    ) -> Thread:
        thread = Thread(
            id=self.ids.next(),
            guild_id=forum.guild_id,
            parent_id=forum.id,
            owner_id=starter.author_id,
            name=title,
            archive_changed_at=self.clock(),
            applied_tags=tag_ids,
            joined={starter.author_id: self.clock()},
            uploading=True,
        )
        self.places[thread.id] = thread
        forum.last_message_id = thread.id
        if order == "thread_first" or uploading:
            self._tell_thread_created(thread)
        if not uploading:
            self.write_starter(thread, starter)
            if order == "message_first":
                self._tell_thread_created(thread)
        return thread

    def write_starter(self, thread: Thread, starter: Message) -> None:
        thread.uploading = False
        self._write(thread, starter, message_id=thread.id)

    def post(self, place: Place, message: Message, *, allowed_mentions: Payload | None = None) -> Message:
        if isinstance(place, Thread):
            if place.archived:
                self.update_thread(place, by=place.owner_id, archived=False)
            self._join(place, message.author_id)
        return self._write(place, message, message_id=self.ids.next(), allowed_mentions=allowed_mentions)

    def edit_message(self, message: Message, *, allowed_mentions: Payload | None = None, **changes: object) -> None:
        for name, value in changes.items():
            setattr(message, name, value)
        self._read_mentions(message, allowed_mentions, pings_author=bool(message.mentions.user_ids))
        message.edited_at = self.clock()
        self._emit_message("MESSAGE_UPDATE", message)

    def add_embed(self, message: Message, embed: Payload) -> None:
        """What a link preview does: the message changes, but nobody edited it."""
        message.embeds.append(embed)
        self._emit_message("MESSAGE_UPDATE", message)

    def react(self, message: Message, user_id: int, emoji: str) -> None:
        reacted = message.reactions.setdefault(emoji, [])
        if user_id in reacted:
            return
        reacted.append(user_id)
        place = self.places[message.channel_id]
        data = {
            "user_id": str(user_id),
            "channel_id": str(place.id),
            "message_id": str(message.id),
            "guild_id": str(place.guild_id),
            "message_author_id": str(message.author_id),
            "member": wire.member_payload(self, self.guilds[place.guild_id], user_id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        self._emit("MESSAGE_REACTION_ADD", place, data)

    def pin(self, message: Message, *, by: int) -> None:
        if message.is_pinned:
            return
        message.is_pinned = True
        place = self.places[message.channel_id]
        data = {"guild_id": str(place.guild_id), "channel_id": str(place.id)}
        self._emit_message("MESSAGE_UPDATE", message)
        self._emit("CHANNEL_PINS_UPDATE", place, data | {"last_pin_timestamp": wire.timestamp(self.clock())})
        notice = Message(author_id=by, content="", type=MessageType.PINNED, reply_to_id=message.id)
        self._write(place, notice, message_id=self.ids.next())

    def delete_message(self, message: Message) -> None:
        place = self.places[message.channel_id]
        del place.messages[message.id]
        if message.nonce is not None:
            self._by_nonce.pop((message.author_id, str(message.nonce)), None)
        data = {"id": str(message.id), "channel_id": str(place.id), "guild_id": str(place.guild_id)}
        self._emit("MESSAGE_DELETE", place, data)

    def update_thread(self, thread: Thread, *, by: int, **changes: object) -> None:
        renamed = "name" in changes and changes["name"] != thread.name
        if "archived" in changes:
            thread.archive_changed_at = self.clock()
        for name, value in changes.items():
            setattr(thread, name, value)
        self._emit("THREAD_UPDATE", thread, wire.thread_payload(self, thread))
        if renamed:
            notice = Message(author_id=by, content=thread.name, type=MessageType.NAME_CHANGE)
            self._write(thread, notice, message_id=self.ids.next())

    def delete_thread(self, thread: Thread) -> None:
        del self.places[thread.id]
        data = {
            "id": str(thread.id),
            "guild_id": str(thread.guild_id),
            "parent_id": str(thread.parent_id),
            "type": thread.type,
        }
        self._emit("THREAD_DELETE", thread, data)

    def type_in(self, place: Place, user_id: int) -> None:
        data = {
            "channel_id": str(place.id),
            "guild_id": str(place.guild_id),
            "user_id": str(user_id),
            "timestamp": int(self.clock().timestamp()),
            "member": wire.member_payload(self, self.guilds[place.guild_id], user_id),
        }
        self._emit("TYPING_START", place, data)

    def set_overwrite(self, channel: Channel, target_id: int, overwrite: Overwrite) -> None:
        saw = self.bot_sees(channel)
        channel.overwrites[target_id] = overwrite
        self._emit("CHANNEL_UPDATE", channel, wire.channel_payload(self, channel), always=True)
        if self.bot_sees(channel) and not saw:
            threads = [thread for thread in self.active_threads(channel.guild_id) if thread.parent_id == channel.id]
            data = {
                "guild_id": str(channel.guild_id),
                "channel_ids": [str(channel.id)],
                "threads": [wire.thread_payload(self, thread) for thread in threads],
                "members": [],
            }
            self._emit("THREAD_LIST_SYNC", channel, data)

    def attach(self, filename: str, data: bytes, content_type: str | None = None) -> Attachment:
        guessed = content_type or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        return Attachment(id=self.ids.next(), filename=filename, content_type=guessed, data=data)

    # How a change is written down

    def _write(
        self, place: Place, message: Message, *, message_id: int, allowed_mentions: Payload | None = None
    ) -> Message:
        message.id, message.channel_id = message_id, place.id
        if message.reply_to_id is not None and message.type == MessageType.DEFAULT:
            message.type = MessageType.REPLY
        if isinstance(place, Thread):
            message.position = place.messages_sent
            place.messages_sent += 1
        for attachment in message.attachments:
            self.cdn.keep(place.id, attachment)
        if message.nonce is not None:
            self._by_nonce[message.author_id, str(message.nonce)] = message
        place.messages[message.id] = message
        place.last_message_id = message.id
        self._read_mentions(message, allowed_mentions, pings_author=True)
        self._emit_message("MESSAGE_CREATE", message)
        return message

    def _read_mentions(self, message: Message, allowed: Payload | None, *, pings_author: bool) -> None:
        place = self.places[message.channel_id]
        answered = place.messages.get(message.reply_to_id or 0)
        replied_to = answered.author_id if answered and pings_author else None
        guild = self.guilds[place.guild_id]
        message.mentions = read_mentions(message.content, guild=guild, replied_to=replied_to, allowed=allowed)

    def _join(self, thread: Thread, user_id: int) -> None:
        if user_id in thread.joined:
            return
        thread.joined[user_id] = self.clock()
        # Without the members intent a bot hears only of its own joining.
        if user_id == self.cast.bot.id:
            data = {
                "id": str(thread.id),
                "guild_id": str(thread.guild_id),
                "member_count": len(thread.joined),
                "added_members": [wire.thread_member_payload(thread, user_id)],
            }
            self._emit("THREAD_MEMBERS_UPDATE", thread, data)

    def _tell_thread_created(self, thread: Thread) -> None:
        self._emit("THREAD_CREATE", thread, wire.thread_payload(self, thread) | {"newly_created": True})

    def _emit_message(self, name: str, message: Message) -> None:
        place = self.places[message.channel_id]
        data = wire.message_event(self, message)
        channel = self.parent_of(place)
        self.emit(Event(name=name, guild_id=place.guild_id, data=data, channel=channel, message=message))

    def _emit(self, name: str, place: Place, data: Payload, *, always: bool = False) -> None:
        channel = None if always else self.parent_of(place)
        self.emit(Event(name=name, guild_id=place.guild_id, data=data, channel=channel))
