"""Takes credentials and personal ids out of a text, before anything else reads it, and cuts what is too long."""

import hashlib
import re
from collections.abc import Iterable
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
#: Any of what `placeholder` gives.
PLACEHOLDER = re.compile("‹(?:e-mail|card number|id|key) removed›")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    text: MaskedText
    secrets: tuple[Secret, ...]
    was_cut: bool = False


def mask(raw: str, vocabulary: Vocabulary, *, salt: bytes = b"", cap_bytes: int = CAP_BYTES) -> Masked:
    """Nothing of `raw` that is secret or personal is in the result, and masking the result again changes nothing."""
    if _fits(raw, cap_bytes):
        text = without_invisible(raw)
        masked = _assemble(text, find_hits(text, vocabulary), salt)
    else:
        masked = _mask_ends(raw, vocabulary, salt, cap_bytes)
    # Placeholders can be longer than what they replace.
    return masked if _fits(masked.text, cap_bytes) else _cut_end(masked, cap_bytes)


def placeholder(kind: str, *, is_personal: bool) -> str:
    """What stands where something was. Discord reads no markup in it, and nobody types it by chance."""
    return _PLACEHOLDERS.get(kind, "‹id removed›" if is_personal else "‹key removed›")


def _fits(raw: str, cap_bytes: int) -> bool:
    if len(raw) * 4 <= cap_bytes or (len(raw) <= cap_bytes and raw.isascii()):
        return True
    return len(raw) <= cap_bytes and len(raw.encode("utf-8", "surrogatepass")) <= cap_bytes


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


def _mask_ends(raw: str, vocabulary: Vocabulary, salt: bytes, cap_bytes: int) -> Masked:
    """Head and tail of `raw`. Nothing in them comes from beyond the cut, not even the rest of a token."""
    budget = cap_bytes - len(CUT_MARK.encode())
    text = without_invisible(raw[: budget // 2 + MARGIN])
    head = _assemble(text, find_hits(text, vocabulary), salt, end=_characters(text, budget // 2))
    text = without_invisible(raw[-(budget - budget // 2 + MARGIN) :])
    tail = _assemble(text, find_hits(text, vocabulary), salt, start=_start_of_tail(text, budget - budget // 2))
    joined = head.text + CUT_MARK + tail.text
    moved = (_moved(secret, len(head.text) + len(CUT_MARK)) for secret in tail.secrets)
    # Once more over the whole: the rest of a long token may look like a credential only now that it is cut.
    hits = find_hits(joined, vocabulary)
    again = _assemble(joined, hits, salt)
    earlier = (_moved(secret, _growth(hits, secret.span.start)) for secret in (*head.secrets, *moved))
    return Masked(
        text=again.text, secrets=tuple(sorted((*earlier, *again.secrets), key=lambda s: s.span)), was_cut=True
    )


def _start_of_tail(text: str, limit_bytes: int) -> int:
    start = len(text) - _characters(text[::-1], limit_bytes)
    if start > 0 and not _SPACE.search(text, max(0, start - MARGIN), start):
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
