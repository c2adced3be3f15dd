"""What the use cases need from the world: small protocols that storage and the Discord room fulfil."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from bot.posts import Attachment, ChannelId, GuildId, MessageId, UserId
from bot.replies.message import Button as Button
from bot.replies.message import Message as Message
from bot.triage.case import Case
from bot.triage.decision import Decision
from bot.triage.live import Endpoints as Endpoints
from bot.triage.live import Incident as Incident
from bot.triage.live import Live as Live
from bot.triage.live import LiveCatalogue as LiveCatalogue
from bot.triage.live import ServedBy as ServedBy

#: A case comes with its newest messages only, so that a thread's length costs nothing.
WINDOW = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReply:
    """A row that says what should stand in Discord. Delivery makes `have_revision` equal `want_revision`."""

    key: str
    guild_id: GuildId
    case_id: ChannelId | None  # None: the desk's
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What is to be said now, in order, and when the first of the others is; None: nothing waits."""

    due: Sequence[WantedReply]
    next_at: datetime | None


#: Rendered messages by key; None: a person has to see it first, so it is planned and must not stand.
Bodies: TypeAlias = Mapping[str, Message | None]
NOTHING_ADOPTED: Mapping[str, MessageId] = {}


class CaseMoved(Exception):
    """Somebody else saved the case since it was loaded; load it and step again."""


class Cases(Protocol):
    async def load(self, thread_id: ChannelId) -> Case | None: ...

    async def recent(self, guild_id: GuildId, *, since: datetime, limit: int) -> Sequence[ChannelId]:
        """Cases in which somebody whose words are kept wrote since, the newest first."""
        ...

    async def save(
        self,
        case: Case,
        decisions: Sequence[Decision],
        bodies: Bodies,
        *,
        now: datetime,
        before: Case | None = None,
        adopted: Mapping[str, MessageId] = NOTHING_ADOPTED,
    ) -> bool:
        """Writes the case, its decisions and its wanted replies in one transaction; raises `CaseMoved`.

        `case.version` is the version that was loaded; the stored one becomes the next. `before` is the case as it was
        loaded, for whoever still has it: nothing is read again. `bodies` holds the rendered message of each reply that
        a decision changed and that should stand, by key; `adopted` the messages that were found standing for replies
        of which nobody knew it. Says whether a card of the case has to be rendered again.
        """
        ...


class Replies(Protocol):
    """The wanted replies, as delivery sees them."""

    async def pending(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Pending: ...

    async def prolong(
        self, case_id: ChannelId, asker_id: UserId, *, now: datetime, quiet: timedelta, patience: timedelta
    ) -> None:
        """What still waits for its first time in a case of that asker waits until they were quiet so long from now on,
        and for no more than `patience` since it was first wanted. It is never said earlier than before."""
        ...

    async def delivered(self, key: str, *, revision: int, message_id: MessageId | None) -> bool:
        """Discord now shows `revision` under `message_id`, or nothing where that is None. Says whether that is all
        that is wanted."""
        ...

    async def standing(self, thread_id: ChannelId) -> Collection[MessageId]:
        """Messages that are known to stand in that thread."""
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
    lowered: Mapping[str, str] = field(default_factory=dict)  # how far articles may go, where moderators said less

    @property
    def staff_role_ids(self) -> frozenset[int]:
        return frozenset((*self.moderator_role_ids, *self.helper_role_ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A case is to be looked at again at that moment. It has at most one of each kind."""

    guild_id: GuildId
    case_id: ChannelId
    kind: str
    due_at: datetime


class Timers(Protocol):
    async def due(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Sequence[Timer]: ...

    async def next_due_at(self, guild_ids: Sequence[GuildId], *, after: datetime) -> datetime | None: ...

    async def done(self, timer: Timer, *, now: datetime) -> None:
        """Its effect is there. A timer that was moved meanwhile stays."""
        ...


class Guilds(Protocol):
    async def settings(self, guild_id: GuildId) -> GuildSettings | None: ...

    async def fill(self, settings: GuildSettings) -> GuildSettings:
        """Stores these settings if the guild has none; returns the ones that hold."""
        ...

    async def paused(self, guild_ids: Sequence[GuildId]) -> frozenset[GuildId]:
        """Those of them in which Heron is to keep still."""
        ...

    async def end_pauses(self, guild_ids: Sequence[GuildId], *, now: datetime) -> None:
        """Those of them whose pause was to last until before now are paused no longer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept about somebody in one server."""

    threads: int = 0  # that they opened
    messages: int = 0  # of theirs, in whatever thread
    with_words: int = 0  # of the messages in their threads; the others are known by their ids only
    since: datetime | None = None
    is_left_alone: bool = False  # they want no answer anywhere in the server
    as_staff: int = 0  # entries about what they did as staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    threads: int
    messages: int
    guild_ids: Collection[GuildId] = ()  # in which something has to be taken down


class People(Protocol):
    """What is kept about one person."""

    async def kept(self, guild_id: GuildId, user_id: UserId) -> Kept: ...

    async def forget(self, guild_id: GuildId | None, user_id: UserId, *, now: datetime) -> Forgotten:
        """Deletes it, in one server or in all, but for what they did as staff and their wish to be left alone."""
        ...

    async def forget_staff(self, user_id: UserId) -> None:
        """Takes their name out of what they did as staff, everywhere."""
        ...

    async def naming(self, user_id: UserId) -> Sequence[ChannelId]:
        """Cases with a standing reply that may name them: staff chose it."""
        ...


class OptOuts(Protocol):
    """People who want no answers in a server. A thread that is muted is a flag of its case."""

    async def among(self, guild_id: GuildId, user_ids: Collection[UserId]) -> frozenset[UserId]: ...

    async def add(self, guild_id: GuildId, user_id: UserId, *, now: datetime) -> Sequence[ChannelId]:
        """Cases of theirs in which something waits to be said."""
        ...

    async def remove(self, guild_id: GuildId, user_id: UserId) -> None: ...


class Facts(Protocol):
    """What is true at present."""

    async def about(self, models: Sequence[str]) -> Live:
        """What is known about these models and the service; waits only as long as an answer may wait, never raises."""
        ...


class Reader(Protocol):
    """What a file of a message says."""

    async def read(self, attachment: Attachment) -> str | None:
        """Its text; None when nobody can tell. May take long."""
        ...
