"""What was deleted for somebody is not in SQLite's file any more, nor in the log beside it."""

import shutil
from datetime import timedelta
from pathlib import Path

from bot.storage.cases import SqlCases
from bot.storage.engine import create_engine
from bot.storage.people import SqlPeople
from tests.storage.samples import ASKER, GUILD, MARK, NOW, bodies, card, decision, full_case


async def test_words_are_gone_from_the_file_after_forgetting(sqlite_template: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(sqlite_template, tmp_path / "heron.db"))
    engine = create_engine(f"sqlite:///{file}")
    case = full_case()
    cases = SqlCases(engine, knowledge_hash=lambda: "fake-hash")
    await cases.save(case, [decision(case.replies, cards=[card()])], bodies(*case.replies), now=NOW)
    log = file.with_name(file.name + "-wal")
    assert MARK.encode() in file.read_bytes() + log.read_bytes()
    await SqlPeople(engine).forget(GUILD, ASKER, now=NOW + timedelta(hours=5))
    assert MARK.encode() not in file.read_bytes()
    assert log.stat().st_size == 0
    await engine.dispose()
