"""What a step may look at besides case and event: the knowledge, the settings and the time, all handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.extraction.report import Catalogue, Vocabulary
from bot.knowledge.articles import Autonomy, EvidenceKind
from bot.knowledge.calibration import Calibration
from bot.knowledge.freshness import true_until
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.posts import UserId
from bot.recognition.certainty import Certainty
from bot.recognition.classifier import Classifier
from bot.recognition.rules import RuleIndex
from bot.recognition.textmodel import TextModel
from bot.triage.live import Live
from bot.triage.moods import Moods

#: The order of caution: what people or measurement lowered stays lowered.
_CAUTION = (Autonomy.ANSWER, Autonomy.DRAFT, Autonomy.WATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """When to speak. Times in seconds."""

    #: Confidence below which an article is not spoken of, when the calibration names none for it.
    exact_floor: float = 0.72
    text_floor: float = 0.79
    floors: Mapping[str, float] = field(default_factory=dict)  # fitted, by article, for evidence in the asker's words
    out_of_scope_ceiling: float = 0.6  # likelier than this that nobody asks for help: silence
    quiet_s: float = 20.0  # a question waits until the asker was quiet this long
    patience_s: float = 60.0  # and no longer than this, however much the asker writes
    late_after_s: float = 60.0  # an answer to a post that Heron heard of so late says so
    lowered: Mapping[str, Autonomy] = field(default_factory=dict)
    holds_back: bool = True  # False: all is said, whatever articles may do by themselves, so that it can be measured
    is_paused: bool = False
    most_an_hour: int | None = None  # words to one person; None: no limit

    @classmethod
    def of(cls, calibration: Calibration | None) -> "Policy":
        """The policy with the thresholds that were fitted, where any were."""
        if calibration is None:
            return cls()
        return cls(
            exact_floor=calibration.exact_floor,
            text_floor=calibration.text_floor,
            floors=calibration.floors,
            out_of_scope_ceiling=calibration.out_of_scope_ceiling,
        )

    def fitted(self, calibration: Calibration | None) -> "Policy":
        """With other fitted thresholds, and all else as it is."""
        found = Policy.of(calibration)
        return replace(
            self,
            exact_floor=found.exact_floor,
            text_floor=found.text_floor,
            floors=found.floors,
            out_of_scope_ceiling=found.out_of_scope_ceiling,
        )

    def floor(self, article_id: str, kind: EvidenceKind) -> float:
        """The confidence that an article needs to be spoken of."""
        if kind is EvidenceKind.EXACT:
            return self.exact_floor
        return self.floors.get(article_id, self.text_floor)

    def autonomy(self, article_id: str, ceiling: Autonomy) -> Autonomy:
        return max(ceiling, self.lowered.get(article_id, Autonomy.ANSWER), key=_CAUTION.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """A knowledge base made ready for use: indexed, learnt, compiled."""

    base: KnowledgeBase
    vocabulary: Vocabulary
    classifier: Classifier
    moods: Moods
    own_secrets: frozenset[str]  # kinds of keys that the service itself gives out
    true_until: Mapping[str, date] = field(default_factory=dict)  # article -> last day on which its facts count as true

    @classmethod
    def of(cls, base: KnowledgeBase, model: TextModel) -> "Knowledge":
        articles = base.articles.values()
        vocabulary = base.community.vocabulary()
        own = (shape.kind.removeprefix("secret:") for shape in vocabulary.id_shapes if shape.kind.startswith("secret:"))
        return cls(
            base=base,
            vocabulary=vocabulary,
            classifier=Classifier(
                articles, RuleIndex(articles), model, Certainty.fitted(base.calibration), base.phrases
            ),
            moods=Moods(base.phrases),
            own_secrets=frozenset(own),
            true_until={a.id: day for a in articles if (day := true_until(a, base)) is not None},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    now: datetime
    knowledge: Knowledge
    policy: Policy = Policy()
    salt: bytes = b""  # of fingerprints and digests; one an installation
    told_lately: int = 0  # words to the asker in this server within an hour
    late_delay_s: float = 0.0  # until the next answer to a post that was heard of late may go out
    live: Live = field(default_factory=Live)  # what is true at present, as far as somebody looked
    opted_out: frozenset[UserId] = frozenset()  # those in the thread who want no answers anywhere in this server
    reads_pictures: bool = False  # whether what pictures show comes with their messages

    @property
    def catalogue(self) -> Catalogue:
        """The newest list of models that is known."""
        live = self.live.catalogue
        return live.catalogue if live is not None else self.knowledge.base.catalogue

    def autonomy(self, article_id: str, kind: EvidenceKind = EvidenceKind.EXACT) -> Autonomy:
        """How far the article may go by itself today, on that evidence: with a fact that expired people look first."""
        front = self.knowledge.base.articles[article_id].front
        ceiling = front.autonomy
        if kind is EvidenceKind.TEXT:
            ceiling = max(ceiling, front.on_text, key=_CAUTION.index)
        last_day = self.knowledge.true_until.get(article_id)
        if last_day is not None and last_day < self.now.date():
            ceiling = max(ceiling, Autonomy.DRAFT, key=_CAUTION.index)
        return self.policy.autonomy(article_id, ceiling)
