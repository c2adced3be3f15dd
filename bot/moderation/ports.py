"""What moderation needs from the world. Storage fulfils it; every query that reaches a person names its server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.moderation.escalation import Escalation
from bot.posts import ChannelId, GuildId, UserId
from bot.replies.message import Message


class Escalations(Protocol):
    async def get(self, key: str, guild_id: GuildId) -> Escalation | None: ...

    async def of_case(self, case_id: ChannelId, guild_id: GuildId) -> Escalation | None:
        """The one that hands the case to people, in whatever state."""
        ...

    async def behind(self, guild_ids: Sequence[GuildId], *, limit: int) -> Sequence[Escalation]:
        """Those whose cards do not show their newest state, oldest first."""
        ...

    async def alike(self, guild_id: GuildId, fingerprint: str) -> Sequence[Escalation]:
        """Those with this fingerprint that are not resolved, oldest first."""
        ...

    async def show(self, escalation: Escalation, channel_id: ChannelId, body: Message | None, *, now: datetime) -> None:
        """Wants this card for this revision of the escalation; None: no card of its own."""
        ...

    async def claim(self, key: str, guild_id: GuildId, *, by: UserId, now: datetime) -> Escalation | None:
        """Claims it if it is open. Returns it as it stands then: whoever claimed it first has it."""
        ...

    async def resolve(self, key: str, guild_id: GuildId, *, by: UserId, now: datetime) -> Escalation | None: ...

    async def reopen(self, key: str, guild_id: GuildId, *, by: UserId, now: datetime) -> Escalation | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A finding that waits for people."""

    case_id: ChannelId
    article_id: str | None
    since: datetime
    claimed_by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFigures:
    oldest: Sequence[Waiting] = ()  # oldest first
    waiting: int = 0
    unconfirmed: int = 0  # answered, and nobody said whether it helped
    not_for_heron: int = 0  # nothing was found in them
    drafts: int = 0
    paused_until: datetime | None = None
    is_paused: bool = False


class Desks(Protocol):
    async def figures(self, guild_id: GuildId, *, since: datetime, named: int) -> DeskFigures: ...

    async def show(self, guild_id: GuildId, channel_id: ChannelId, body: Message, *, now: datetime) -> None:
        """Wants this to stand at the desk; the same body again changes nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One decision as it is kept: enough to say why."""

    decided_at: datetime
    reason: str
    article_id: str | None
    confidence: float | None
    rules: Sequence[str]  # the exact evidence, as the article states it
    runner_up: str | None
    runner_up_confidence: float | None
    floor: float
    autonomy: str
    knowledge_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came of the posts of a while."""

    posts: int
    answered: int  # posts that an answer stands or stood for
    solved: int
    confirmed: int
    corrected: int
    dismissed: int
    articles: Sequence[tuple[str, int]]  # those that were told most, with how often


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What became of an article's answers in a server."""

    right: int = 0  # solved or confirmed
    wrong: int = 0  # corrected or dismissed


class Records(Protocol):
    """What is kept about the past. Nothing of one server is shown in another."""

    async def newest_told(self, case_id: ChannelId, guild_id: GuildId) -> Told | None:
        """The newest decision about the case that was more than silence; if there is none, the newest."""
        ...

    async def track(self, article_id: str, guild_id: GuildId) -> Track: ...

    async def figures(self, guild_id: GuildId, *, since: datetime) -> Figures: ...

    async def open_cases(self, guild_id: GuildId, *, naming: str, limit: int) -> Sequence[tuple[ChannelId, str]]:
        """Cases that wait for people and whose titles hold these words, oldest first, with their titles."""
        ...


class Brakes(Protocol):
    """What moderators decide about Heron in their server."""

    async def pause(self, guild_id: GuildId, *, by: UserId, until: datetime | None, now: datetime) -> None: ...

    async def resume(self, guild_id: GuildId, *, by: UserId, now: datetime) -> None: ...

    async def lower(self, guild_id: GuildId, article_id: str, level: str, *, by: UserId, now: datetime) -> None: ...


class Memory(Protocol):
    """What Heron did before, such as which commands Discord has from it."""

    async def get(self, name: str) -> str | None: ...

    async def put(self, name: str, value: str) -> None: ...
