import pytest

from tests.shipped_knowledge import Ready
from tests.tiny_knowledge import tiny


@pytest.fixture(scope="session")
def small() -> Ready:
    return tiny()
