"""What one step decided and why: enough to explain it later without the post."""

from dataclasses import dataclass

from bot.extraction.report import Report, Secret
from bot.knowledge.articles import Autonomy
from bot.triage.case import Case, Reply
from bot.triage.diagnosis import Diagnosis
from bot.triage.plans import Action, CardPlan


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
    autonomy: Autonomy = Autonomy.ANSWER  # how far the articles spoken of may go by themselves
    floor: float = 0.0  # the confidence that was needed to speak

    @property
    def action(self) -> Action:
        return next(a for a in Action if a in self.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The case after an event, and what was decided on the way."""

    case: Case
    decisions: tuple[Decision, ...]
