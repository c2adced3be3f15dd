"""Takes credentials and personal ids out of a text, before anything else reads it, and cuts what is too long."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.extraction.normalise import without_invisible
from bot.extraction.report import Secret, Span, Vocabulary
from bot.extraction.secret_hits import Hit, find_hits
from bot.posts import MaskedText

CAP_BYTES = 64 * 1024
#: What is looked at beyond a cut, so that a credential that lies across it is seen whole.
MARGIN = 16 * 1024
CUT_MARK = "\n[…]\n"

_PLACEHOLDERS = {"email": "‹e-mail removed›", "card": "‹card number removed›"}
_ID, _KEY = "‹id removed›", "‹key removed›"
#: Any of what `placeholder` gives.
PLACEHOLDER = re.compile("|".join((*_PLACEHOLDERS.values(), _ID, _KEY)))
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    text: MaskedText
    secrets: tuple[Secret, ...]
    was_cut: bool = False


def mask(raw: str, vocabulary: Vocabulary, *, salt: bytes = b"", cap_bytes: int = CAP_BYTES) -> Masked:
    """Nothing of `raw` that is secret or personal is in the result, and masking the result again changes nothing."""
    text = without_invisible(raw)
    if _fits(text, cap_bytes):
        masked = _assemble(text, find_hits(text, vocabulary), salt)
    else:
        masked = _mask_ends(text, vocabulary, salt, cap_bytes)
    # Placeholders can be longer than what they replace.
    return masked if _fits(masked.text, cap_bytes) else _cut_end(masked, cap_bytes)


def placeholder(kind: str, *, is_personal: bool) -> str:
    """What stands where something was. Discord reads no markup in it, and nobody types it by chance."""
    return _PLACEHOLDERS.get(kind, _ID if is_personal else _KEY)


def _fits(text: str, cap_bytes: int) -> bool:
    return len(text) * 4 <= cap_bytes or (len(text) <= cap_bytes and len(text.encode()) <= cap_bytes)


def _assemble(text: str, hits: Iterable[Hit], salt: bytes, start: int = 0, end: int | None = None) -> Masked:
    """`text` from `start` to `end` with placeholders; a hit that crosses an edge goes whole."""
    end = len(text) if end is None else end
    pieces: list[str] = []
    secrets: list[Secret] = []
    at, length = start, 0
    for hit in hits:
        if hit.end <= start or hit.start >= end:
            continue
        kept = text[at : max(at, hit.start)]
        pieces += (kept, placeholder(hit.kind, is_personal=hit.is_personal))
        span = Span(length + len(kept), length + len(kept) + len(pieces[-1]))
        secrets.append(_secret(hit, text[hit.start : hit.end], span, salt))
        at, length = hit.end, span.end
    pieces.append(text[at : max(at, end)])
    return Masked(text=MaskedText("".join(pieces)), secrets=tuple(secrets))


def _secret(hit: Hit, value: str, span: Span, salt: bytes) -> Secret:
    # A key split over two lines is the same key.
    plain = re.sub(r"[^A-Za-z0-9@]", "", value) or value
    fingerprint = hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8, key=salt[:64]).hexdigest()
    return Secret(kind=hit.kind, fingerprint=fingerprint, span=span, is_personal=hit.is_personal)


def _mask_ends(text: str, vocabulary: Vocabulary, salt: bytes, cap_bytes: int) -> Masked:
    """Head and tail of `text`. Nothing in them comes from beyond the cut, not even the rest of a token."""
    budget = cap_bytes - len(CUT_MARK.encode())
    end = _characters(text, budget // 2)
    start = _start_of_tail(text, budget - budget // 2)
    hits = _hits_of_ends(text, end, start, vocabulary)
    head, tail = _assemble(text, hits, salt, end=end), _assemble(text, hits, salt, start=start)
    joined = head.text + CUT_MARK + tail.text
    moved = (_moved(secret, len(head.text) + len(CUT_MARK)) for secret in tail.secrets)
    # Once more where the ends meet: the rest of a long token may look like a credential only now that it is cut.
    hits = _hits_of_seam(joined, len(head.text), vocabulary)
    again = _assemble(joined, hits, salt)
    earlier = (_moved(secret, _growth(hits, secret.span.start)) for secret in (*head.secrets, *moved))
    return Masked(
        text=again.text, secrets=tuple(sorted((*earlier, *again.secrets), key=lambda s: s.span)), was_cut=True
    )


def _hits_of_ends(text: str, end: int, start: int, vocabulary: Vocabulary) -> list[Hit]:
    """Of what stands before `end` or behind `start`; nothing is looked at twice."""
    if start - end <= 2 * MARGIN:
        return find_hits(text, vocabulary)
    return [
        *find_hits(text[: end + MARGIN], vocabulary),
        *_hits_behind(text, start - MARGIN, len(text), vocabulary),
    ]


def _hits_of_seam(joined: str, seam: int, vocabulary: Vocabulary) -> list[Hit]:
    """Of what a cut at `seam` can have made look different, which nothing far from it does."""
    hits = _hits_behind(joined, max(0, seam - MARGIN), seam + MARGIN, vocabulary)
    return [hit for hit in hits if hit.end > seam - MARGIN // 2 and hit.start < seam + MARGIN // 2]


def _hits_behind(text: str, start: int, end: int, vocabulary: Vocabulary) -> Iterator[Hit]:
    for hit in find_hits(text[start:end], vocabulary):
        yield replace(hit, start=hit.start + start, end=hit.end + start)


def _start_of_tail(text: str, limit_bytes: int) -> int:
    start = len(text) - _characters(text[-limit_bytes:][::-1], limit_bytes)
    if not _SPACE.search(text, max(0, start - MARGIN), start):
        # One token, longer than the margin: nobody can tell what it was.
        space = _SPACE.search(text, start)
        return space.start() if space else len(text)
    return start


def _characters(text: str, limit_bytes: int) -> int:
    """How many of the first characters fit into so many bytes."""
    return len(text[:limit_bytes].encode()[:limit_bytes].decode("utf-8", "ignore"))


def _moved(secret: Secret, by: int) -> Secret:
    return replace(secret, span=Span(secret.span.start + by, secret.span.end + by))


def _growth(hits: Iterable[Hit], before: int) -> int:
    return sum(len(placeholder(h.kind, is_personal=h.is_personal)) - (h.end - h.start) for h in hits if h.end <= before)


def _cut_end(masked: Masked, cap_bytes: int) -> Masked:
    end = _characters(masked.text, cap_bytes)
    for secret in masked.secrets:
        if secret.span.start < end < secret.span.end:
            end = secret.span.start
    secrets = (s if s.span.end <= end else replace(s, span=Span(end, end)) for s in masked.secrets)
    return Masked(text=MaskedText(masked.text[:end]), secrets=tuple(secrets), was_cut=True)
