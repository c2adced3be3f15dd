"""Why something was said or not: the stored decision in words, beside what the article says of itself today. Pure."""

from bot.moderation.ports import Told, Track
from bot.replies.cards import ago
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import MAX_CONTENT, Message
from bot.replies.paragraphs import Paragraph, join

#: Characters of a knowledge base's hash that tell two apart.
_SHORT = 8


def why_message(told: Told | None, track: Track, templates: Templates) -> Message:
    if told is None:
        return Message(content=templates.say("why-nothing", {}))
    values = _values(told, track, templates)
    names = ("why-head", *_evidence(told), "why-needed", "why-article", "why-record", "why-version")
    parts = [Paragraph(text=templates.say(name, values)) for name in names]
    return Message(content=join(parts, comfortable=MAX_CONTENT, limit=MAX_CONTENT))


def _evidence(told: Told) -> tuple[str, ...]:
    if told.article_id is None:
        return ()
    return ("why-rules",) if told.rules else ("why-words",)


def _values(told: Told, track: Track, templates: Templates) -> dict[str, object]:
    article = templates.knowledge.articles.get(told.article_id or "")
    is_counted = told.article_id is not None and track != Track()
    return {
        "article": Reviewed(told.article_id) if told.article_id else None,
        "confidence": _score(told.confidence),
        "reason": told.reason,
        "rules": tuple(told.rules) or None,
        "floor": _score(told.floor or None),
        "runner_up": Reviewed(told.runner_up) if told.runner_up else None,
        "runner_up_confidence": _score(told.runner_up_confidence),
        "owner": article.front.owner if article else None,
        "checked": Reviewed(article.front.checked.isoformat()) if article else None,
        "autonomy": told.autonomy if article else None,
        "solved": Reviewed(track.right) if is_counted else None,
        "wrong": Reviewed(track.wrong) if is_counted else None,
        "since": ago(told.decided_at),
        "version": Reviewed(f"`{told.knowledge_hash[:_SHORT]}`"),
        "changed": told.knowledge_hash != templates.knowledge.hash or None,
    }


def _score(number: float | None) -> Reviewed | None:
    return None if number is None else Reviewed(f"{number:.2f}")
