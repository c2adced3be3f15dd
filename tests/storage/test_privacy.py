"""Where the words of askers stand, and that a purge leaves none of them, in the tables or in the file."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.ports import CaseMoved
from bot.posts import ChannelId, MessageId
from bot.storage.cases import SqlCases
from bot.storage.engine import create_engine
from bot.storage.replies import SqlReplies
from bot.storage.tables import METADATA
from bot.storage.upkeep import purge
from bot.triage.plans import Answer
from tests.databases import rows_of
from tests.storage.samples import MARK, NOW, THREAD, answer, bodies, card, decision, full_case, known, new_case

LATER = NOW + timedelta(days=31)


async def tables_with_words(database_url: str) -> set[str]:
    """`table.column` of everything that an asker's words stand in."""
    found = set()
    for table in METADATA.sorted_tables:
        for row in await rows_of(database_url, f"SELECT * FROM {table.name}"):
            found |= {f"{table.name}.{column}" for column, value in row.items() if MARK in str(value)}
    return found


async def saved(cases: SqlCases, replies: SqlReplies, *, is_delivered: bool = True) -> None:
    case = full_case()
    await cases.save(case, [decision(case.replies, cards=[card()])], bodies(*case.replies), now=NOW)
    for reply in case.replies if is_delivered else ():
        await replies.delivered(reply.key, revision=1, message_id=reply.question_id)


async def test_words_of_askers_stand_in_one_table_and_in_the_bodies_that_quote_them(
    cases: SqlCases, replies: SqlReplies, database_url: str
) -> None:
    await saved(cases, replies)
    found = await tables_with_words(database_url)
    assert found == {"messages.text", "messages.title", "messages.taken", "replies.body"}


async def test_a_purge_empties_old_words_and_what_quotes_them(
    cases: SqlCases, replies: SqlReplies, engine: AsyncEngine, database_url: str
) -> None:
    await saved(cases, replies)
    assert await purge(engine, LATER) == 3
    assert await tables_with_words(database_url) == set()
    case = await cases.load(THREAD)
    assert case is not None
    assert {m.text for m in case.messages} == {""}
    assert case.replies[0].plan is not None
    (sure, *_) = case.replies[0].plan.parts
    assert sure == replace(answer(), values={})
    assert isinstance(sure, Answer)
    assert sure.proof is not None
    assert case.words(sure.proof) is None


async def test_a_purge_leaves_younger_words_alone(cases: SqlCases, replies: SqlReplies, engine: AsyncEngine) -> None:
    await saved(cases, replies)
    before = await cases.load(THREAD)
    assert await purge(engine, NOW) == 0
    assert await cases.load(THREAD) == before


async def test_a_purge_waits_for_a_reply_that_is_still_to_be_sent(
    cases: SqlCases, replies: SqlReplies, engine: AsyncEngine
) -> None:
    await saved(cases, replies, is_delivered=False)
    assert await purge(engine, LATER) == 0
    assert len((await replies.pending([full_case().guild_id], now=LATER, limit=10)).due) == 3


async def test_a_unit_of_work_that_began_before_the_purge_does_not_write_the_words_back(
    cases: SqlCases, replies: SqlReplies, engine: AsyncEngine
) -> None:
    await saved(cases, replies)
    case = await cases.load(THREAD)
    assert case is not None
    await purge(engine, LATER)
    with pytest.raises(CaseMoved):
        await cases.save(case, [decision()], {}, now=LATER)


async def test_a_case_goes_on_after_a_purge_without_the_old_words(
    cases: SqlCases, replies: SqlReplies, engine: AsyncEngine, database_url: str
) -> None:
    await saved(cases, replies)
    await purge(engine, LATER)
    case = await cases.load(THREAD)
    assert case is not None
    await cases.save(replace(case, is_muted=False), [decision()], {}, now=LATER)
    assert await tables_with_words(database_url) == set()


async def test_purged_words_are_gone_from_the_file_of_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(sqlite_template, tmp_path / "heron.db"))
    engine = create_engine(f"sqlite:///{file}")
    await saved(SqlCases(engine, knowledge_hash=lambda: "fake-hash"), SqlReplies(engine))
    await purge(engine, LATER)
    wal = file.with_name(file.name + "-wal")
    assert MARK.encode() not in file.read_bytes()
    assert wal.stat().st_size == 0
    await engine.dispose()


async def test_a_purge_of_more_than_one_batch_empties_all(cases: SqlCases, engine: AsyncEngine) -> None:
    for number in range(6):
        thread_id = ChannelId(THREAD + 1000 * number)
        messages = tuple(replace(known(n), message_id=MessageId(thread_id + n)) for n in range(100))
        await cases.save(replace(new_case(), thread_id=thread_id, messages=messages), [], {}, now=NOW)
    assert await purge(engine, LATER) == 600
