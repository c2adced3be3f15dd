"""Thresholds fitted on labelled posts, as `calibration.json` keeps them: numbers only, no text of any post."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from bot.knowledge.articles import Strict

#: Of a logistic regression, the constant first.
Weights = tuple[float, ...]
Share = Annotated[float, Field(ge=0, le=1)]


class Beliefs(Strict):
    """Weights of what speaks for an article: a rule that holds, the words of the whole post, those of one part."""

    exact: Annotated[Weights, Field(min_length=4, max_length=4)]
    whole: Annotated[Weights, Field(min_length=4, max_length=4)]
    second: Annotated[Weights, Field(min_length=7, max_length=7)]


class Calibration(Strict):
    """Least confidence for an answer, by kind of evidence, and from when on a post counts as asking for nothing."""

    exact_floor: Share
    text_floor: Share
    floors: Mapping[str, Share] = {}  # on the asker's words, by article, where an article needs its own
    out_of_scope_ceiling: Share
    beliefs: Beliefs | None = None  # None: those that Heron comes with
    n: int  # posts that it was fitted on
    date: date
    knowledge_base: str  # hash of the knowledge base that it was fitted for
