import pytest

from tests.shipped_knowledge import Ready, shipped
from tests.tiny_knowledge import tiny


@pytest.fixture(scope="session")
def ours() -> Ready:
    return shipped()


@pytest.fixture(scope="session")
def small() -> Ready:
    return tiny()
