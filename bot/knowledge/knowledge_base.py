"""Everything that a templates folder holds, as one value. How it is read is the loader's matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.extraction.report import Catalogue
from bot.knowledge.articles import Article, Body, Line
from bot.knowledge.calibration import Calibration
from bot.knowledge.community import Community
from bot.knowledge.examples import Example
from bot.knowledge.facts import Fact
from bot.knowledge.phrases import Phrases

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something else that Heron says, or a button's label; lines of Jinja2, compiled by replies."""

    name: str
    language: str
    lines: tuple[Line, ...]
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    articles: Mapping[str, Article]
    messages: Mapping[tuple[str, str], Message]
    facts: Mapping[str, Fact]
    community: Community
    phrases: Phrases
    examples: tuple[Example, ...]
    catalogue: Catalogue
    calibration: Calibration | None
    hash: str  # of every file but the calibration, which names the knowledge base that it was fitted for

    #: In which Heron can say at least something; English is always among them.
    languages: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "languages", frozenset(language for _, language in self.messages) | {ENGLISH})

    def message(self, name: str, language: str) -> Message:
        """The message in `language`, else in English; names that nobody wrote are a mistake of the caller."""
        return self.messages.get((name, language)) or self.messages[(name, ENGLISH)]

    def body(self, article_id: str, language: str) -> Body:
        bodies = self.articles[article_id].bodies
        return bodies.get(language, bodies[ENGLISH])
