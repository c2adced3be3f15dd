"""One labelled post beside what Heron made of it, and whether that is right."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.authoring.labelled import SECRET, SILENT, LabelledPost
from bot.replay import Played
from bot.triage.decision import Decision
from bot.triage.plans import Action

#: What stands for the best article of a post about which Heron had no idea at all.
NOTHING = "not-support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    post: LabelledPost
    played: Played

    @property
    def decision(self) -> Decision:
        return self.played.decision

    @property
    def articles(self) -> tuple[str, ...]:
        return tuple(h.article_id for h in self.decision.diagnosis.ranked)

    @property
    def confidence(self) -> float | None:
        """Of the best article; None when there is none."""
        return next((h.confidence for h in self.decision.diagnosis.ranked), None)

    @property
    def answers(self) -> bool:
        return Action.ANSWER in self.decision.actions

    @property
    def is_best_right(self) -> bool:
        """Whether the best article would be a right answer."""
        return bool(self.articles) and self.articles[0] in self.post.gold

    @property
    def verdict(self) -> str:
        """The label that Heron gave: its best article, or the silence that the post accepts."""
        if self.post.accepts_silence and not self.answers:
            return self.post.label if self.post.label in SILENT else min(self.post.gold & SILENT)
        return self.articles[0] if self.articles else NOTHING

    @property
    def is_right(self) -> bool:
        """Silence where it is accepted, asking where too little is told, else the best article."""
        if self.post.accepts_silence and not self.answers:
            return True
        if self.post.needs_info and Action.ASK in self.decision.actions:
            return True
        return self.verdict in self.post.gold

    @property
    def is_action_accepted(self) -> bool:
        """A leaked key has to be warned about; what follows is free."""
        if self.post.kind == SECRET:
            return Action.WARN in self.decision.actions
        return self.decision.action in self.post.action_ok

    @property
    def names_all(self) -> bool:
        """Every problem of the post stands before everything else that it could be."""
        problems = self.post.problems
        return problems <= set(self.articles[: len(problems)])

    @property
    def tells_a_secret(self) -> bool:
        said = "\n".join((self.played.message or "", *self.played.cards, *self._found()))
        return any(secret in said for secret in self.post.entities.secrets)

    def _found(self) -> tuple[str, ...]:
        return tuple(value for values in entities(self.decision).values() for value in values)


def entities(decision: Decision) -> Mapping[str, tuple[str, ...]]:
    """What was found in the post, by kind, each once."""
    report = decision.report
    if report is None:
        return {}
    found = {
        "status_codes": [str(f.value) for f in report.status_codes],
        "model_ids": [f.value for f in report.model_ids],
        "providers": [f.value for f in report.providers],
        "generation_ids": [f.value for f in report.generation_ids],
        "error_messages": [e.message for e in report.errors if e.message],
    }
    return {kind: tuple(dict.fromkeys(values)) for kind, values in found.items()}
