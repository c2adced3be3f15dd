"""Makes typed text comparable: drops what nobody sees, and gives a view in plain quotes and spaces.

Nothing is recognised here.
"""

import re

_ANSI = re.compile(r"\x1b\[[0-9;?]{0,16}[A-Za-z]")
# Zero-width and direction marks, tag characters, control characters other than tab and line feed.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Joiners belong into emoji and into some scripts; between ASCII they only hide a word from a search.
_HIDING_JOINER = re.compile("(?<=[\x21-\x7e])[\u200c\u200d]+(?=[\x21-\x7e])")
_SURROGATE = re.compile("[\ud800-\udfff]")


def without_invisible(text: str) -> str:
    """The text as a reader sees it; it can be encoded, and doing it twice changes nothing."""
    if text.isascii() and text.isprintable():
        return text
    text = _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", _HIDING_JOINER.sub("", text))
    return text


def _plain_characters() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    for characters, plain in (
        ("\u2018\u2019\u201a\u201b\u2032\u00b4\u300e\u300f", "'"),
        ("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d", '"'),
        ("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        ("\u2010\u2011\u2212\ufe63", "-"),
        ("\u2028\u2029", "\n"),
        ("\u3002", "."),
        ("\u3001", ","),
        ("\u3010", "["),
        ("\u3011", "]"),
    ):
        table.update((ord(character), plain) for character in characters)
    return table


_PLAIN = _plain_characters()


# The mark of Discord's quotes would stand inside what is quoted.
_QUOTE_MARK = re.compile(r"^> ", re.MULTILINE)


def plain_view(text: str) -> str:
    """The same text with plain quotes, spaces and punctuation, character for character, so that spans hold for both."""
    if "> " in text:
        text = _QUOTE_MARK.sub("  ", text)
    return text if text.isascii() else text.translate(_PLAIN)


def folded(text: str) -> str:
    """White space as single spaces, ends trimmed."""
    return " ".join(text.split())
