"""Reads a templates folder with a critic's eye: whatever a writer has to mend before its articles may speak."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.authoring.overlap import overlapping_examples
from bot.authoring.wording import body_problems, message_problems
from bot.knowledge.articles import Article
from bot.knowledge.knowledge_base import ENGLISH, KnowledgeBase
from bot.knowledge.loader import load
from bot.knowledge.source import KnowledgeError, Problem, did_you_mean
from bot.replies.compile import VALUES, Templates

#: Characters of a `tell` that are seen; it becomes the label of a button.
MAX_TELL = 60
#: Labels of examples that are no problem with an article: nobody asks for help; help is asked for and nothing fits.
OTHER_LABELS = frozenset({"out-of-scope", "other"})

#: Characters from which on a key may be a whole one; shorter ones are masked or cut.
REAL_KEY = 40
FAKE = "FAKE"


def check(templates: Path, today: date) -> tuple[Problem, ...]:
    """Everything that is wrong with the folder, as on the day `today`; nothing when it may be used."""
    try:
        base = load(templates)
    except KnowledgeError as error:
        return error.problems
    return tuple(sorted(_problems(base, templates, today)))


def _problems(base: KnowledgeBase, templates: Path, today: date) -> Iterator[Problem]:
    yield from _template_problems(base)
    for article in base.articles.values():
        yield from _article_problems(article, base, templates)
    for message in base.messages.values():
        yield from message_problems(message)
    for name, fact in base.facts.items():
        if fact.has_expired(today):
            line = _line_of(templates / "facts.yaml", name)
            cure = f"look it up at {fact.source}, then set value, checked and expires"
            yield Problem("facts.yaml", line, name, f"it expired on {fact.expires}", cure)
    yield from _label_problems(base)
    yield from _key_problems(base)
    yield from overlapping_examples(base.examples)


def _template_problems(base: KnowledgeBase) -> tuple[Problem, ...]:
    try:
        Templates(base).check()
    except KnowledgeError as error:
        return error.problems
    return ()


def _article_problems(article: Article, base: KnowledgeBase, templates: Path) -> Iterator[Problem]:
    front, file = article.front, article.file
    path = templates / file
    destinations = [d.id for d in base.community.destinations]
    if front.hand_over.to not in destinations:
        cure = did_you_mean(front.hand_over.to, destinations)
        yield Problem(file, _line_of(path, "hand_over"), "hand_over.to", "no such destination", cure)
    if len(seen := front.tell.replace("`", "")) > MAX_TELL:
        cure = f"at most {MAX_TELL} characters: the words by which an asker recognises it"
        yield Problem(file, _line_of(path, "tell"), "tell", f"{len(seen)} characters", cure)
    for name in {name for rule in front.when for name in rule.captures} & VALUES:
        yield Problem(file, _line_of(path, "when"), "when", f"the capture `{name}` hides a value", "name it otherwise")
    for language, body in article.bodies.items():
        body_file = file if language == ENGLISH else f"articles/{article.id}.{language}.md"
        yield from body_problems(body, file=body_file)


def _label_problems(base: KnowledgeBase) -> Iterator[Problem]:
    """`also` may name whatever has an article or examples of its own."""
    known = {*base.articles, *(e.label for e in base.examples), *OTHER_LABELS}
    for example in base.examples:
        for label in set(example.also) - known:
            file = f"examples/{example.label}.jsonl"
            yield Problem(file, example.line, "also", f"`{label}` is no label", did_you_mean(label, known))


def _key_problems(base: KnowledgeBase) -> Iterator[Problem]:
    """Posts come from people: a key of theirs must not travel on in an example."""
    shapes = [re.compile(s.pattern) for s in base.community.id_shapes if s.kind.startswith("secret:")]
    for example in base.examples:
        keys = [match.group() for shape in shapes for match in shape.finditer(example.text)]
        if any(len(key) >= REAL_KEY and FAKE not in key for key in keys):
            cure = f"put {FAKE} into it, and revoke it if it was real"
            yield Problem(f"examples/{example.label}.jsonl", example.line, "text", "what looks like a real key", cure)


def _line_of(path: Path, key: str) -> int:
    """The line on which a top-level key of a YAML text stands; the models no longer know it."""
    pattern = re.compile(rf"{re.escape(key)}\s*:")
    lines = path.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), 1)
