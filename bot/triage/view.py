"""What a step may look at besides case and event: the knowledge, the settings and the time, all handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.extraction.report import Vocabulary
from bot.knowledge.articles import Autonomy
from bot.knowledge.calibration import Calibration
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.triage.classifier import Classifier
from bot.triage.moods import Moods
from bot.triage.rules import RuleIndex
from bot.triage.textmodel import LabelledText, TextModel
from bot.triage.tokens import unescaped, words

#: The order of caution: what people or measurement lowered stays lowered.
_CAUTION = (Autonomy.ANSWER, Autonomy.DRAFT, Autonomy.WATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """When to speak. Times in seconds."""

    #: Confidence below which an article is not spoken of, when the calibration names none for it.
    exact_floor: float = 0.45
    text_floor: float = 0.7
    floors: Mapping[str, float] = field(default_factory=dict)  # fitted, by article, for evidence in the asker's words
    out_of_scope_ceiling: float = 0.6  # likelier than this that nobody asks for help: silence
    quiet_s: float = 20.0  # a question waits until the asker was quiet this long
    patience_s: float = 60.0  # and no longer than this, however much the asker writes
    late_after_s: float = 60.0  # an answer to a post that Heron heard of so late says so
    lowered: Mapping[str, Autonomy] = field(default_factory=dict)
    is_paused: bool = False

    @classmethod
    def of(cls, calibration: Calibration | None) -> "Policy":
        """The policy with the thresholds that were fitted, where any were."""
        if calibration is None:
            return cls()
        floors = {name: thresholds.answer for name, thresholds in calibration.articles.items()}
        return cls(text_floor=calibration.everywhere.answer, floors=floors)

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

    @classmethod
    def of(cls, base: KnowledgeBase, model: TextModel) -> "Knowledge":
        articles = base.articles.values()
        vocabulary = base.community.vocabulary()
        own = (shape.kind.removeprefix("secret:") for shape in vocabulary.id_shapes if shape.kind.startswith("secret:"))
        return cls(
            base=base,
            vocabulary=vocabulary,
            classifier=Classifier(articles, RuleIndex(articles), model),
            moods=Moods(base.phrases),
            own_secrets=frozenset(own),
        )


def learn(base: KnowledgeBase) -> TextModel:
    """The text model of a knowledge base, from its examples alone."""
    rules = RuleIndex(base.articles.values())

    def labelled(text: str, label: str, also: tuple[str, ...] = ()) -> LabelledText:
        marks = frozenset(rules.literal_hits(words(unescaped(text.lower()))))
        return LabelledText(text=text, label=label, marks=marks, also=frozenset(also))

    examples = [labelled(text, a.id) for a in base.articles.values() for text in a.front.examples]
    examples += [labelled(f"{e.title}\n\n{e.text}", e.label, e.also) for e in base.examples]
    return TextModel.fit(examples, tuple(base.articles))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    now: datetime
    knowledge: Knowledge
    policy: Policy = Policy()
    salt: bytes = b""  # of fingerprints and digests; one an installation
    late_delay_s: float = 0.0  # until the next answer to a post that was heard of late may go out
