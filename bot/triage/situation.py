"""What the policy weighs about one reading of the asker's words, and what it makes of it."""

from dataclasses import dataclass

from bot.knowledge.articles import Autonomy
from bot.posts import MessageId
from bot.recognition.diagnosis import Diagnosis
from bot.triage.case import Case, Finding, FindingState
from bot.triage.moods import Mood
from bot.triage.plans import Action, Buttons, CardPlan, Part
from bot.triage.reading import ReadPosts
from bot.triage.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a message deserves. `findings` are new or changed; `parts` is what to say, empty for nothing."""

    actions: tuple[Action, ...]
    reason: str
    parts: tuple[Part, ...] = ()
    buttons: Buttons = Buttons.NONE
    findings: tuple[Finding, ...] = ()
    cards: tuple[CardPlan, ...] = ()
    autonomy: Autonomy = Autonomy.ANSWER  # the least that any of the articles may do by itself
    waits: bool = False  # not urgent: until the asker has stopped typing


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    case: Case
    posts: ReadPosts
    diagnosis: Diagnosis
    mood: Mood
    question_id: MessageId
    view: View

    @property
    def was_asked(self) -> bool:
        return any(f.state is FindingState.ASKED for f in self.case.findings)

    @property
    def told(self) -> Finding | None:
        """The newest problem that was answered and not settled."""
        return next((f for f in reversed(self.case.findings) if f.state is FindingState.ANSWERED), None)

    @property
    def people_have_it(self) -> bool:
        return any(f.state is FindingState.HANDED_OVER for f in self.case.findings)

    def finding(self, article_id: str | None) -> Finding | None:
        return next((f for f in self.case.findings if f.article_id == article_id), None)
