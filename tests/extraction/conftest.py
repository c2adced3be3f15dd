"""The shipped vocabulary and catalogue, read once."""

from pathlib import Path

import pytest

from bot.extraction import Catalogue, Vocabulary
from bot.knowledge.community import Community
from bot.knowledge.source import parse

TEMPLATES = Path(__file__).parents[2] / "templates"


def ids(name: str) -> frozenset[str]:
    lines = (TEMPLATES / "vocabulary" / name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    text = (TEMPLATES / "community.yaml").read_text("utf-8")
    return parse(text, Community, file="community.yaml").vocabulary()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue(current=ids("model_ids.txt"), past=ids("model_ids_past.txt"))
