"""Where a post repeats somebody else: Discord's quotes and forwards."""

import re

from bot.extraction.report import Span

# `> ` quotes one line, `>>> ` the rest of the message.
_QUOTE = re.compile(r"^(?:>>> (?s:.*)|(?:> [^\n]*(?:\n|\Z))+)", re.MULTILINE)
_FORWARD = re.compile(r"^-{2,10} ?forwarded message ?-{0,10}$(?s:.*)", re.MULTILINE | re.IGNORECASE)


def find_quotes(text: str) -> tuple[Span, ...]:
    if ">" not in text and "orward" not in text:
        return ()
    found = [Span(*match.span()) for pattern in (_QUOTE, _FORWARD) for match in pattern.finditer(text)]
    return tuple(sorted(found))
