"""A card: what moderators see about something that people have to look at. Pure; labels come from the templates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.posts import ChannelId, UserId, Verb
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed, code
from bot.replies.message import MAX_CONTENT, Button
from bot.replies.paragraphs import Paragraph, join
from bot.triage.case import Case
from bot.triage.plans import CardPlan, Topic

#: Message templates of a card's lines, in order; a line whose value is unknown disappears.
LINES = (
    "card-head", "card-quote", "card-who", "card-facts", "card-made", "card-tried", "card-other", "card-alike",
    "card-claimed",
)  # fmt: skip
#: Ids that Discord's readers copy, in the order in which they are shown.
COPIED = ("generation", "request")
#: Cases like it that one card names, ids of one kind, and ids to copy.
MAX_ALIKE, MAX_FOUND, MAX_COPIED = 5, 2, 4
#: How readily a line is left out of a card that grew too long: its escalation has all of them.
SPARE = {"card-other": 3, "card-tried": 2, "card-made": 1}
_ID = re.compile(r"[\w.:/-]{1,100}", re.ASCII)
_SECONDS = re.compile(r"(?<=-)\d{10}(?=-)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStanding:
    """Where the matter stands, as far as it is not in the case."""

    opened_at: datetime
    claimed_by: UserId | None = None
    resolved_by: UserId | None = None
    resolved_at: datetime | None = None
    alike: Sequence[ChannelId] = ()  # open cases with the same fingerprint, oldest first


def render_card(card: CardPlan, *, case: Case, templates: Templates, standing: CardStanding | None = None) -> str:
    """The card's text, in the moderators' language (English); without `standing` only what the case says."""
    values = _values(card, case, templates) | (_standing_values(standing, case) if standing else {})
    if card.topic is Topic.LEAK:
        return templates.say("card-leak", values)
    if standing is not None and standing.resolved_at is not None:
        return templates.say("card-resolved", values)
    paragraphs = [Paragraph(text=templates.say(name, values), spare=SPARE.get(name, 0)) for name in LINES]
    return join([*paragraphs, Paragraph(text=_to_copy(card))], limit=MAX_CONTENT)


def card_buttons(
    key: str, card: CardPlan, standing: CardStanding, templates: Templates
) -> tuple[tuple[Button, ...], ...]:
    if standing.resolved_at is not None:
        return ((_button(key, Verb.REOPEN, templates),),)
    claim = () if standing.claimed_by else (_button(key, Verb.CLAIM, templates, style="primary"),)
    if card.topic is Topic.LEAK:
        return ((_button(key, Verb.DELETE, templates, style="danger"), _button(key, Verb.RESOLVE, templates)),)
    others = (_button(key, verb, templates) for verb in (Verb.ANSWER, Verb.RESOLVE, Verb.MORE))
    return ((*claim, *others),)


def card_values(card: CardPlan, standing: CardStanding, case: Case, templates: Templates) -> dict[str, object]:
    return _values(card, case, templates) | _standing_values(standing, case)


def _button(key: str, verb: Verb, templates: Templates, *, style: str = "secondary") -> Button:
    return Button(custom_id=f"h1:{key}:{verb.value}", label=label_of(verb, templates), style=style)


def label_of(verb: Verb, templates: Templates) -> str:
    return templates.say(f"button-{verb.value.replace('_', '-')}", {})


def _values(card: CardPlan, case: Case, templates: Templates) -> dict[str, object]:
    return {
        "destination": templates.destination(card.destination),
        "article": Reviewed(card.article_id) if card.article_id else None,
        "runner_up": Reviewed(card.runner_up) if card.runner_up else None,
        "title": case.title or None,
        "quote": code(words) if card.error and (words := case.words(card.error)) else None,
        "reason": card.reason,
        "missing": card.missing,
        "tried": card.tried,
        "language": case.language if case.language != "en" else None,
        "made_at": made_at(card.entities.get("generation", ())),
        **{f"card_{name}": _few(found) for name, found in card.entities.items()},
    }


def _few(found: Sequence[str]) -> tuple[str, ...]:
    return (*found[:MAX_FOUND], "…") if len(found) > MAX_FOUND else tuple(found)


def _standing_values(standing: CardStanding, case: Case) -> dict[str, object]:
    others = [Reviewed(f"<#{thread_id}>") for thread_id in standing.alike if thread_id != case.thread_id]
    return {
        "title": None,  # the link to the thread shows it
        "place": Reviewed(f"<#{case.thread_id}>"),
        "asker": Reviewed(f"<@{case.asker_id}>"),
        "since": ago(standing.opened_at),
        "alike": Reviewed(", ".join(others[:MAX_ALIKE]) + (" …" if len(others) > MAX_ALIKE else "")) or None,
        "alike_count": len(others) or None,
        "claimed_by": Reviewed(f"<@{standing.claimed_by}>") if standing.claimed_by else None,
        "resolved_by": Reviewed(f"<@{standing.resolved_by}>") if standing.resolved_by else None,
        "resolved_at": ago(standing.resolved_at) if standing.resolved_at else None,
    }


def ago(moment: datetime) -> Reviewed:
    """Discord's own form: every reader sees how long ago it is, and it needs no edit to stay true."""
    return Reviewed(f"<t:{int(moment.timestamp())}:R>")


def made_at(generation_ids: Sequence[str]) -> Reviewed | None:
    """The moment inside a generation id (ten digits of Unix seconds), shown in each reader's own time."""
    for found in generation_ids:
        for seconds in _SECONDS.findall(found):
            if 2020 <= datetime.fromtimestamp(int(seconds), UTC).year < 2040:
                return Reviewed(f"<t:{seconds}:f>")
    return None


def _to_copy(card: CardPlan) -> str:
    """A block to copy from, one id a line; what has other characters than an id could close it."""
    ids = [found for kind in COPIED for found in card.entities.get(kind, ()) if _ID.fullmatch(found)]
    return "```\n" + "\n".join(ids[:MAX_COPIED]) + "\n```" if ids else ""
