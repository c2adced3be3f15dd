"""The nouns that arrive from a help forum, and the events that move a case. Nothing here imports the rest of Heron."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

GuildId = NewType("GuildId", int)
ChannelId = NewType("ChannelId", int)
MessageId = NewType("MessageId", int)
UserId = NewType("UserId", int)

#: Text without secrets or personal ids. Only `bot.extraction.masking` makes it, and only this is stored or shown.
MaskedText = NewType("MaskedText", str)


class Role(StrEnum):
    """Who somebody is in one help thread."""

    ASKER = "asker"
    STAFF = "staff"  # moderators and helpers: people whose word silences Heron
    OTHER = "other"
    BOT = "bot"  # other bots and webhooks; never answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message. `location` is an address or, on the command line, a path."""

    filename: str
    location: str
    content_type: str | None = None
    size_bytes: int | None = None

    @property
    def is_picture(self) -> bool:
        if self.content_type:
            return self.content_type.startswith("image/")
        return self.filename.lower().endswith((".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message as it arrived. Its text is what somebody typed: unmasked, unbounded, not to be trusted."""

    message_id: MessageId
    author_id: UserId
    role: Role
    text: str
    at: datetime
    title: str = ""  # the thread's title; only its first message carries one
    attachments: tuple[Attachment, ...] = ()
    mentions_bot: bool = False
    replies_to_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Messages that nobody has read yet, oldest first; a burst of one person comes together."""

    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    message_id: MessageId


class Verb(StrEnum):
    """What a button asks for; the third part of a button's `custom_id`."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    MODERATOR = "moderator"
    DISMISS = "dismiss"
    MUTE = "mute"
    CHOOSE = "choose"
    SOMETHING_ELSE = "something_else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    by: Role
    verb: Verb
    article_id: str | None = None  # what `CHOOSE` chose


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSpoke:
    """Somebody other than the asker wrote in the thread."""

    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed:
    """Time went by and a due row fired; `view.now` says what time it is."""


Event = Posted | Edited | Deleted | Pressed | PersonSpoke | Elapsed
