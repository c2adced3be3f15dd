"""What delivery needs of the threads, and how they say no. The Discord room fulfils it and translates its errors.

NotDone
├── Busy            surely not done; later it may go
│   └── Uploading   the files of the first message are still on their way
├── Unclear         it may be done: the connection broke, or the other side did
├── MessageGone     the message to change or to take away is not there
├── QuestionGone    what the reply answers is not there
├── ThreadGone
├── ThreadClosed    archived or locked; nobody wakes it for a correction
├── NotAllowed      a permission is missing
├── Refused         it will not go, however often it is tried
└── Unsettled       it may stand or not, and there is no way left to find out
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.posts import ChannelId, GuildId, MessageId
from bot.replies.message import Message


class NotDone(Exception):
    """Its text is for the log and for moderators: codes and names, never anybody's words."""


class Busy(NotDone):
    def __init__(self, reason: str, *, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.after_s = after_s  # what the other side asked for


class Uploading(Busy):
    pass


class Unclear(NotDone):
    pass


class MessageGone(NotDone):
    pass


class QuestionGone(NotDone):
    pass


class ThreadGone(NotDone):
    pass


class ThreadClosed(NotDone):
    pass


class NotAllowed(NotDone):
    pass


class Refused(NotDone):
    pass


class Unsettled(NotDone):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMessage:
    """A message of Heron's as it stands in a thread."""

    message_id: MessageId
    content: str
    custom_ids: tuple[str, ...]  # of its buttons, in order
    answers: MessageId | None  # None: it is no reply, or what it answered is gone

    def shows(self, message: Message) -> bool:
        wanted = tuple(button.custom_id for row in message.rows for button in row)
        return self.content.strip() == message.content.strip() and self.custom_ids == wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """Heron's own among the newest hundred messages of a place, newest first."""

    own: Sequence[OwnMessage]
    #: Whatever is older was not looked at; None: there is nothing older.
    reaches_back_to: MessageId | None = None

    def reaches(self, question_id: MessageId | None) -> bool:
        """Whether an answer to this question would be among them."""
        return self.reaches_back_to is None or question_id is None or self.reaches_back_to <= question_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel of a server in which messages stand."""

    guild_id: GuildId
    channel_id: ChannelId


class Threads(Protocol):
    """All but the first raise `NotDone`."""

    def forum_of(self, place: Place) -> ChannelId:
        """The channel whose permissions count; the place itself when that is not known."""
        ...

    async def send(self, place: Place, message: Message, *, nonce: str, question_id: MessageId | None) -> OwnMessage:
        """The message with this nonce: the new one, or, if there is one from the last minutes already, that one."""
        ...

    async def edit(self, place: Place, message_id: MessageId, message: Message) -> None: ...

    async def delete(self, place: Place, message_id: MessageId) -> None: ...

    async def pin(self, place: Place, message_id: MessageId) -> None: ...

    async def recent(self, place: Place) -> Recent: ...
