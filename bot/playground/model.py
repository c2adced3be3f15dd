"""The nouns of the playground: users, guilds, channels, threads, messages. What may happen to them lives in `world`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag
from typing import Any

from bot.playground.ids import created_at
from bot.playground.people import Member, Overwrite, Role

Payload = dict[str, Any]  # an object as it travels in Discord's JSON

HIDDEN_TEXT: Payload = {"content": "", "embeds": [], "attachments": [], "components": []}


class ChannelType(IntEnum):
    TEXT = 0
    PUBLIC_THREAD = 11
    FORUM = 15


class MessageType(IntEnum):
    DEFAULT = 0
    NAME_CHANGE = 4
    PINNED = 6
    REPLY = 19


class MessageFlag(IntFlag):
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    id: int
    name: str
    emoji: str
    moderated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    id: int
    filename: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    user_ids: tuple[int, ...] = ()
    role_ids: tuple[int, ...] = ()
    everyone: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """Has no id and no channel until the world has written it."""

    author_id: int
    content: str
    id: int = 0
    channel_id: int = 0
    type: MessageType = MessageType.DEFAULT
    flags: int = 0
    embeds: list[Payload] = field(default_factory=list)
    components: list[Payload] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: Mentions = Mentions()
    reply_to_id: int | None = None
    nonce: str | int | None = None
    position: int | None = None
    edited_at: datetime | None = None
    is_pinned: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)  # who, by emoji
    seen_by: int | None = None  # the one person who sees an ephemeral answer

    @property
    def created_at(self) -> datetime:
        return created_at(self.id)

    def is_open_to(self, bot_id: int) -> bool:
        """May a bot read it without being trusted with message content?"""
        return self.author_id == bot_id or bot_id in self.mentions.user_ids

    @property
    def buttons(self) -> list[Payload]:
        return [button for row in self.components for button in row.get("components", [])]


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    id: int
    guild_id: int
    type: ChannelType
    name: str
    position: int
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    whispers: dict[int, Message] = field(default_factory=dict)  # ephemeral answers
    last_message_id: int | None = None

    def tag(self, name: str) -> Tag:
        return next(tag for tag in self.tags if tag.name == name)


@dataclass(slots=True, kw_only=True, eq=False)
class Thread:
    """A forum post. Its id is also the id of its first message, which may still be on its way (`uploading`)."""

    id: int
    guild_id: int
    parent_id: int
    owner_id: int
    name: str
    archive_changed_at: datetime
    applied_tags: list[int] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    uploading: bool = False
    auto_archive_minutes: int = 4320
    slowmode_s: int = 0
    flags: int = 0
    joined: dict[int, datetime] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    whispers: dict[int, Message] = field(default_factory=dict)  # ephemeral answers
    last_message_id: int | None = None
    messages_sent: int = 0
    type: ChannelType = ChannelType.PUBLIC_THREAD

    @property
    def created_at(self) -> datetime:
        return created_at(self.id)

    @property
    def starter(self) -> Message | None:
        return self.messages.get(self.id)


Place = Channel | Thread


@dataclass(slots=True, kw_only=True, eq=False)
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role]
    members: dict[int, Member]
    forum: Channel
    moderators: Channel
    general: Channel

    @property
    def channels(self) -> list[Channel]:
        return [self.forum, self.moderators, self.general]

    def role(self, name: str) -> Role:
        return next(role for role in self.roles.values() if role.name == name)
