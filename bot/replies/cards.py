"""A card: what moderators see about a finding that people have to look at. Pure; labels come from the templates."""

from bot.replies.compile import MESSAGE_VALUES, Templates
from bot.replies.escape import Reviewed, code
from bot.replies.message import MAX_CONTENT
from bot.replies.paragraphs import Paragraph, join
from bot.triage.case import Case
from bot.triage.plans import CardPlan

#: Message templates of a card's lines, in order; a line whose value is unknown disappears.
LINES = ("card-head", "card-quote", "card-who", "card-facts", "card-tried", "card-other")


def render_card(card: CardPlan, *, case: Case, templates: Templates) -> str:
    """The card's text, in the moderators' language (English)."""
    values = {
        **dict.fromkeys(MESSAGE_VALUES),
        "facts": templates.facts,
        "destination": templates.destination(card.destination),
        "article": Reviewed(card.article_id) if card.article_id else None,
        "runner_up": Reviewed(card.runner_up) if card.runner_up else None,
        "title": case.title or None,
        "quote": code(words) if card.error and (words := case.words(card.error)) else None,
        "reason": card.reason,
        "missing": card.missing,
        "tried": card.tried,
        **{f"card_{name}": found for name, found in card.entities.items()},
    }
    paragraphs = []
    for name in LINES:
        lines = templates.knowledge.message(name, "en").lines
        rendered = (templates.render(line, values) for line in lines)
        paragraphs.append(Paragraph(text="\n".join(filter(None, rendered))))
    return join(paragraphs, limit=MAX_CONTENT)
