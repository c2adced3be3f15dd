"""An article: one known problem. Its front matter is validated; its body stays text until replies compile it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class EvidenceKind(StrEnum):
    """`EXACT`: a rule matched what the asker's error says. `TEXT`: the text model recognised the asker's own words."""

    EXACT = "exact"
    TEXT = "text"


class Autonomy(StrEnum):
    """How far Heron may go by itself: speak, prepare a draft for moderators, or only count."""

    ANSWER = "answer"
    DRAFT = "draft"
    WATCH = "watch"


class HandOverWhen(StrEnum):
    NEVER = "never"
    IF_STUCK = "if_stuck"
    ALWAYS = "always"


class Need(StrEnum):
    """A fact that an asker can be asked for."""

    ERROR_TEXT = "error_text"
    MODEL_ID = "model_id"
    PROVIDER = "provider"
    GENERATION_ID = "generation_id"
    CLIENT = "client"


class Strict(BaseModel):
    """Front matter and facts: every key is known, every value immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


#: Fields of an error that a rule may name beside status and message; extraction fills them by these names.
RULE_FIELDS = (
    "limit_source", "error_type", "reason", "provider_error_code", "failed_routing_step", "availability_code",
    "excluded_by", "finish_reason", "is_byok", "provider", "client", "refused_by",
)  # fmt: skip


class Rule(Strict):
    """Exact evidence: every key that is present must hold for one and the same error of the post.

    `message` is a literal with `*` for what varies; it matches any text of the error, ignoring case, punctuation and
    line breaks. Each `*` may be named in `captures`; bodies use the names as values.
    """

    status: int | tuple[int, ...] | None = None
    message: str | None = None
    captures: tuple[str, ...] = ()
    limit_source: str | None = None
    error_type: str | None = None
    reason: str | None = None
    provider_error_code: str | None = None
    failed_routing_step: str | None = None
    availability_code: str | None = None
    excluded_by: str | None = None
    finish_reason: str | None = None
    is_byok: str | None = None
    provider: str | None = None
    client: str | None = None
    refused_by: str | None = None

    @property
    def statuses(self) -> tuple[int, ...]:
        if self.status is None:
            return ()
        return self.status if isinstance(self.status, tuple) else (self.status,)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The literal pieces of `message`, in order."""
        return tuple(p.strip() for p in (self.message or "").split("*") if p.strip())

    @property
    def fields(self) -> dict[str, str]:
        return {name: value for name in RULE_FIELDS if (value := getattr(self, name)) is not None}

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.statuses or self.pieces or self.fields):
            raise ValueError("a rule needs at least one of status, message or a field of the error")
        if len(self.captures) > (self.message or "").count("*"):
            raise ValueError("more captures than `*` in the message")
        return self


class HandOver(Strict):
    when: HandOverWhen = HandOverWhen.NEVER
    to: str = "moderators"  # a destination of community.yaml


class Source(Strict):
    title: str
    url: str


Title = Annotated[str, Field(min_length=3, max_length=80)]
Tell = Annotated[str, Field(min_length=3, max_length=100)]


class Naming(Strict):
    """How a question names the article: what it is, and how an asker recognises it."""

    title: Title
    tell: Tell


class FrontMatter(Strict):
    """What stands between the two `---` lines; DESIGN of each key in docs/articles.md."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Title
    tell: Tell
    names: Mapping[str, Naming] = {}  # the same two in other languages
    owner: str
    when: tuple[Rule, ...] = ()
    unless: tuple[Rule, ...] = ()
    examples: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    helps: tuple[Need, ...] = ()
    hand_over: HandOver = HandOver()
    speaks_on: tuple[EvidenceKind, ...] = (EvidenceKind.EXACT, EvidenceKind.TEXT)
    autonomy: Autonomy = Autonomy.ANSWER
    on_text: Autonomy = Autonomy.ANSWER  # the same where only the asker's words speak for it; never above `autonomy`
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    checked: date

    @model_validator(mode="after")
    def _is_told_on_text(self) -> Self:
        if self.on_text is not Autonomy.ANSWER and EvidenceKind.TEXT not in self.speaks_on:
            raise ValueError("`on_text` says nothing here: `speaks_on` has no `text`")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a body as it stands in the file: a small template of its own."""

    text: str
    number: int  # line of the file, for errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An article's words in one language. A line whose optional value is unknown disappears; `lead` must not."""

    lead: Line  # who refused and why: the first line of the answer
    why: tuple[Line, ...] = ()
    steps: tuple[Line, ...] = ()  # numbered by the renderer
    more_steps: tuple[Line, ...] = ()  # what is left when the first ones did not help
    note: tuple[Line, ...] = ()
    brief: tuple[Line, ...] = ()  # instead of all the above, beside another answer in the same message

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.lead, *self.why, *self.steps, *self.more_steps, *self.note, *self.brief)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    front: FrontMatter
    bodies: dict[str, Body]  # language code -> body; always has "en"
    file: str  # path under the templates folder, for errors and links
    version: str = ""  # a digest of its files: another one after every change

    @property
    def id(self) -> str:
        return self.front.id


#: Headings of a body and the section each opens; what stands before the first one is the lead.
SECTIONS = {"Why": "why", "Steps": "steps", "More steps": "more_steps", "Note": "note", "Brief": "brief"}
HEADING = re.compile(r"^## +(?P<name>.+?) *$")
