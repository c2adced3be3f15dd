"""Why something was said or not: the stored decision in words, beside what the article says of itself today. Pure."""

from collections.abc import Iterator, Sequence

from bot.moderation.ports import Told, Track
from bot.replies.cards import ago
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed, code, escape
from bot.replies.message import MAX_CONTENT, Message
from bot.replies.paragraphs import Paragraph, join
from bot.triage.case import Case
from bot.triage.plans import Quote

#: Characters of a hash that tell two versions apart.
_SHORT = 8
#: Pieces of evidence that are shown, and characters of the words before and behind each.
MOST_MARKED, AROUND = 4, 60


def why_message(told: Told | None, track: Track, templates: Templates, case: Case | None = None) -> Message:
    """With the case the words that spoke for the article are shown where they stand, as long as they are kept."""
    if told is None:
        return Message(content=templates.say("why-nothing", {}))
    values = _values(told, track, templates)

    def said(*names: str) -> list[Paragraph]:
        return [Paragraph(text=templates.say(name, values)) for name in names]

    marked = (
        [Paragraph(text=text, spare=1) for text in _marked(told.evidence, case)]
        if case is not None and told.article_id
        else []
    )
    parts = [*said("why-head", *_evidence(told)), *marked]
    parts += said("why-needed", "why-article", "why-record", "why-version")
    return Message(content=join(parts, comfortable=MAX_CONTENT, limit=MAX_CONTENT))


def _evidence(told: Told) -> tuple[str, ...]:
    if told.article_id is None:
        return ()
    return ("why-rules",) if told.rules else ("why-words",)


def _marked(evidence: Sequence[Quote], case: Case) -> Iterator[str]:
    """Each piece of evidence as code, between the words around it."""
    for quote in list(dict.fromkeys(evidence))[:MOST_MARKED]:
        message = case.message(quote.message_id) if quote.message_id is not None else None
        text = case.title if quote.message_id is None else message.text if message is not None else ""
        if not (words := code(text[quote.start : quote.end])):
            continue
        before, after = text[: quote.start].split("\n")[-1], text[quote.end :].split("\n")[0]
        yield f"> {_end(before)}{words}{_start(after)}"


def _end(text: str) -> str:
    cut = text[-AROUND:]
    return ("…" if len(cut) < len(text) else "") + escape(cut) + (" " if text[-1:].isspace() else "")


def _start(text: str) -> str:
    cut = text[:AROUND]
    return (" " if text[:1].isspace() else "") + escape(cut) + ("…" if len(cut) < len(text) else "")


def _values(told: Told, track: Track, templates: Templates) -> dict[str, object]:
    article = templates.knowledge.articles.get(told.article_id or "")
    version, today = told.article_version, article.version if article is not None else ""
    if not version:
        version, today = told.knowledge_hash, templates.knowledge.hash
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
        "version": Reviewed(f"`{version[:_SHORT]}`"),
        "knowledge": told.article_version == "" or None,
        "changed": version != today or None,
    }


def _score(number: float | None) -> Reviewed | None:
    return None if number is None else Reviewed(f"{number:.2f}")
