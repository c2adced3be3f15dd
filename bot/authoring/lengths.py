"""Answers that a phone cannot show at once: measured as they are rendered when every value is as long as it can be."""

from collections.abc import Iterator

from bot.authoring.places import file_of
from bot.authoring.samples import WORST_PROOF, samples, worst_values
from bot.knowledge.articles import Article, Body, Line
from bot.knowledge.source import Problem
from bot.replies.compile import Templates
from bot.replies.paragraphs import COMFORTABLE
from bot.triage.plans import Form

#: Characters of the whole answer beside another one.
MAX_BRIEF = 250


def length_problems(article: Article, templates: Templates) -> Iterator[Problem]:
    worst = worst_values(article, templates.knowledge)
    for sample in samples(article, templates, worst, WORST_PROOF):
        length, body = len(sample.content), article.bodies[sample.language]
        if sample.form is Form.BRIEF:
            most, key, line, cure = MAX_BRIEF, "brief", body.brief[:1] or (body.lead,), "say only what to do first"
        else:
            key = "steps" if sample.form is Form.FULL else "more_steps"
            most, line, cure = COMFORTABLE, _first(body, key), "shorten the steps; Why and Note were left out already"
        if length > most:
            said = f"{length} characters with the longest values, at most {most}"
            yield Problem(file_of(article, sample.language), line[0].number, key, said, cure)


def _first(body: Body, section: str) -> tuple[Line, ...]:
    lines: tuple[Line, ...] = getattr(body, section)
    return lines or (body.lead,)
