import pytest

from bot.triage.view import View
from tests.triage.thread import Thread, scripted_view


@pytest.fixture(scope="session")
def scripted() -> View:
    """A view in which posts say themselves what they are about."""
    return scripted_view()


@pytest.fixture
def thread(scripted: View) -> Thread:
    return Thread(scripted)
