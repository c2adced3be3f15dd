"""A help thread for tests: what is said goes through `step`, and what a post means is scripted in the post itself.

`[exact upstream-dim]`, `[text wick-limit 0.7]`, `[torn 503 upstream-dim wick-limit]` and `[chatter]` stand for what
recognition would make of real words, so that these tests hold whatever recognition learns.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from bot.extraction import mask
from bot.extraction.report import Report, Span
from bot.knowledge.articles import EvidenceKind
from bot.posts import (
    Attachment,
    ChannelId,
    Deleted,
    Edited,
    Elapsed,
    Event,
    GuildId,
    MessageId,
    PersonSpoke,
    Post,
    Posted,
    Pressed,
    Role,
    UserId,
    Verb,
)
from bot.recognition.classifier import Classifier
from bot.recognition.diagnosis import Diagnosis, Evidence, Hypothesis
from bot.recognition.learning import learn
from bot.recognition.rules import RuleIndex
from bot.recognition.textmodel import TextModel
from bot.triage.case import Case, Reply
from bot.triage.decision import Decision
from bot.triage.plans import Action, ReplyPlan
from bot.triage.step import step
from bot.triage.view import View
from tests.tiny_knowledge import tiny

SCRIPT = re.compile(r"\[(?P<word>exact|text|torn|chatter)(?P<rest>[^\]]*)\]")
PEOPLE = {Role.ASKER: UserId(11), Role.STAFF: UserId(12), Role.OTHER: UserId(13), Role.BOT: UserId(14)}
THREAD = 1_300_000_000_000_000_000  # as long as Discord's ids are today


class ScriptedClassifier(Classifier):
    """Believes what the post says that it should believe."""

    def __init__(self, model: TextModel) -> None:
        super().__init__((), RuleIndex(()), model)

    def classify(self, report: Report) -> Diagnosis:
        found = Diagnosis()
        for match in SCRIPT.finditer(report.text):
            span = Span(match.start(), match.end())
            arguments = match["rest"].split()
            match match["word"]:
                case "exact":
                    found = _with(found, _hypothesis(arguments[0], 0.98, EvidenceKind.EXACT, report, span))
                case "text":
                    found = _with(
                        found, _hypothesis(arguments[0], float(arguments[1]), EvidenceKind.TEXT, report, span)
                    )
                case "torn":
                    found = replace(found, torn=tuple(arguments[1:]), torn_status=int(arguments[0]))
                case _:
                    found = replace(found, out_of_scope=0.95)
        return found


def _with(diagnosis: Diagnosis, hypothesis: Hypothesis) -> Diagnosis:
    ranked = sorted((*diagnosis.findings, hypothesis), key=lambda h: -h.confidence)
    return replace(diagnosis, findings=tuple(ranked))


def _hypothesis(article_id: str, confidence: float, kind: EvidenceKind, report: Report, span: Span) -> Hypothesis:
    rule = "scripted" if kind is EvidenceKind.EXACT else ""
    evidence = Evidence(quote=report.text[span.start : span.end], span=span, rule=rule)
    return Hypothesis(article_id=article_id, confidence=confidence, kind=kind, evidence=(evidence,))


@cache
def scripted_view(*, holds_back: bool = False) -> View:
    """What articles may do by themselves counts only where a test is about that."""
    knowledge = tiny().knowledge
    view = tiny().view_of(replace(knowledge, classifier=ScriptedClassifier(learn(knowledge.base))))
    return replace(view, policy=replace(view.policy, holds_back=holds_back))


def new_case(view: View, *, title: str = "", thread_id: int = THREAD) -> Case:
    return Case(
        guild_id=GuildId(1),
        thread_id=ChannelId(thread_id),
        asker_id=PEOPLE[Role.ASKER],
        title=mask(title, view.knowledge.vocabulary).text,
        opened_at=view.now,
    )


@dataclass(slots=True)
class Thread:
    """Plays events one after the other. Unless `is_slow`, every reply counts as posted before the next event."""

    view: View
    title: str = ""
    is_slow: bool = False
    case: Case = field(init=False)
    next_id: int = THREAD

    def __post_init__(self) -> None:
        self.case = new_case(self.view, title=self.title)

    def says(self, *texts: str, pictures: int = 0) -> Decision:
        """The asker's messages that nobody has read yet, together."""
        files = tuple(
            Attachment(filename=f"screen-{number}.png", location=f"screen-{number}.png") for number in range(pictures)
        )
        posts = [replace(self.post(text), attachments=files) for text in texts]
        return self.play(Posted(posts=tuple(posts)))

    def is_addressed_with(self, text: str) -> Decision:
        """The asker mentions Heron."""
        return self.play(Posted(posts=(replace(self.post(text), mentions_bot=True),)))

    def somebody_says(self, role: Role, text: str) -> Decision:
        return self.play(PersonSpoke(post=self.post(text, role)))

    def edits(self, number: int, text: str) -> Decision:
        """The asker changes the message with this number, counted from 0 over everybody's."""
        return self.play(Edited(post=self._post(text, Role.ASKER, MessageId(THREAD + number))))

    def deletes(self, number: int) -> Decision:
        return self.play(Deleted(message_id=MessageId(THREAD + number)))

    def presses(self, verb: Verb, article_id: str | None = None, *, by: Role = Role.ASKER) -> Decision:
        return self.play(Pressed(by=by, verb=verb, article_id=article_id))

    def waits(self) -> Decision:
        return self.play(Elapsed())

    def play(self, event: Event) -> Decision:
        result = step(self.case, event, self.view)
        (decision,) = result.decisions
        self.case = result.case
        if not self.is_slow:
            self.case = replace(self.case, replies=delivered(self.case.replies))
        return decision

    def post(self, text: str, role: Role = Role.ASKER) -> Post:
        self.next_id += 1
        return self._post(text, role, MessageId(self.next_id - 1))

    def _post(self, text: str, role: Role, message_id: MessageId) -> Post:
        return Post(
            message_id=message_id,
            author_id=PEOPLE[role],
            role=role,
            text=text,
            at=self.view.now,
            title=self.title if message_id == THREAD else "",
        )

    @property
    def standing(self) -> tuple[ReplyPlan, ...]:
        """What stands in the thread, oldest first."""
        ordered = sorted(self.case.replies, key=lambda reply: reply.question_id)
        return tuple(reply.plan for reply in ordered if reply.plan is not None)


def delivered(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    return tuple(replace(reply, is_posted=True) for reply in replies)


def did(decision: Decision) -> Sequence[str]:
    assert tuple(a for a in Action if a in decision.actions) == decision.actions, "actions are out of order"
    return [action.value for action in decision.actions]
