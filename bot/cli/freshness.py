"""`heron kb sources`: what became of the pages that the articles were written from."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.common import At, failure, read_settings, read_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.authoring.sources import Look
    from bot.knowledge.knowledge_base import KnowledgeBase

#: Beside the database: hashes of the pages as they were at the last look.
KEPT = Path("var/sources.json")
#: Exit status when somebody has to look at something.
NEEDS_SOMEBODY = 1


def sources(at: At = None) -> None:
    """Fetch the page behind every article and fact, and say what changed since it was checked.

    A change is seen only from the first look on this machine on.
    """
    tell_of_sources(at)


def tell_of_sources(at: str | None, origins: "Iterable[str]" = (), seconds: float = 20.0) -> None:
    """`origins` are asked as they are; all others by https only."""
    import asyncio

    from bot.authoring.sources import Outcome, lowered, write_kept
    from bot.knowledge.loader import load
    from bot.knowledge.source import KnowledgeError

    today = read_time(at).date() if at else datetime.now(UTC).date()
    try:
        base = load(read_settings().templates_dir)
    except KnowledgeError as error:
        raise failure(error) from None
    looks = asyncio.run(_look(base, today, origins, seconds))
    if all(look.outcome is Outcome.UNREACHABLE for look in looks):
        raise failure(f"none of {len(looks)} pages could be reached ({looks[0].detail}); is this machine offline?")
    write_kept(KEPT, looks)
    worth_telling = [str(look) for look in looks if look.needs_somebody] + list(lowered(base, today))
    for line in worth_telling:
        print(line)
    print(_summary(looks))
    if any(look.outcome is Outcome.FIRST for look in looks):
        print("changes of a page are seen only from the first look on this machine on")
    if worth_telling:
        raise typer.Exit(NEEDS_SOMEBODY)


async def _look(base: "KnowledgeBase", today: date, origins: "Iterable[str]", seconds: float) -> "tuple[Look, ...]":
    from urllib.parse import urlsplit

    from bot.attachments.client import open_client
    from bot.attachments.downloads import Caps, Downloads
    from bot.authoring.sources import look_at, read_kept, sources_of

    pages = sources_of(base)
    hosts = {host for page in pages if (host := urlsplit(page.url).hostname)}
    caps = Caps(max_bytes=4 * 1024 * 1024, seconds=seconds)
    async with open_client() as client:
        downloads = Downloads(client, hosts=hosts, origins=origins, caps=caps, names_targets=True)
        return await look_at(pages, read_kept(KEPT), downloads.fetch, today)


def _summary(looks: "tuple[Look, ...]") -> str:
    from collections import Counter

    counted = Counter(look.outcome for look in looks)
    return f"{len(looks)} pages: " + ", ".join(f"{number} {outcome}" for outcome, number in counted.most_common())
