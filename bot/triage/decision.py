"""What one step decided and why: enough to explain it later without the post."""

from dataclasses import dataclass
from datetime import datetime

from bot.extraction.report import Report, Secret
from bot.knowledge.articles import Autonomy
from bot.posts import Ordered
from bot.recognition.diagnosis import Diagnosis
from bot.triage.case import Case, Reply
from bot.triage.plans import Action, CardPlan, Quote, Whisper
from bot.triage.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The case is to be looked at again at that moment. One of each kind."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome of one event. Silence is a decision too and carries its reason."""

    actions: tuple[Action, ...]  # in the order of `Action`; never empty
    reason: str
    diagnosis: Diagnosis = Diagnosis()
    report: Report | None = None  # what was read; None where nothing was
    leaks: tuple[Secret, ...] = ()  # keys in it that the asker was not yet told about
    replies: tuple[Reply, ...] = ()  # the messages of the thread that this decision wrote, changed or took back
    said: Reply | None = None  # the one of them whose words are new
    cards: tuple[CardPlan, ...] = ()
    whisper: Whisper | None = None  # to the one who pressed, and to nobody else
    due: tuple[Due, ...] = ()  # everything that the case waits for now
    autonomy: Autonomy = Autonomy.ANSWER  # how far the articles spoken of may go by themselves
    floor: float = 0.0  # the confidence that was needed to speak
    evidence: tuple[Quote, ...] = ()  # the asker's words that spoke for the likeliest article
    article_version: str = ""  # of that article
    ordered: Ordered | None = None  # what staff wanted; None as well when nothing came of it
    verdicts: tuple[Verdict, ...] = ()  # what became of answers

    @property
    def action(self) -> Action:
        return next(a for a in Action if a in self.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The case after an event, and what was decided on the way."""

    case: Case
    decisions: tuple[Decision, ...]
