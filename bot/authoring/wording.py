"""How an article is put: the plain text of its lines, its steps, its links and its numbers."""

import re
from collections.abc import Iterator

from bot.authoring.claims import forbidden_in
from bot.knowledge.articles import Body, Line
from bot.knowledge.knowledge_base import Message
from bot.knowledge.source import Problem

MAX_LINKS = 2
MAX_STEPS = 4

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
_BRANCH = re.compile(r"\{%-? *(?:if|elif|else|endif)\b.*?%\}")
_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"\]\([^)]*\)")
#: A number of its own; the number of an HTTP error is a name.
_NUMBER = re.compile(r"(?<![\w-])(?![45]\d\d(?!\d))\d[\d.,]*")


def body_problems(body: Body, *, file: str, owner: str) -> Iterator[Problem]:
    for section, lines in (
        ("lead", (body.lead,)),
        ("why", body.why),
        ("steps", body.steps),
        ("more_steps", body.more_steps),
        ("note", body.note),
        ("brief", body.brief),
    ):
        for line in lines:
            yield from line_problems(line, file=file, key=section, owner=owner)
    if len(body.steps) > MAX_STEPS:
        extra = body.steps[MAX_STEPS]
        yield Problem(file, extra.number, "steps", f"more than {MAX_STEPS} steps", "move it to `## More steps`")
    yield from _too_many_links((body.lead, *body.why, *body.steps, *body.note), file)
    yield from _too_many_links(body.more_steps, file)


def message_problems(message: Message) -> Iterator[Problem]:
    for line in message.lines:
        yield from line_problems(line, file=message.file, key=message.name)


def line_problems(line: Line, *, file: str, key: str, owner: str = "") -> Iterator[Problem]:
    plain = plain_text(line.text)
    yield from forbidden_in(plain, file=file, line=line.number, key=key, owner=owner)
    if match := _NUMBER.search(plain):
        cure = "put it into facts.yaml with its source, and write {{ facts.name }}"
        yield Problem(file, line.number, key, f"the number {match.group().rstrip('.,')} stands in the text", cure)


def plain_text(line: str) -> str:
    """A line without tags, quoted code and addresses of links."""
    return _LINK.sub("]", _CODE.sub(" ", _TAG.sub(" ", line)))


def _too_many_links(lines: tuple[Line, ...], file: str) -> Iterator[Problem]:
    total = 0
    for line in lines:
        # Of the branches of one line only one is printed.
        total += max(len(_LINK.findall(part)) for part in _BRANCH.split(line.text))
        if total > MAX_LINKS:
            yield Problem(file, line.number, "", f"more than {MAX_LINKS} links", "keep those that prove the point")
            return
