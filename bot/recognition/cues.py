"""How a post speaks, beside what it says: its form, its first and last words. Who asks and who tells differ in that."""

import re
from collections.abc import Iterator

#: Characters of a text's sentences that are looked at, and sentences.
REACH, SENTENCES = 2000, 12
#: Characters up to which a first line is a title.
TITLE = 150
_WORD = re.compile(r"[\w']+|[?!]+")
_SENTENCE = re.compile(r"(?:^|[.!?;:。！？]\s++|(?<!\n)\n++)[^\w\n]{0,8}+([\w']+)")
#: Marks of form. A quote or a fence holds somebody else's words; headings and tables are for readers, not for helpers.
_FORMS = {
    "quote": re.compile(r"^[ \t]*>", re.MULTILINE),
    "heading": re.compile(r"^#{1,4} ", re.MULTILINE),
    "list": re.compile(r"^[ \t]*(?:[-*•]|\d{1,3}[.)]) ", re.MULTILINE),
    "long list": re.compile(r"(?:^[ \t]*(?:[-*•]|\d{1,3}[.)]) .*\n?){3}", re.MULTILINE),
    "table": re.compile(r"^\|.*\|", re.MULTILINE),
    "fence": re.compile(r"```"),
    "code": re.compile(r"(?<!`)`(?!`)"),
    "body": re.compile(r"[{}]"),
    "said": re.compile(r'["“«„「]'),
    "named": re.compile(r"(?<!\w)@\w"),
    "link": re.compile(r"https?://"),
    "version": re.compile(r"#\d|\bPRs?\b|\bv?\d+\.\d+\.\d+"),
    "picture": re.compile(r"[\U0001f300-\U0001faff]"),
    "loud": re.compile(r"!"),
    "question": re.compile(r"[?？؟]"),
    "last a question": re.compile(r"[?？؟]\s*\Z"),
}


def cues(text: str) -> list[str]:
    """None of them is a word of a text."""
    title, body = _titled(text)
    found = [f"form:{name}" for name, form in _FORMS.items() if form.search(text)]
    if "form:question" not in found:
        found.append("form:no question")
    found += _edge("title", _WORD.findall(title.lower())[:2])
    found += _edge("opens", _WORD.findall(body[:300].lower())[:2])
    found += _edge("ends", _WORD.findall(body[-200:].lower())[-2:][::-1])
    return found + list(_sentences(text[:REACH].lower()))


def _titled(text: str) -> tuple[str, str]:
    """A short first line of its own, if there is one, and the rest."""
    title, _, body = text.strip().partition("\n\n")
    is_title = body and len(title) <= TITLE and "\n" not in title
    return (title, body) if is_title else ("", text)


def _edge(place: str, words: list[str]) -> list[str]:
    """The outermost word by itself, and with its neighbour."""
    return [f"{place}:{' '.join(words[:size])}" for size in range(1, len(words) + 1)]


def _sentences(text: str) -> Iterator[str]:
    for number, match in enumerate(_SENTENCE.finditer(text)):
        if number == SENTENCES:
            return
        yield f"sentence:{match[1]}"
