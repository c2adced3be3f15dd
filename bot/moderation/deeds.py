"""Who did what, as moderators read it. Pure."""

from collections.abc import Sequence

from bot.moderation.ports import Deed
from bot.replies.cards import ago
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import MAX_CONTENT, Message
from bot.replies.paragraphs import Paragraph, join

#: What is shown of one case, and of a server.
OF_A_CASE, OF_A_SERVER = 8, 15
#: What of an entry's details is shown.
_SHOWN = ("article", "level", "edited")


def log_message(deeds: Sequence[Deed], templates: Templates) -> Message:
    if not deeds:
        return Message(content=templates.say("desk-log-empty", {}))
    return Message(content=join(_lines(deeds, templates, with_place=True), comfortable=MAX_CONTENT, limit=MAX_CONTENT))


def with_deeds(message: Message, deeds: Sequence[Deed], templates: Templates) -> Message:
    """What there is to say about a case, and below it who did what with it; the oldest go first if it is too long."""
    parts = [Paragraph(text=message.content), *_lines(deeds, templates, with_place=False)]
    return Message(content=join(parts, comfortable=MAX_CONTENT, limit=MAX_CONTENT), rows=message.rows)


def _lines(deeds: Sequence[Deed], templates: Templates, *, with_place: bool) -> list[Paragraph]:
    return [Paragraph(text=_line(deed, templates, with_place=with_place), spare=1) for deed in deeds]


def _line(deed: Deed, templates: Templates, *, with_place: bool) -> str:
    values = {
        "since": ago(deed.at),
        "chosen_by": Reviewed(f"<@{deed.by}>") if deed.by is not None else None,
        "deed": Reviewed(deed.action),
        "names": ", ".join(str(deed.detail[name]) for name in _SHOWN if name in deed.detail) or None,
        "place": Reviewed(f"<#{deed.case_id}>") if with_place and deed.case_id is not None else None,
    }
    return templates.say("desk-log-line", values)
