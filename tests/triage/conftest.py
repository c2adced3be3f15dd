import pytest

from bot.triage.view import Knowledge, View
from tests.shipped_knowledge import Ready, shipped
from tests.tiny_knowledge import tiny
from tests.triage.thread import Thread, scripted_view


@pytest.fixture(scope="session")
def ours() -> Ready:
    return shipped()


@pytest.fixture(scope="session")
def small() -> Knowledge:
    return tiny().knowledge


@pytest.fixture(scope="session")
def scripted() -> View:
    """A view in which posts say themselves what they are about."""
    return scripted_view()


@pytest.fixture
def thread(scripted: View) -> Thread:
    return Thread(scripted)
