"""Reads a templates folder with a critic's eye: whatever a writer has to mend before its articles may speak.

What the text model has to be asked about is not here but in `landing`.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.authoring.lengths import length_problems
from bot.authoring.overlap import overlapping_examples
from bot.authoring.places import file_of, line_of
from bot.authoring.rule_overlap import overlapping_rules
from bot.authoring.wording import body_problems, message_problems
from bot.knowledge.articles import Article
from bot.knowledge.freshness import unused_facts
from bot.knowledge.knowledge_base import ENGLISH, KnowledgeBase
from bot.knowledge.loader import load
from bot.knowledge.source import KnowledgeError, Problem, did_you_mean
from bot.replies.compile import VALUES, Templates
from bot.shipped import shipped_folder

#: Characters of a `tell` that are seen; it becomes the label of a button.
MAX_TELL = 60
#: Labels of examples that are no problem with an article: nobody asks for help; help is asked for and nothing fits.
OTHER_LABELS = frozenset({"out-of-scope", "other"})

#: Characters from which on a key may be a whole one; shorter ones are masked or cut.
REAL_KEY = 40
FAKE = "FAKE"
#: Where a draft waits for its writer.
PLACE = re.compile("‹[^›]+›")
#: Posts from which on the text model knows an article.
ENOUGH_EXAMPLES, ENOUGH_NEAR_MISSES = 10, 2


def check(templates: Path, today: date) -> tuple[Problem, ...]:
    """Everything that is wrong with the folder, as on the day `today`; nothing when it may be used."""
    try:
        base = load(templates)
    except KnowledgeError as error:
        return error.problems
    return problems_of(base, templates, today)


def problems_of(base: KnowledgeBase, templates: Path, today: date) -> tuple[Problem, ...]:
    """As `check`, of a folder that was loaded already."""
    return tuple(sorted(_problems(base, templates, today)))


def _problems(base: KnowledgeBase, templates: Path, today: date) -> Iterator[Problem]:
    compiled = Templates(base)
    broken = _template_problems(compiled)
    yield from broken
    for article in base.articles.values():
        yield from _article_problems(article, base, templates)
        yield from _places_to_fill(article, templates)
        if not broken:  # else it cannot be rendered
            yield from length_problems(article, compiled)
    for message in base.messages.values():
        yield from message_problems(message)
    for name, fact in base.facts.items():
        if fact.has_expired(today):
            line = line_of(templates / "facts.yaml", name)
            cure = f"look it up at {fact.source}, then set value, checked and expires"
            yield Problem("facts.yaml", line, name, f"it expired on {fact.expires}", cure)
    yield from _missing_messages(base)
    yield from _label_problems(base)
    yield from _key_problems(base)
    yield from overlapping_examples(base.examples)
    yield from overlapping_rules(base, templates)


def _template_problems(compiled: Templates) -> tuple[Problem, ...]:
    try:
        compiled.check()
    except KnowledgeError as error:
        return error.problems
    return ()


def _article_problems(article: Article, base: KnowledgeBase, templates: Path) -> Iterator[Problem]:
    front, file = article.front, article.file
    path = templates / file
    destinations = [d.id for d in base.community.destinations]
    if front.hand_over.to not in destinations:
        cure = did_you_mean(front.hand_over.to, destinations)
        yield Problem(file, line_of(path, "hand_over"), "hand_over.to", "no such destination", cure)
    if len(seen := front.tell.replace("`", "")) > MAX_TELL:
        cure = f"at most {MAX_TELL} characters: the words by which an asker recognises it"
        yield Problem(file, line_of(path, "tell"), "tell", f"{len(seen)} characters", cure)
    for name in {name for rule in front.when for name in rule.captures} & VALUES:
        yield Problem(file, line_of(path, "when"), "when", f"the capture `{name}` hides a value", "name it otherwise")
    for language, body in article.bodies.items():
        yield from body_problems(body, file=file_of(article, language), owner=front.owner)


def _places_to_fill(article: Article, templates: Path) -> Iterator[Problem]:
    """What `heron kb new` left open."""
    for language in article.bodies:
        file = file_of(article, language)
        for number, line in enumerate((templates / file).read_text("utf-8").splitlines(), start=1):
            if match := PLACE.search(line):
                said = f"a place of the draft is still to fill: {match.group()}"
                yield Problem(file, number, "", said, "write it, or delete the line")


def advice(base: KnowledgeBase, templates: Path) -> Iterator[Problem]:
    """What would make articles and facts better, and keeps none of them from speaking."""
    for article in base.articles.values():
        front = article.front
        posts = len(front.examples) + sum(e.label == article.id for e in base.examples)
        if posts < ENOUGH_EXAMPLES:
            said = f"{posts} examples, in its front matter and in examples/{article.id}.jsonl together"
            yield Problem(article.file, 1, "examples", said, f"{ENOUGH_EXAMPLES} or more, as varied as people are")
        if len(front.near_misses) < ENOUGH_NEAR_MISSES:
            said = f"{len(front.near_misses)} near misses"
            cure = f"{ENOUGH_NEAR_MISSES} or more: posts with the same words that want no answer"
            yield Problem(article.file, 1, "near_misses", said, cure)
    for name in unused_facts(base):
        line = line_of(templates / "facts.yaml", name)
        yield Problem("facts.yaml", line, name, "no article and no message prints it", "print it, or delete it")


def _missing_messages(base: KnowledgeBase) -> Iterator[Problem]:
    """Every community says in its own words what Heron has to say; the shipped folder holds all of it."""
    shipped = shipped_folder("templates")
    for path in sorted(shipped.glob("messages/*/*.md")):
        if "." not in path.stem and (path.stem, ENGLISH) not in base.messages:
            cure = "copy it from the templates that come with Heron, and make it yours"
            yield Problem(path.relative_to(shipped).as_posix(), 1, "", "Heron says it, and it is missing", cure)


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
