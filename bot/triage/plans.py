"""What Heron means to say, before words are chosen: parts of a message and cards, which `bot.replies` renders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.knowledge.articles import Autonomy as Autonomy
from bot.posts import MessageId, Verb

#: What a template may print about a post: ids, names, numbers, the asker's own line. Never trusted as Markdown.
Value = str | int | float | tuple[str, ...] | None


class Form(StrEnum):
    """How much of an article is told."""

    FULL = "full"
    BRIEF = "brief"  # beside another answer in the same message
    MORE = "more"  # the remaining steps, after the first did not help
    WRITTEN = "written"  # a moderator's words in place of the article's; they stand in the values


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of the asker by place, so that the text itself lives in one table and is forgotten there."""

    message_id: MessageId | None  # None: the thread's title
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    article_id: str
    form: Form = Form.FULL
    proof: Quote | None = None  # the asker's own line
    values: Mapping[str, Value] = field(default_factory=dict)
    autonomy: Autonomy = Autonomy.ANSWER  # a draft waits for a moderator, and what is watched is never said


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Asks which of the articles it is, or, without candidates, for the error itself."""

    candidates: tuple[str, ...] = ()
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message of templates/messages/ by name, in whatever group."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)


Part = Answer | Question | Words


class Buttons(StrEnum):
    NONE = "none"
    ANSWER = "answer"  # solved, still stuck, ask a person
    QUESTION = "question"  # the choices, something else


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPlan:
    """One message to the asker's thread."""

    parts: tuple[Part, ...]
    buttons: Buttons
    language: str
    has_footer: bool  # how to make Heron stop; once a thread
    delay_s: float = 0.0  # patience: what is not urgent waits until the asker has stopped typing


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """A private answer to whoever pressed a button. It stands in no thread, and nobody keeps it."""

    words: Words
    language: str
    offers: tuple[Verb, ...] = ()  # its own buttons
    key: str = ""  # the reply that they are about
    revision: int = 0  # of that reply: a choice about an older one comes too late


class Action(StrEnum):
    """What a step does, in the order in which the first one names it."""

    WARN = "warn"
    ANSWER = "answer"
    ASK = "ask"
    ESCALATE = "escalate"
    RETRACT = "retract"
    SOLVED = "solved"
    SILENT = "silent"


class Topic(StrEnum):
    """What moderators are shown a card about. A case has one of the first kind, and one a message of the others."""

    PEOPLE = "people"  # a finding that people have to look at
    LEAK = "leak"  # a key stands in a message
    DRAFT = "draft"  # an answer that a moderator sends, changes or discards


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlan:
    """What moderators are shown about something that people have to look at."""

    article_id: str | None
    runner_up: str | None
    destination: str  # who can act, as community.yaml names it
    reason: str
    entities: Mapping[str, tuple[str, ...]]  # models, providers, generation ids … as found in the case
    error: Quote | None
    missing: tuple[str, ...]
    tried: tuple[str, ...] = ()
    topic: Topic = Topic.PEOPLE
    message_id: MessageId | None = None  # that a leak stands in, or that a draft answers
