"""The service's status feed: the newest incident that is not over."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from bot.helpdesk.ports import Incident
from bot.openrouter.api import Unavailable

#: Longer ago than this an incident that nobody closed says little about now.
RECENT = timedelta(hours=6)
MAX_TITLE = 120
_OVER = re.compile(r"\b(?:resolved|completed|postmortem|recovered|fixed)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")


def read_incident(body: bytes, *, read_at: datetime) -> Incident | None:
    # Entities can make a small file a huge one; a feed needs none.
    if b"<!" in body.replace(b"<![CDATA[", b"").replace(b"<!--", b""):
        raise Unavailable("a feed with declarations")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, RecursionError):
        raise Unavailable("no feed") from None
    for item in root.iter("item"):
        title = _text(item, "title")
        since = _moment(_text(item, "pubDate"))
        if not title or since is None or not timedelta(0) <= read_at - since <= RECENT:
            continue
        if not _OVER.search(title) and not _OVER.search(_text(item, "description")):
            return Incident(read_at=read_at, title=title[:MAX_TITLE], since=since)
    return None


def _text(item: ElementTree.Element, name: str) -> str:
    return " ".join(_TAG.sub(" ", item.findtext(name) or "").split())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
