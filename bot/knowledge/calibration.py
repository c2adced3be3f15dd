"""Thresholds fitted on labelled posts, as `calibration.json` keeps them: numbers only, no text of any post."""

from collections.abc import Mapping
from datetime import date

from bot.knowledge.articles import Strict


class Thresholds(Strict):
    """Least confidence on text evidence for an answer, and for naming an article in a question."""

    answer: float
    ask: float


class Calibration(Strict):
    everywhere: Thresholds
    articles: Mapping[str, Thresholds] = {}  # where an article needs its own
    n: int  # posts that it was fitted on
    date: date
    knowledge_base: str  # hash of the knowledge base that it was fitted for

    def thresholds(self, article_id: str) -> Thresholds:
        return self.articles.get(article_id, self.everywhere)
