"""The shipped knowledge base made ready once for all tests of a run: loading and learning it takes seconds.

Workers and the processes that tests start share what was learnt: it lies in a folder that lasts as long as the run.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.expertise import CACHE, expertise
from bot.extraction import read
from bot.helpdesk.mind import Mind
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.recognition.diagnosis import Diagnosis
from bot.replies.compile import Templates
from bot.shipped import shipped_folder
from bot.triage.view import Knowledge, Policy, View

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

#: Names the folder; workers inherit it from the process that starts them.
_FOLDER = "HERON_TESTS_LEARNT"


def share_what_is_learnt(at_the_end: Callable[[Callable[[], None]], None]) -> None:
    """Makes the folder, unless somebody above has; it goes when the run ends."""
    if _FOLDER not in os.environ:
        folder = TemporaryDirectory(prefix="heron-learnt-")
        os.environ[_FOLDER] = folder.name
        at_the_end(folder.cleanup)


def working_directory() -> Path:
    """For processes that know the shipped knowledge base already."""
    shipped()
    return Path(os.environ[_FOLDER])


def take_along(folder: Path) -> None:
    """A process that runs in this folder finds there what was learnt."""
    shutil.copytree(working_directory() / CACHE, folder / CACHE)


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

    def diagnosed(self, title: str, text: str) -> Diagnosis:
        report = read(title, text, self.knowledge.vocabulary, self.base.catalogue)
        return self.knowledge.classifier.classify(report)

    def view_of(self, knowledge: Knowledge) -> View:
        policy = Policy.of(self.base.calibration)
        return View(now=NOW, knowledge=knowledge, policy=policy, salt=b"salt of the tests")


@cache
def shipped() -> Ready:
    """Whoever comes first learns."""
    knowledge, templates = expertise(shipped_folder("templates"), Path(os.environ[_FOLDER]) / CACHE)
    return Ready(knowledge=knowledge, templates=templates)
