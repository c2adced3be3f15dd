"""What moderation needs from the world. Storage fulfils it; every query that reaches a person names its server."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.moderation.escalation import Escalation
from bot.posts import ChannelId, GuildId, UserId
from bot.replies.message import Message
from bot.triage.plans import Quote


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

    async def card_times(self, guild_id: GuildId, *, since: datetime) -> Sequence[datetime]:
        """When cards of this server came as new messages since then, and when those that wait will come."""
        ...

    async def show(
        self,
        escalation: Escalation,
        channel_id: ChannelId,
        body: Message | None,
        *,
        now: datetime,
        not_before: datetime | None = None,  # of a card that does not stand yet
    ) -> None:
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
class Track:
    """What became of answers in a server, case by case. One that was found wrong counts as wrong, whoever liked it."""

    right: int = 0  # solved or confirmed
    wrong: int = 0  # corrected or dismissed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFigures:
    oldest: Sequence[Waiting] = ()  # oldest first
    waiting: int = 0
    unconfirmed: int = 0  # answered, and nobody said whether it helped
    not_for_heron: int = 0  # nothing was found in them
    drafts: int = 0
    paused_until: datetime | None = None
    is_paused: bool = False
    demoted: Mapping[str, Track] = field(default_factory=dict)  # articles, by measurement


class Desks(Protocol):
    async def figures(
        self, guild_id: GuildId, *, since: datetime, named: int, elsewhere: Collection[str] = ()
    ) -> DeskFigures:
        """`elsewhere`: articles whose answer only says who can act, and these are not here."""
        ...

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
    evidence: Sequence[Quote] = ()  # the asker's words that spoke for it
    article_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """What became of one post."""

    opened_at: datetime
    answered_at: datetime | None = None  # since when the first answer that stands stood there
    was_asked: bool = False  # Heron's question stands there
    was_told: bool = False  # anything of Heron's does
    is_solved: bool = False
    people_asked_at: datetime | None = None  # since when people were to look at it
    people_came_at: datetime | None = None  # staff wrote, or settled it, after that
    waits: bool = False  # for people, even now
    articles: Sequence[str] = ()  # that were told


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that somebody did with a case or with Heron."""

    at: datetime
    by: UserId | None  # None: measurement, or the command line
    action: str
    case_id: ChannelId | None
    detail: Mapping[str, object]


class Records(Protocol):
    """What is kept about the past. Nothing of one server is shown in another."""

    async def newest_told(self, case_id: ChannelId, guild_id: GuildId) -> Told | None:
        """The newest decision about the case that was more than silence; if there is none, the newest."""
        ...

    async def track(self, article_id: str, guild_id: GuildId) -> Track: ...

    async def tracks(self, guild_id: GuildId) -> Mapping[str, Track]:
        """By article; of one that moderators set, only what was judged after that."""
        ...

    async def judged(self, guild_id: GuildId, *, since: datetime) -> Track:
        """Of all articles together."""
        ...

    async def cases(self, guild_id: GuildId, *, since: datetime) -> Sequence[CaseRecord]:
        """Those that were opened since then."""
        ...

    async def deeds(self, guild_id: GuildId, *, case_id: ChannelId | None, limit: int) -> Sequence[Deed]:
        """The newest first; of one case, or of all and beside them."""
        ...

    async def open_cases(self, guild_id: GuildId, *, naming: str, limit: int) -> Sequence[tuple[ChannelId, str]]:
        """Cases that wait for people and whose titles hold these words, oldest first, with their titles."""
        ...


class Brakes(Protocol):
    """What moderators decide about Heron in their server."""

    async def pause(self, guild_id: GuildId, *, by: UserId, until: datetime | None, now: datetime) -> None: ...

    async def resume(self, guild_id: GuildId, *, by: UserId, now: datetime) -> None: ...

    async def lower(self, guild_id: GuildId, article_id: str, level: str, *, by: UserId, now: datetime) -> None: ...

    async def demote(self, guild_id: GuildId, article_id: str, level: str, *, now: datetime) -> None:
        """As measurement has it, not a person."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAnswer:
    """A message of Heron's that stands in a thread and tells an article."""

    case_id: ChannelId
    key: str
    body: Message | None  # None: the words that it quotes are no longer kept


class Sweeps(Protocol):
    async def standing(self, guild_id: GuildId, article_id: str, *, since: datetime) -> Sequence[StandingAnswer]:
        """Those that tell this article and were first wanted since then, the newest first."""
        ...

    async def note(self, guild_id: GuildId, *, by: UserId, detail: Mapping[str, object], now: datetime) -> None:
        """For the audit."""
        ...


class Memory(Protocol):
    """What Heron did before, such as which commands Discord has from it."""

    async def get(self, name: str) -> str | None: ...

    async def put(self, name: str, value: str) -> None: ...
