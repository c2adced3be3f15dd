"""What the use cases need from the world: small protocols that storage and the Discord room fulfil."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.posts import ChannelId, GuildId, MessageId
from bot.replies.message import Button as Button
from bot.replies.message import Message as Message
from bot.triage.case import Case
from bot.triage.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReply:
    """A row that says what should stand in Discord. Delivery makes `have_revision` equal `want_revision`."""

    key: str
    guild_id: GuildId
    case_id: ChannelId
    channel_id: ChannelId
    question_id: MessageId | None
    purpose: str
    message_id: MessageId | None  # None: not known to stand in Discord
    is_wanted: bool
    body: Message | None
    want_revision: int
    have_revision: int
    state: str  # pending, done, dead
    attempts: int
    not_before: datetime


class CaseMoved(Exception):
    """Somebody else saved the case since it was loaded; load it and step again."""


class Cases(Protocol):
    async def load(self, thread_id: ChannelId) -> Case | None: ...

    async def save(
        self, case: Case, decisions: Sequence[Decision], bodies: Mapping[str, Message], *, now: datetime
    ) -> None:
        """Writes the case, its decisions and its wanted replies in one transaction; raises `CaseMoved`.

        `case.version` is the version that was loaded; the stored one becomes the next. `bodies` holds the rendered
        message of each reply that a decision changed and that should stand, by key.
        """
        ...


class Replies(Protocol):
    """The wanted replies, as delivery sees them."""

    async def due(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Sequence[WantedReply]: ...

    async def next_due_at(self, guild_ids: Sequence[GuildId]) -> datetime | None: ...

    async def delivered(self, key: str, *, revision: int, message_id: MessageId | None) -> None:
        """Discord now shows `revision` under `message_id`, or nothing where that is None."""
        ...

    async def failed(self, key: str, *, retry_at: datetime | None, reason: str) -> None:
        """The attempt failed; without `retry_at` the row is dead and moderators see it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """One server's settings. The environment fills them once; afterwards the database rules."""

    guild_id: GuildId
    forum_ids: tuple[ChannelId, ...]
    moderator_role_ids: tuple[int, ...]
    helper_role_ids: tuple[int, ...]
    moderator_channel_id: ChannelId | None


class Guilds(Protocol):
    async def settings(self, guild_id: GuildId) -> GuildSettings | None: ...

    async def fill(self, settings: GuildSettings) -> GuildSettings:
        """Stores these settings if the guild has none; returns the ones that hold."""
        ...
