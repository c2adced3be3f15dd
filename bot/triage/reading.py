"""Reads messages of a case: masks and keeps them, and reads several of them together as one report."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.extraction import mask, read
from bot.extraction.report import Report, Secret, Span
from bot.posts import MaskedText, MessageId, Post, Role
from bot.triage.case import Case, KnownMessage
from bot.triage.plans import Quote
from bot.triage.view import View

#: Between two messages that are read together.
GAP = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPosts:
    """Several messages of the asker, read as one. `parts` says which piece of the report's text came from where."""

    report: Report
    parts: tuple[tuple[MessageId | None, int, str], ...]  # message (None: the title), offset, its masked text

    def quote(self, span: Span) -> Quote | None:
        """The place of these words in the message that they came from; None when they span two, or the text was cut."""
        for message_id, offset, text in self.parts:
            start, end = span.start - offset, span.end - offset
            if 0 <= start < end <= len(text):
                if self.report.text[span.start : span.end] != text[start:end]:
                    return None
                return Quote(message_id=message_id, start=start, end=end)
        return None


def known(post: Post, view: View) -> tuple[KnownMessage, tuple[Secret, ...]]:
    """The message as it is kept, and what leaked in it or in its title. Others' words are not kept."""
    is_asker = post.role is Role.ASKER
    masked = mask(post.text if is_asker else "", view.knowledge.vocabulary, salt=view.salt)
    message = KnownMessage(
        message_id=post.message_id,
        author_id=post.author_id,
        role=post.role,
        at=post.at,
        text=masked.text,
        digest=digest(post.text, view.salt),
        pictures=sum(a.is_picture for a in post.attachments),
    )
    leaked_above = mask(post.title, view.knowledge.vocabulary, salt=view.salt).secrets if is_asker else ()
    return message, (*masked.secrets, *leaked_above)


def digest(text: str, salt: bytes) -> str:
    """Tells an edited text from an untouched one without keeping it."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12, key=salt[:64]).hexdigest()


def read_together(case: Case, messages: Sequence[KnownMessage], view: View, *, with_title: bool) -> ReadPosts:
    title = case.title if with_title else MaskedText("")
    knowledge = view.knowledge
    text = GAP.join(m.text for m in messages)
    report = read(title, text, knowledge.vocabulary, knowledge.base.catalogue, salt=view.salt)
    parts: list[tuple[MessageId | None, int, str]] = [(None, 0, title)] if title else []
    offset = len(report.text) - len(text) if not report.was_cut else 0
    for message in messages:
        parts.append((message.message_id, offset, message.text))
        offset += len(message.text) + len(GAP)
    return ReadPosts(report=report, parts=tuple(parts))
