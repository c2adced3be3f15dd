"""A case: one help thread with its findings and what should stand in it. Storage keeps it, `step` moves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.posts import NOBODY, ChannelId, GuildId, MaskedText, MessageId, Role, UserId
from bot.triage.plans import Quote, ReplyPlan


class FindingState(StrEnum):
    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    DRAFTED = "drafted"
    SOLVED = "solved"
    WITHDRAWN = "withdrawn"


class CaseState(StrEnum):
    OPEN = "open"
    WAITING_FOR_ASKER = "waiting_for_asker"
    WAITING_FOR_PEOPLE = "waiting_for_people"
    SOLVED = "solved"
    STALE = "stale"  # a word of the contract of `heron replay`; no case is in it, since a state knows no clock
    CLOSED = "closed"


#: Findings about which nothing is left to say or to wait for.
SETTLED = frozenset({FindingState.SOLVED, FindingState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem of the case. `article_id` is None while nobody knows which problem it is."""

    article_id: str | None
    state: FindingState
    question_id: MessageId  # the asker's message that it is about
    candidates: tuple[str, ...] = ()  # what it may be, while torn
    told_more: bool = False  # the remaining steps were told as well
    on_exact_evidence: bool = False
    is_aside: bool = False  # answered briefly beside something else
    people_in: MessageId | None = None  # the asker's words that brought people in; None: a press or staff did
    since: datetime | None = None  # when it came into its state; None: not known


#: In place of a digest: it came during a pause, was looked at for keys alone, and is to be read afterwards.
UNREAD = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMessage:
    """A message of the thread that has been read. Only the asker's words are kept."""

    message_id: MessageId
    author_id: UserId
    role: Role
    at: datetime
    text: MaskedText  # empty for everybody but the asker
    digest: str  # of the text as it was typed, to tell an edit from a link preview
    pictures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message of Heron's that should stand in the thread, or should no longer."""

    key: str  # made from Discord's ids; nonce and part of every button's custom_id
    question_id: MessageId
    plan: ReplyPlan | None  # None: should not stand
    revision: int  # counts changes of `plan`
    is_posted: bool = False  # Discord has it, in whatever revision
    may_stand: bool = False  # it was tried, and nobody knows whether Discord has it
    since: datetime | None = None  # when it was first wanted; None: not known

    @property
    def is_beside(self) -> bool:
        """A word of its own, such as a reminder: no answer that follows its question."""
        return not self.key.endswith("-a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    guild_id: GuildId
    thread_id: ChannelId
    asker_id: UserId
    title: MaskedText
    opened_at: datetime
    language: str = "en"
    messages: tuple[KnownMessage, ...] = ()
    findings: tuple[Finding, ...] = ()
    replies: tuple[Reply, ...] = ()
    is_muted: bool = False
    #: Staff has the thread: silent until asked again.
    staff_spoke_at: datetime | None = None
    #: Somebody else replied to the asker with more than agreement: only new exact evidence is answered.
    helped_at: datetime | None = None
    #: Somebody else's message with a problem of their own, as long as nobody takes it up.
    bystander_id: MessageId | None = None
    wants_person: bool = False
    warned: frozenset[str] = frozenset()  # fingerprints of leaked keys that the asker was told about
    closed_at: datetime | None = None
    version: int = 0
    #: Facts about the asker's set-up that hold for the whole case: client, provider, model … as last told.
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> CaseState:
        states = [f.state for f in self.findings if f.state is not FindingState.WITHDRAWN]
        if self.closed_at is not None:
            return CaseState.CLOSED
        if FindingState.HANDED_OVER in states:
            return CaseState.WAITING_FOR_PEOPLE
        if FindingState.ASKED in states or FindingState.ANSWERED in states:
            return CaseState.WAITING_FOR_ASKER
        if states and all(s is FindingState.SOLVED for s in states):
            return CaseState.SOLVED
        return CaseState.OPEN

    @property
    def is_forgotten(self) -> bool:
        """Whoever opened the thread had everything about them deleted: it is nobody's affair any more."""
        return self.asker_id == NOBODY

    @property
    def newest_reply(self) -> Reply | None:
        """The last message of Heron's that should stand."""
        return next((r for r in reversed(self.replies) if r.plan is not None), None)

    def is_opener(self, message_id: MessageId) -> bool:
        """A forum thread has the id of its first message."""
        return int(message_id) == int(self.thread_id)

    def asker_messages(self) -> tuple[KnownMessage, ...]:
        return tuple(m for m in self.messages if m.role is Role.ASKER)

    def message(self, message_id: MessageId) -> KnownMessage | None:
        return next((m for m in self.messages if m.message_id == message_id), None)

    def has_read(self, message_id: MessageId) -> bool:
        message = self.message(message_id)
        return message is not None and message.digest != UNREAD

    def reply_to(self, question_id: MessageId) -> Reply | None:
        return next((r for r in self.replies if r.question_id == question_id and r.plan is not None), None)

    def words(self, quote: Quote) -> str | None:
        """The asker's words at that place; None when the message is gone or has changed since."""
        if quote.message_id is None:
            return self.title[quote.start : quote.end] or None
        message = self.message(quote.message_id)
        return (message.text[quote.start : quote.end] or None) if message else None

    def with_message(self, message: KnownMessage) -> "Case":
        """The case with this message added, or put in the place of its older self."""
        if self.message(message.message_id) is None:
            return replace(self, messages=(*self.messages, message))
        kept = tuple(message if m.message_id == message.message_id else m for m in self.messages)
        return replace(self, messages=kept)

    def with_reply(self, reply: Reply) -> "Case":
        others = tuple(r for r in self.replies if r.key != reply.key)
        return replace(self, replies=(*others, reply))
