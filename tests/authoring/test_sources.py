"""What became of the pages behind articles and facts: told once they change, until somebody checked them again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.authoring.sources import (
    Kept,
    Look,
    Outcome,
    Source,
    compared,
    look_at,
    lowered,
    read_kept,
    sources_of,
    text_of,
    write_kept,
)
from bot.knowledge.articles import Autonomy
from bot.knowledge.freshness import facts_of, true_until
from bot.triage.view import Knowledge
from tests.shipped_knowledge import NOW, shipped

CHECKED, LATER, TODAY = date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 24)
PAGE = Source(url="https://example.com/limits", used_by=("articles/limits-question.md",), checked=CHECKED)
LONG = "A limit of fifty requests a day. " * 20


def kept(look: Look) -> Kept:
    assert look.kept is not None
    return look.kept


def test_a_page_is_new_once_and_then_unchanged() -> None:
    first = compared(PAGE, LONG, None, TODAY)
    assert first.outcome is Outcome.FIRST
    assert compared(PAGE, LONG, kept(first), TODAY).outcome is Outcome.SAME


def test_a_change_is_told_until_whoever_relies_on_the_page_was_checked_again() -> None:
    before = kept(compared(PAGE, LONG, None, CHECKED))
    changed = compared(PAGE, LONG + "And one more.", before, LATER)
    assert (changed.outcome, changed.needs_somebody) == (Outcome.CHANGED, True)
    again = compared(PAGE, LONG + "And one more.", kept(changed), TODAY)
    assert again.outcome is Outcome.CHANGED
    assert "2026-11-10" in str(again)
    checked = replace(PAGE, checked=TODAY)
    assert compared(checked, LONG + "And one more.", kept(again), TODAY).outcome is Outcome.SAME


def test_a_page_without_text_is_not_compared_and_what_was_known_stays() -> None:
    before = Kept(hash="FAKE", changed=None)
    look = compared(PAGE, "Loading…", before, TODAY)
    assert (look.outcome, look.kept, look.needs_somebody) == (Outcome.EMPTY, before, True)


def test_only_the_text_of_a_page_counts() -> None:
    head = "<html><head><style>a{}</style><script>var t = 1;</script></head>"
    page = f"{head}<body><nav>Docs</nav><p>Fifty  a <b>day</b></p></body>"
    assert text_of(page.encode()) == "Fifty a day"
    assert text_of(page.replace("t = 1", "t = 2").replace("Docs", "More").encode()) == "Fifty a day"
    assert text_of(b"# Limits\n\nFifty a day") == "# Limits Fifty a day"


@pytest.mark.parametrize("body", [b"", b"<html", b"\xff\xfe\x00", b"<html><script>" + b"<" * 10_000])
def test_no_page_is_too_broken_to_be_read(body: bytes) -> None:
    assert isinstance(text_of(body), str)


async def test_a_page_that_cannot_be_fetched_is_told_and_not_forgotten() -> None:
    async def fetch(_: str) -> bytes:
        raise OSError("status 404")

    before = {PAGE.url: Kept(hash="FAKE", changed=None)}
    (look,) = await look_at([PAGE], before, fetch, TODAY)
    assert (look.outcome, look.detail, look.kept) == (Outcome.UNREACHABLE, "status 404", before[PAGE.url])
    assert look.needs_somebody


async def test_every_page_is_looked_at_once_whoever_relies_on_it() -> None:
    asked: list[str] = []

    async def fetch(url: str) -> bytes:
        asked.append(url)
        return LONG.encode()

    sources = sources_of(shipped().base)
    looks = await look_at(sources, {}, fetch, TODAY)
    assert sorted(asked) == sorted({source.url for source in sources})
    limits = next(s for s in sources if s.url.endswith("/limits"))
    assert any(user.startswith("articles/") for user in limits.used_by)
    assert any(user.startswith("facts.yaml ") for user in limits.used_by)
    assert {look.outcome for look in looks} == {Outcome.FIRST}


def test_what_was_seen_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "var" / "sources.json"
    looks = [
        Look(source=PAGE, outcome=Outcome.SAME, kept=Kept(hash="aa", changed=LATER)),
        Look(
            source=replace(PAGE, url="https://example.com/b"), outcome=Outcome.FIRST, kept=Kept(hash="bb", changed=None)
        ),
        Look(source=replace(PAGE, url="https://example.com/c"), outcome=Outcome.UNREACHABLE),
    ]
    write_kept(path, looks)
    remembered: Mapping[str, Kept] = read_kept(path)
    assert remembered == {PAGE.url: looks[0].kept, "https://example.com/b": looks[1].kept}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a": 1}', '{"a": {"hash": "x"}}', '{"a": {"hash": "x", "changed": "soon"}}']
)
def test_a_file_that_is_not_ours_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.json"
    path.write_text(text, "utf-8")
    assert read_kept(path) == {}
    assert read_kept(tmp_path / "missing.json") == {}


def test_an_article_is_true_as_long_as_every_fact_that_it_prints() -> None:
    base = shipped().base
    article = base.articles["rate-limit-free-daily"]
    days = [base.facts[name].expires for name in facts_of(article)]
    assert days
    assert true_until(article, base) == min(day for day in days if day is not None)


def test_an_expired_fact_makes_its_article_a_draft_and_says_why() -> None:
    knowledge: Knowledge = shipped().knowledge
    last_day = knowledge.true_until["rate-limit-free-daily"]
    view = replace(shipped().view, now=NOW.replace(year=last_day.year, month=last_day.month, day=last_day.day))
    assert view.autonomy("rate-limit-free-daily") is Autonomy.ANSWER
    too_late = replace(view, now=view.now.replace(year=last_day.year + 1))
    assert too_late.autonomy("rate-limit-free-daily") is Autonomy.DRAFT
    told = list(lowered(shipped().base, too_late.now.date()))
    assert any("rate-limit-free-daily.md" in line and "expired on" in line for line in told)
    assert list(lowered(shipped().base, NOW.date())) == []


def test_an_error_page_for_a_while_does_not_take_the_place_of_the_page() -> None:
    before = kept(compared(PAGE, LONG, None, CHECKED))
    broken = compared(PAGE, "Something went wrong on our side. " * 20, before, LATER)
    assert broken.outcome is Outcome.CHANGED
    assert kept(broken).hash == before.hash
    assert compared(PAGE, LONG, kept(broken), TODAY) == Look(source=PAGE, outcome=Outcome.SAME, kept=before)
