"""Examples that land elsewhere: posts written for an article to which Heron would say another one, or anything at all.

Unlike the rest of `check` this needs the text model, so it takes seconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.authoring.places import line_of
from bot.knowledge.articles import Article
from bot.knowledge.examples import Example
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.knowledge.source import Problem
from bot.lines import PostLine
from bot.recognition.diagnosis import OTHER, OUT_OF_SCOPE
from bot.replay import diagnose
from bot.replies.compile import Templates
from bot.triage.plans import Action
from bot.triage.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A post that a writer gave, and what may be said to it."""

    text: str
    title: str
    allowed: frozenset[str]  # empty: nothing
    file: str
    line: int
    key: str


def written(base: KnowledgeBase, templates: Path) -> tuple[Written, ...]:
    """Everything that articles and example files hold, in the order of their files."""
    found = [one for article in base.articles.values() for one in _of_article(article, templates)]
    return (*found, *(_of_file(example) for example in base.examples))


def landing_problem(one: Written, view: View, templates: Templates) -> Problem | None:
    played = diagnose(PostLine(id=0, title=one.title, text=one.text), view, templates)
    if Action.ANSWER not in played.decision.actions:
        return None
    findings = played.decision.diagnosis.findings
    if any(found.article_id in one.allowed for found in findings):
        return None
    said = findings[0]
    message = f"Heron answers it with `{said.article_id}` ({said.confidence:.2f} on {said.kind} evidence)"
    if one.allowed:
        cure = "is it an example of that article? Else give more examples of both, or `unless`"
    else:
        cure = "it wants no answer: more near misses of that kind, or `unless`"
    return Problem(one.file, one.line, one.key, message, cure)


def _of_article(article: Article, templates: Path) -> Iterator[Written]:
    groups: tuple[tuple[str, Sequence[str], frozenset[str]], ...] = (
        ("examples", article.front.examples, frozenset({article.id})),
        ("near_misses", article.front.near_misses, frozenset()),
    )
    for key, texts, allowed in groups:
        for number, text in enumerate(texts, start=1):
            line = line_of(templates / article.file, key, number)
            yield Written(text=text, title="", allowed=allowed, file=article.file, line=line, key=f"{key}.{number}")


def _of_file(example: Example) -> Written:
    labels = {example.label, *example.also} - {OUT_OF_SCOPE, OTHER}
    return Written(
        text=example.text,
        title=example.title,
        allowed=frozenset(labels),
        file=f"examples/{example.label}.jsonl",
        line=example.line,
        key="text",
    )
