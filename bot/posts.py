"""The nouns that arrive from a help forum, and the events that move a case. Nothing here imports the rest of Heron."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NewType

GuildId = NewType("GuildId", int)
ChannelId = NewType("ChannelId", int)
MessageId = NewType("MessageId", int)
UserId = NewType("UserId", int)

#: Stands in the place of somebody who is forgotten.
NOBODY = UserId(0)

#: From when on Discord's ids count milliseconds, above their lowest 22 bits.
_FIRST_ID_AT = datetime(2015, 1, 1, tzinfo=UTC)


def time_of(message_id: MessageId) -> datetime:
    """When Discord made it: the id says so."""
    return _FIRST_ID_AT + timedelta(milliseconds=message_id >> 22)


def first_id_at(moment: datetime) -> MessageId:
    """No message from before that moment has one as high, none from after it one below."""
    return MessageId((moment - _FIRST_ID_AT) // timedelta(milliseconds=1) << 22)


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
    text: str | None = None  # what stands in it; None: nobody has read it
    is_forwarded: bool = False  # perhaps somebody else's

    @property
    def is_picture(self) -> bool:
        if self.content_type:
            return self.content_type.startswith("image/")
        return self.filename.lower().endswith((".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"))

    @property
    def is_text(self) -> bool:
        """By its name: what Discord says of such files differs with the machine that they come from."""
        return not self.is_picture and self.filename.lower().endswith((".txt", ".log", ".json"))

    @property
    def is_pasted(self) -> bool:
        """Discord makes such a file of what somebody pastes that is too long for a message."""
        return self.filename == "message.txt"


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


class Heard(StrEnum):
    """When Heron got to know of something that happened in a thread."""

    AT_ONCE = "at once"
    LATE = "late"  # it was not there to hear it; an answer says so
    TOO_LATE = "too late"  # people answered meanwhile, or it is old: it is kept, and nothing is said about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Messages that nobody has read yet, oldest first; a burst of one person comes together."""

    posts: tuple[Post, ...]
    heard: Heard = Heard.AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    post: Post
    heard: Heard = Heard.AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    message_id: MessageId


class Verb(StrEnum):
    """What a button asks for; the third part of a button's `custom_id`."""

    SOLVED = "solved"
    STUCK = "stuck"  # opens the private choice between the three that follow
    NOT_SOLVED = "not_solved"
    DISMISS = "dismiss"
    MUTE = "mute"
    MODERATOR = "moderator"
    CHOOSE = "choose"
    SOMETHING_ELSE = "something_else"
    # On moderators' cards:
    CLAIM = "claim"
    ANSWER = "answer"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    MORE = "more"
    DELETE = "delete"
    SEND = "send"
    EDIT = "edit"
    DISCARD = "discard"
    # In the private choices behind these:
    WHY = "why"
    CORRECT = "correct"
    TAKE_BACK = "take_back"


class Order(StrEnum):
    """What staff may want of a case."""

    ANSWER = "answer"  # this article, by name
    CORRECT = "correct"  # the answer that stands: another article, or none
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    MUTE = "mute"
    UNMUTE = "unmute"
    # Of a draft:
    SEND = "send"
    EDIT = "edit"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    by: Role
    verb: Verb
    article_id: str | None = None  # what `CHOOSE` chose
    key: str | None = None  # the reply with the button; None: whichever is there to be pressed
    revision: int | None = None  # of that reply when the private choice was opened; None: pressed on the reply itself


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSpoke:
    """Somebody other than the asker wrote in the thread."""

    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed:
    """Time went by and a due row fired; `view.now` says what time it is. Hearing of it twice changes nothing more."""

    kind: str = ""  # of the due row; none when time only went by


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Somebody of staff says what is to become of the case. That they may was checked where they said it."""

    by: UserId
    order: Order
    article_id: str | None = None
    reason: MaskedText = MaskedText("")  # in their words, for the card
    is_staff: bool = True  # False: somebody who may silence their own thread, and nothing else
    key: str | None = None  # of the reply whose draft it is about
    revision: int | None = None  # of that reply, as they saw it
    text: MaskedText = MaskedText("")  # what is to be said in its place


Event = Posted | Edited | Deleted | Pressed | PersonSpoke | Elapsed | Ordered
