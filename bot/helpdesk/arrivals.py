"""What the outside tells the helpdesk: something happened in a help thread. Who its asker is, only the case knows."""

from dataclasses import dataclass

from bot.posts import ChannelId, GuildId, MessageId, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class _InThread:
    guild_id: GuildId
    thread_id: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(_InThread):
    """A new message. Its role is what the author is in this server; the desk tells the asker from the others."""

    post: Post

    @property
    def is_opener(self) -> bool:
        """A forum thread has the id of its first message."""
        return int(self.post.message_id) == int(self.thread_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrote(_InThread):
    """A message may have changed; link previews say so, too."""

    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(_InThread):
    message_ids: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadErased(_InThread):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(_InThread):
    pass


Arrival = Wrote | Rewrote | Erased | ThreadErased | TimePassed
