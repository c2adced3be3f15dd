"""Reads messages of a case: masks and keeps them, and reads several of them together as one report."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from bot.extraction import mask, read
from bot.extraction.attached import Attached, Kind, attached_in, with_attached
from bot.extraction.masking import CUT_MARK
from bot.extraction.report import Report, Secret, Span
from bot.posts import MaskedText, MessageId, Post, Role
from bot.triage.case import Case, KnownMessage
from bot.triage.live import Live
from bot.triage.plans import Quote
from bot.triage.view import View

#: Between two messages that are read together.
GAP = "\n\n"
#: Of one file, head and tail; four of them and a message fit into what is kept of a message.
FILE_BYTES = 15 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPosts:
    """Several messages of the asker, read as one. `parts` says which piece of the report's text came from where."""

    report: Report
    parts: tuple[tuple[MessageId | None, int, str], ...]  # message (None: the title), offset, its masked text
    live: Live = field(default_factory=Live)  # what was true at present, and is fresh
    unread_pictures: int = 0  # that nobody here can read

    def is_pictured(self, span: Span) -> bool:
        return _is_within(span, self.report.pictured)

    def is_filed(self, span: Span) -> bool:
        return _is_within(span, self.report.filed)

    @property
    def unread_files(self) -> int:
        """Files that nobody could read: too large, no text, or gone."""
        return sum(not one.text for one in attached_in(self.report.text, Kind.FILE, Kind.PASTED))

    @property
    def cut_files(self) -> int:
        return sum(CUT_MARK in one.text for one in attached_in(self.report.text, Kind.FILE, Kind.PASTED))

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
    attached, leaks = _attached(post, view) if is_asker else ([], [])
    masked = mask(with_attached(post.text, attached) if is_asker else "", view.knowledge.vocabulary, salt=view.salt)
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
    leaked_inside = (_placed(secret, text, masked.text) for text, secret in leaks)
    return message, (*masked.secrets, *leaked_inside, *leaked_above)


def _attached(post: Post, view: View) -> tuple[list[Attached], list[tuple[str, Secret]]]:
    """What the attachments say, and what leaked in which file. These are masked one by one: each keeps its head and
    tail."""
    attached: list[Attached] = []
    leaked: list[tuple[str, Secret]] = []
    for file in post.attachments:
        if file.text is None:
            continue
        if file.is_picture:
            attached.append(Attached(Kind.PICTURE, file.text))
            continue
        masked = mask(file.text, view.knowledge.vocabulary, salt=view.salt, cap_bytes=FILE_BYTES)
        attached.append(Attached(Kind.PASTED if file.is_pasted else Kind.FILE, masked.text))
        leaked += ((masked.text, secret) for secret in masked.secrets)
    return attached, leaked


def _placed(secret: Secret, part: str, whole: str) -> Secret:
    """Its span in the whole message."""
    at = max(0, whole.find(part))
    return replace(secret, span=Span(secret.span.start + at, secret.span.end + at))


def _is_within(span: Span, places: Sequence[Span]) -> bool:
    return any(p.start <= span.start and span.end <= p.end for p in places)


def digest(text: str, salt: bytes) -> str:
    """Tells an edited text from an untouched one without keeping it."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12, key=salt[:64]).hexdigest()


def read_together(case: Case, messages: Sequence[KnownMessage], view: View, *, with_title: bool) -> ReadPosts:
    title = case.title if with_title else MaskedText("")
    knowledge = view.knowledge
    text = GAP.join(m.text for m in messages)
    report = read(title, text, knowledge.vocabulary, view.catalogue, salt=view.salt)
    parts: list[tuple[MessageId | None, int, str]] = [(None, 0, title)] if title else []
    offset = len(report.text) - len(text) if not report.was_cut else 0
    for message in messages:
        parts.append((message.message_id, offset, message.text))
        offset += len(message.text) + len(GAP)
    unread = 0 if view.reads_pictures else sum(m.pictures - len(attached_in(m.text, Kind.PICTURE)) for m in messages)
    return ReadPosts(report=report, parts=tuple(parts), live=view.live.fresh(view.now), unread_pictures=max(0, unread))


def shows_more(post: Post, old: KnownMessage) -> bool:
    """Words in its attachments that nobody had read before."""
    return sum(bool(a.text) for a in post.attachments) > sum(bool(one.text) for one in attached_in(old.text))


def with_old_attachments(message: KnownMessage, old: KnownMessage, post: Post) -> KnownMessage:
    """What was read in them once stays known while they are there, whoever brings the message again."""
    pictures = attached_in(old.text, Kind.PICTURE) if message.pictures == old.pictures else ()
    files = attached_in(old.text, Kind.FILE, Kind.PASTED)
    files = files if sum(a.is_text for a in post.attachments) == len(files) else ()
    read = {one.kind is Kind.PICTURE for one in attached_in(message.text)}
    kept = [one for one in (*pictures, *files) if (one.kind is Kind.PICTURE) not in read]
    return replace(message, text=MaskedText(with_attached(message.text, kept))) if kept else message
