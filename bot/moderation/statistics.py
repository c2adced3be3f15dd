"""What came of the posts of a while: counted, and in words. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from math import ceil

from bot.moderation.ports import CaseRecord, Track
from bot.proportions import Proportion
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import Message

#: Articles that are named.
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long something took: half of them less than the median, nine in ten at most `most`."""

    median: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Every post is one of answered, asked, passed on and left alone."""

    posts: int
    answered: int
    asked: int  # Heron asked back, and has no answer yet
    passed_on: int  # people have it, or a warning is all that was said
    left_alone: int
    solved: int
    unheard: int  # people were asked for, and nobody came
    first_answer: Waits | None
    people: Waits | None
    articles: Sequence[tuple[str, int]]  # those that were told most, with how often
    precision: Proportion  # of the answers that somebody judged


def figures_of(records: Sequence[CaseRecord], judged: Track) -> Figures:
    answered = sum(r.answered_at is not None for r in records)
    asked = sum(r.answered_at is None and r.was_asked for r in records)
    left_alone = sum(not r.was_told and r.people_asked_at is None for r in records)
    told = Counter(chain.from_iterable(set(r.articles) for r in records))
    return Figures(
        posts=len(records),
        answered=answered,
        asked=asked,
        passed_on=len(records) - answered - asked - left_alone,
        left_alone=left_alone,
        solved=sum(r.is_solved for r in records),
        unheard=sum(r.waits and r.people_came_at is None for r in records),
        first_answer=_waits(r.answered_at - r.opened_at for r in records if r.answered_at),
        people=_waits(r.people_came_at - r.people_asked_at for r in records if r.people_came_at and r.people_asked_at),
        articles=sorted(told.items(), key=lambda item: (-item[1], item[0]))[:NAMED],
        precision=Proportion(judged.right, judged.right + judged.wrong),
    )


def _waits(took: Iterable[timedelta]) -> Waits | None:
    """By rank: each is a time that somebody waited."""
    known = sorted(max(one, timedelta()) for one in took)
    if not known:
        return None
    return Waits(median=known[ceil(len(known) * 0.5) - 1], most=known[ceil(len(known) * 0.9) - 1])


def in_words(took: timedelta) -> str:
    seconds = took.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds)} s"


#: What the picture says, by the message of the templates that says it.
WORDS = {
    "answered": "desk-chart-answered",
    "asked": "desk-chart-asked",
    "passed_on": "desk-chart-passed-on",
    "left_alone": "desk-chart-left-alone",
    "solved": "desk-chart-solved",
    "unheard": "desk-chart-unheard",
    "right": "desk-chart-right",
    "first_answer": "desk-chart-first-answer",
    "people": "desk-chart-people",
    "articles": "desk-chart-articles",
    "title": "desk-chart-title",
    "note": "desk-chart-note",
}
_UNKNOWN = "–"


def figures_message(figures: Figures, templates: Templates, *, has_picture: bool) -> Message:
    values = _values(figures, templates)
    said = [templates.say("desk-stats", values), templates.say("desk-stats-more", values)]
    if not has_picture:
        said.append(templates.say("desk-chart-missing", {}))
    return Message(content="\n".join(said))


def chart_words(figures: Figures, templates: Templates) -> Mapping[str, str]:
    values = _values(figures, templates)
    words = {name: templates.say(message, values) for name, message in WORDS.items()}
    took = {f"{name}_took": str(values[name] or _UNKNOWN) for name in ("first_answer", "people")}
    return words | took


def _values(figures: Figures, templates: Templates) -> dict[str, object]:
    names = ", ".join(f"{article_id} {count}" for article_id, count in figures.articles)
    precision = figures.precision
    counts = ("posts", "answered", "asked", "passed_on", "left_alone", "solved")
    return {
        **{name: Reviewed(getattr(figures, name)) for name in counts},
        "unheard": Reviewed(figures.unheard) if figures.unheard else None,
        "names": Reviewed(names) or None,
        "first_answer": _took(figures.first_answer, templates),
        "people": _took(figures.people, templates),
        "judged": Reviewed(precision.n),
        "share": _percent(precision.share),
        "low": _percent(precision.low),
        "high": _percent(precision.high),
    }


def _took(waits: Waits | None, templates: Templates) -> Reviewed | None:
    if waits is None:
        return None
    values = {"median": Reviewed(in_words(waits.median)), "most": Reviewed(in_words(waits.most))}
    return Reviewed(templates.say("desk-chart-took", values))


def _percent(share: float | None) -> Reviewed | None:
    return None if share is None else Reviewed(f"{share:.0%}".replace("%", " %"))
