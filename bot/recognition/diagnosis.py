"""What Heron believes about a post, as values: ranked articles with the asker's own words that speak for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.extraction.report import Span
from bot.knowledge.articles import EvidenceKind
from bot.recognition.certainty import Basis, Signs

#: Labels that the text model learns beside the articles: nobody asks for help; help is asked for and no article fits.
OUT_OF_SCOPE = "out-of-scope"
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of the asker that speak for an article."""

    quote: str
    span: Span  # in the text of the report that was read
    rule: str  # the rule that they satisfied, as the article writes it; "" when the text model saw them


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One article that may explain the post."""

    article_id: str
    confidence: float  # calibrated: of a hundred with 0.9, ninety are right
    kind: EvidenceKind
    evidence: tuple[Evidence, ...] = ()
    captures: Mapping[str, str] = field(default_factory=dict)  # what the `*` of the rule stood for, by name
    error_index: int | None = None  # the error of the report that proves it
    basis: Basis | None = None  # by which weights its signs became its confidence
    signs: Signs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Every problem that the post has, then what else it could be."""

    findings: tuple[Hypothesis, ...] = ()  # different problems of one post, most certain first
    runners_up: tuple[Hypothesis, ...] = ()  # best first
    #: Articles that only a missing fact keeps apart, e.g. three causes of a bare number; best first.
    torn: tuple[str, ...] = ()
    torn_status: int | None = None  # the number that they share
    out_of_scope: float = 0.0  # how likely it is that nobody asks for help
    other: float = 0.0  # how likely it is that no article fits

    @property
    def ranked(self) -> tuple[Hypothesis, ...]:
        return (*self.findings, *self.runners_up)
