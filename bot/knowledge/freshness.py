"""How long what an article states counts as true: it prints facts, and facts expire."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from bot.knowledge.articles import Article, Autonomy, Line
from bot.knowledge.knowledge_base import KnowledgeBase

_FACT = re.compile(r"\bfacts\.([A-Za-z_]\w*)")


def facts_of(article: Article) -> frozenset[str]:
    """Names of the facts that it prints, in whatever language."""
    return _named(line for body in article.bodies.values() for line in body.lines)


def unused_facts(base: KnowledgeBase) -> tuple[str, ...]:
    """Facts that somebody has to look up again and again, although nothing prints them."""
    in_articles = (facts_of(article) for article in base.articles.values())
    in_messages = (_named(message.lines) for message in base.messages.values())
    return tuple(sorted(base.facts.keys() - frozenset().union(*in_articles, *in_messages)))


def _named(lines: Iterable[Line]) -> frozenset[str]:
    return frozenset(name for line in lines for name in _FACT.findall(line.text))


def expired_facts(article: Article, base: KnowledgeBase, today: date) -> tuple[str, ...]:
    return tuple(sorted(n for n in facts_of(article) & base.facts.keys() if base.facts[n].has_expired(today)))


def only_drafted(base: KnowledgeBase, today: date) -> Mapping[str, tuple[str, ...]]:
    """Articles that would answer by themselves if it were not for these facts of theirs, which expired."""
    answering = (a for a in base.articles.values() if a.front.autonomy is Autonomy.ANSWER)
    return {article.id: names for article in answering if (names := expired_facts(article, base, today))}


def true_until(article: Article, base: KnowledgeBase) -> date | None:
    """The last day on which all that it states counts as true; None when nothing of it expires."""
    days = (base.facts[name].expires for name in facts_of(article) & base.facts.keys())
    return min((day for day in days if day is not None), default=None)
