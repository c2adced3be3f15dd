"""What became of the pages that articles and facts were written from: fetched, compared by their text, told about.

Only hashes are kept, so that nothing of the pages lies about. Who fetches is handed in.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from html.parser import HTMLParser
from pathlib import Path

from bot.knowledge.freshness import only_drafted
from bot.knowledge.knowledge_base import KnowledgeBase

Fetch = Callable[[str], Awaitable[bytes]]

AT_ONCE = 4
#: With fewer characters a page is a shell that a browser fills; its text says nothing.
LEAST_TEXT = 200
_NO_TEXT = frozenset({"script", "style", "noscript", "svg", "template", "nav", "footer"})


class Outcome(StrEnum):
    FIRST = "first look"
    SAME = "unchanged"
    CHANGED = "changed"
    EMPTY = "too little text"
    UNREACHABLE = "unreachable"


_CURES = {
    Outcome.CHANGED: "read the page, put right what is stated, and set `checked` to that day",
    Outcome.UNREACHABLE: "open the page; if it moved or is gone, put another address",
    Outcome.EMPTY: "open the page; if it shows an error or needs a browser, put another address",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page, who relies on it, and when the longest ago of them was compared with it."""

    url: str
    used_by: tuple[str, ...]
    checked: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is remembered of a page: the hash of its text as it was relied on, and since when it reads otherwise."""

    hash: str
    changed: date | None  # None: it reads as it did


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    source: Source
    outcome: Outcome
    detail: str = ""
    kept: Kept | None = None

    @property
    def needs_somebody(self) -> bool:
        return self.outcome in (Outcome.CHANGED, Outcome.UNREACHABLE, Outcome.EMPTY)

    def __str__(self) -> str:
        detail = f": {self.detail}" if self.detail else ""
        told = f"{self.outcome}  {self.source.url}{detail}\n  relied on by {', '.join(self.source.used_by)}"
        cure = _CURES.get(self.outcome)
        return f"{told}\n  cure: {cure}" if cure else told


def sources_of(base: KnowledgeBase) -> tuple[Source, ...]:
    used: dict[str, set[str]] = defaultdict(set)
    checked: dict[str, date] = {}

    def add(url: str, user: str, day: date) -> None:
        used[url].add(user)
        checked[url] = min(day, checked.get(url, day))

    for article in base.articles.values():
        for source in article.front.sources:
            add(source.url, f"{article.file} `sources`", article.front.checked)
    for name, fact in base.facts.items():
        add(fact.source, f"facts.yaml `{name}.source`", fact.checked)
    return tuple(Source(url=url, used_by=tuple(sorted(used[url])), checked=checked[url]) for url in sorted(used))


async def look_at(sources: Sequence[Source], kept: Mapping[str, Kept], fetch: Fetch, today: date) -> tuple[Look, ...]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def look(source: Source) -> Look:
        async with turn:
            try:
                body = await fetch(source.url)
            except Exception as error:  # noqa: BLE001 - whatever the reason, a person has to look
                return Look(source=source, outcome=Outcome.UNREACHABLE, detail=str(error), kept=kept.get(source.url))
            return compared(source, text_of(body), kept.get(source.url), today)

    return tuple(await asyncio.gather(*map(look, sources)))


def compared(source: Source, text: str, before: Kept | None, today: date) -> Look:
    """A change counts until everybody who relies on the page was checked since, or the page reads as it did: what is
    no more than an error page for a while does not take the place of what was relied on."""
    if len(text) < LEAST_TEXT:
        return Look(source=source, outcome=Outcome.EMPTY, detail=f"{len(text)} characters", kept=before)
    found = blake2b(text.encode(), digest_size=16).hexdigest()
    if before is None:
        return Look(source=source, outcome=Outcome.FIRST, kept=Kept(hash=found, changed=None))
    changed = before.changed or today
    if before.hash == found or changed <= source.checked:
        return Look(source=source, outcome=Outcome.SAME, kept=Kept(hash=found, changed=None))
    detail = f"seen on {changed}, checked on {source.checked}"
    return Look(source=source, outcome=Outcome.CHANGED, detail=detail, kept=Kept(hash=before.hash, changed=changed))


def lowered(base: KnowledgeBase, today: date) -> Iterator[str]:
    """Articles that are only drafted, since something that they state may no longer be true."""
    for article_id, names in only_drafted(base, today).items():
        for name in names:
            file, expired_on = base.articles[article_id].file, base.facts[name].expires
            yield f"only a draft  {file}: the fact `{name}` expired on {expired_on}"


def text_of(body: bytes) -> str:
    """What a reader of the page sees, without what changes with every visit."""
    text = body.decode("utf-8", "replace")
    if "<html" not in text[:2000].lower():
        return " ".join(text.split())
    reader = _Text()
    reader.feed(text)
    reader.close()
    return " ".join(" ".join(reader.pieces).split())


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _NO_TEXT:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:  # whatever was left open inside it is closed as well
            del self._hidden[self._hidden.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def read_kept(path: Path) -> dict[str, Kept]:
    """What earlier looks remembered; nothing when there was none, or somebody else's file stands there."""
    try:
        rows = json.loads(path.read_text("utf-8"))
        return {
            str(url): Kept(
                hash=str(row["hash"]), changed=date.fromisoformat(row["changed"]) if row["changed"] else None
            )
            for url, row in rows.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_kept(path: Path, looks: Iterable[Look]) -> None:
    rows = {
        look.source.url: {"hash": look.kept.hash, "changed": look.kept.changed and look.kept.changed.isoformat()}
        for look in looks
        if look.kept is not None
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n", "utf-8")
    fresh.replace(path)
