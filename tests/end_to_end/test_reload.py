"""Templates that change while Heron runs: taken over when they are in order, refused with a cure when they are not."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.reload import LOOK, LOOK_AFTER_TROUBLE, Outcome, Reload, fingerprint
from bot.playground import Playground
from tests.databases import rows_of
from tests.end_to_end.house import DIM, HandClock, House
from tests.tiny_knowledge import UPSTREAM_DIM, made_ready, write_tiny_templates

ARTICLE = "articles/upstream-dim.md"
OLD_STEP, NEW_STEP = "All lamps share one wick.", "All lamps hang on one chain."


@dataclass(slots=True, kw_only=True)
class Workshop:
    """Somebody writes articles here, while Heron answers from them."""

    house: House
    templates: Path
    looks: asyncio.Queue[Outcome] = field(default_factory=asyncio.Queue)

    def write(self, old: str, new: str, *, file: str = ARTICLE) -> None:
        text = (self.templates / file).read_text("utf-8")
        assert old in text
        (self.templates / file).write_text(text.replace(old, new), "utf-8")

    async def look(self, after: timedelta = LOOK) -> Outcome:
        self.house.clock.pass_time(after.total_seconds())
        return await asyncio.wait_for(self.looks.get(), 60)

    async def answer(self) -> str:
        thread = await self.house.asks(DIM)
        return self.house.only_answer(thread).content

    @property
    def told(self) -> list[str]:
        return [notice.content for notice in self.house.notices]


@pytest.fixture
async def workshop(
    playground: Playground, clock: HandClock, database_url: str, tmp_path: Path
) -> AsyncIterator[Workshop]:
    templates = write_tiny_templates(tmp_path)
    house = House(playground, made_ready(templates), database_url, clock, quiet_s=0.0)
    shop = Workshop(house=house, templates=templates)
    house.reload = Reload(
        mind=house.mind,
        folder=templates,
        known=fingerprint(templates),
        clock=clock,
        cache=tmp_path / "cache",
        on_looked=shop.looks.put_nowait,
    )
    await house.start()
    yield shop
    await house.close()


async def test_a_changed_article_answers_the_next_post(workshop: Workshop) -> None:
    before = await workshop.answer()
    workshop.write(OLD_STEP, NEW_STEP)
    assert [await workshop.look() for _ in range(3)] == [Outcome.CHANGING, Outcome.TAKEN, Outcome.SAME]
    after = await workshop.answer()
    assert OLD_STEP in before
    assert NEW_STEP in after
    assert workshop.told == []


async def test_a_broken_article_leaves_the_old_answers_and_staff_is_told_once_what_to_mend(workshop: Workshop) -> None:
    workshop.write("{{ client }}: {{", "{{ clint }}: {{")
    assert [await workshop.look() for _ in range(3)] == [Outcome.CHANGING, Outcome.REFUSED, Outcome.SAME]
    assert OLD_STEP in await workshop.answer()
    workshop.write("Written for tests.", "Written for tests, with the same fault.")
    assert [await workshop.look() for _ in range(2)] == [Outcome.CHANGING, Outcome.REFUSED]
    (told,) = workshop.told
    line = (
        (workshop.templates / ARTICLE)
        .read_text("utf-8")
        .splitlines()
        .index('- In {{ clint }}: {{ client_setting("error") }}')
    )
    assert f"{ARTICLE}:{line + 1}" in told
    assert "clint: no such value here" in told
    assert "use one of" in told

    workshop.write("{{ clint }}: {{", "{{ client }}: {{")
    workshop.write(OLD_STEP, NEW_STEP)
    assert [await workshop.look() for _ in range(2)] == [Outcome.CHANGING, Outcome.TAKEN]
    assert NEW_STEP in await workshop.answer()
    assert len(workshop.told) == 1


async def test_another_fault_is_news_and_the_first_one_again_is_not(workshop: Workshop) -> None:
    for misspelt in ("clint", "clent", "clint"):
        text = UPSTREAM_DIM.replace("{{ client }}", f"{{{{ {misspelt} }}}}")
        (workshop.templates / ARTICLE).write_text(text, "utf-8")
        assert [await workshop.look() for _ in range(2)] == [Outcome.CHANGING, Outcome.REFUSED]
    assert len(workshop.told) == 2


async def test_files_that_are_still_being_written_are_not_tried(workshop: Workshop) -> None:
    for steps in ("one rope", "one chain", "one wire"):
        (workshop.templates / ARTICLE).write_text(UPSTREAM_DIM.replace("one wick", steps), "utf-8")
        assert await workshop.look() is Outcome.CHANGING
    assert await workshop.look() is Outcome.TAKEN
    assert "one wire" in await workshop.answer()


async def test_what_an_editor_leaves_beside_the_files_is_nobodys_affair(workshop: Workshop) -> None:
    (workshop.templates / "articles" / ".upstream-dim.md.swp").write_text("half a file", "utf-8")
    assert await workshop.look() is Outcome.SAME


async def test_what_is_decided_is_kept_with_the_knowledge_that_decided_it(
    workshop: Workshop, database_url: str
) -> None:
    await workshop.answer()
    workshop.write(OLD_STEP, NEW_STEP)
    await workshop.look()
    await workshop.look()
    await workshop.answer()
    rows = await rows_of(database_url, "SELECT DISTINCT knowledge_hash FROM decisions")
    assert len(rows) == 2
    assert workshop.house.mind.knowledge_hash in {row["knowledge_hash"] for row in rows}


async def test_a_process_that_dies_leaves_the_old_answers_and_is_tried_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable = sys.executable
    monkeypatch.setattr(sys, "executable", "/bin/false")
    workshop.write(OLD_STEP, NEW_STEP)
    assert await workshop.look() is Outcome.CHANGING
    assert await workshop.look() is Outcome.UNTRIED
    assert OLD_STEP in await workshop.answer()
    monkeypatch.setattr(sys, "executable", executable)
    assert await workshop.look(LOOK_AFTER_TROUBLE) is Outcome.TAKEN
    assert NEW_STEP in await workshop.answer()
