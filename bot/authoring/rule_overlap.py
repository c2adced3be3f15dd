"""Rules that another article takes: read as an error of its own, each rule has to lead to its article."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot.authoring.places import line_of
from bot.extraction import read
from bot.knowledge.articles import Article, Rule
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.knowledge.source import Problem
from bot.posts import MaskedText
from bot.recognition.rules import RuleHit, RuleIndex
from bot.recognition.tokens import Tokens

#: What a star of a rule stands for in the error that is made of it: a word that no rule has.
FILLER = "something"


def overlapping_rules(base: KnowledgeBase, templates: Path) -> Iterator[Problem]:
    index, vocabulary = RuleIndex(base.articles.values()), base.community.vocabulary()
    for article in base.articles.values():
        for number, rule in enumerate(article.front.when, start=1):
            if not rule.pieces:  # a number or a field alone: other articles may say more about it
                continue
            report = read(MaskedText(""), MaskedText(_as_error(rule)), vocabulary, base.catalogue)
            hits = index.hits(report, Tokens.of(report.text))
            if found := _trouble(article, hits):
                line = line_of(templates / article.file, "when", number)
                yield Problem(article.file, line, f"when.{number}", *found)


def _as_error(rule: Rule) -> str:
    """The error that says exactly what the rule wants and nothing more."""
    message = (rule.message or "").replace("*", FILLER)
    error: dict[str, object] = {"message": message}
    if rule.statuses:
        error["code"] = rule.statuses[0]
    if rule.fields:
        error["metadata"] = dict(rule.fields)
    return json.dumps({"error": error}, ensure_ascii=False)


def _trouble(article: Article, hits: list[RuleHit]) -> tuple[str, str] | None:
    """What is wrong and its cure, or None when the article itself is the first to be found."""
    own = max((hit.specificity for hit in hits if hit.article_id == article.id), default=None)
    if own is None:
        return "its own words do not satisfy it", "look at `unless`, and at words that are only punctuation"
    taken = next((hit for hit in hits if hit.article_id != article.id and hit.specificity >= own), None)
    if taken is None:
        return None
    how = "as specific" if taken.specificity == own else "more specific"
    said = f"`{taken.article_id}` has a rule for the same words, and it is {how}"
    return said, "say what keeps the two apart: more words, a field of the error, or `unless`"
