"""What a running Heron knows. It may change at any time, all of it at once: whoever uses it reads it at each use."""

from dataclasses import dataclass, replace

from bot.replies.compile import Templates
from bot.triage.view import Knowledge, View


@dataclass(slots=True, kw_only=True, eq=False)
class Mind:
    view: View
    templates: Templates

    @property
    def knowledge_hash(self) -> str:
        return self.view.knowledge.base.hash

    def learn(self, knowledge: Knowledge, templates: Templates) -> None:
        """From now on this is known; what does not come from templates, such as waiting times, stays as it is."""
        policy = self.view.policy.fitted(knowledge.base.calibration)
        self.view, self.templates = replace(self.view, knowledge=knowledge, policy=policy), templates
