"""What the tests of moderation share: the real tables on each database, and a clock that stands still."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.mind import Mind
from bot.moderation.cards import Cards
from bot.moderation.desk import Desk
from bot.storage.cases import SqlCases
from bot.storage.desks import SqlDesks
from bot.storage.engine import create_engine
from bot.storage.escalations import SqlEscalations
from tests.helpdesk.fakes import STAFF_ROOM, HandClock
from tests.shipped_knowledge import shipped


@pytest_asyncio.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def cases(engine: AsyncEngine) -> SqlCases:
    return SqlCases(engine, knowledge_hash=lambda: "fake-hash")


@pytest.fixture
def escalations(engine: AsyncEngine) -> SqlEscalations:
    return SqlEscalations(engine)


@pytest.fixture
def mind() -> Mind:
    return shipped().mind


@pytest.fixture
def cards(cases: SqlCases, escalations: SqlEscalations, mind: Mind) -> Cards:
    return Cards(
        escalations=escalations,
        cases=cases,
        mind=mind,
        clock=HandClock(),
        moderators_of=lambda _: STAFF_ROOM,
    )


@pytest.fixture
def desk(engine: AsyncEngine, mind: Mind) -> Desk:
    return Desk(desks=SqlDesks(engine), mind=mind, clock=HandClock(), moderators_of=lambda _: STAFF_ROOM)
