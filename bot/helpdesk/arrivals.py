"""What the outside tells the helpdesk: something happened in a help thread. Who its asker is, only the case knows."""

import asyncio
from dataclasses import dataclass, field

from bot.posts import ChannelId, GuildId, Heard, MessageId, Ordered, Post, UserId, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class _InThread:
    guild_id: GuildId
    thread_id: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(_InThread):
    """A new message. Its role is what the author is in this server; the desk tells the asker from the others."""

    post: Post
    heard: Heard = Heard.AT_ONCE

    @property
    def is_opener(self) -> bool:
        """A forum thread has the id of its first message."""
        return int(self.post.message_id) == int(self.thread_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrote(_InThread):
    """A message may have changed; link previews say so, too."""

    post: Post
    heard: Heard = Heard.AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(_InThread):
    message_ids: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadErased(_InThread):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(_InThread):
    kind: str = ""  # of the timer that fired; none when time only went by


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain(_InThread):
    """Something may have been missed here: the thread is to be held against what is known of it.

    What is heard live meanwhile waits behind it in the same lane, so that nothing gets lost or counts twice.
    """

    looked: asyncio.Event = field(default_factory=asyncio.Event, compare=False)  # set when it is through, or failed


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(_InThread):
    """Somebody pressed a button of a reply. `detail` is what the button chooses, or the revision that it is about."""

    press_id: int
    by: UserId
    is_moderator: bool
    key: str | None  # None: whichever reply is there to be pressed
    verb: Verb
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGiven(_InThread):
    """Staff wants something of the case; that they may was checked."""

    press_id: int
    event: Ordered


Arrival = Wrote | Rewrote | Erased | ThreadErased | TimePassed | LookAgain | ButtonPressed | OrderGiven
