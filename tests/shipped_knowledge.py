"""The shipped knowledge base made ready once for all tests of a run: loading and learning it takes a second."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from bot.expertise import expertise
from bot.helpdesk.mind import Mind
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.replies.compile import Templates
from bot.shipped import shipped_folder
from bot.triage.view import Knowledge, Policy, View

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A templates folder made ready for use."""

    knowledge: Knowledge
    templates: Templates

    @property
    def base(self) -> KnowledgeBase:
        return self.knowledge.base

    @property
    def view(self) -> View:
        return self.view_of(self.knowledge)

    @property
    def mind(self) -> Mind:
        """A new one: it may change."""
        return Mind(view=self.view, templates=self.templates)

    def view_of(self, knowledge: Knowledge) -> View:
        policy = Policy.of(self.base.calibration)
        return View(now=NOW, knowledge=knowledge, policy=policy, salt=b"salt of the tests")


@cache
def shipped() -> Ready:
    knowledge, templates = expertise(shipped_folder("templates"), cache=None)
    return Ready(knowledge=knowledge, templates=templates)
