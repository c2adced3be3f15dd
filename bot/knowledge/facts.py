"""Named values that articles state: limits, windows, pages; each with its source and how long it counts as true."""

from collections.abc import Mapping
from datetime import date

from pydantic import RootModel

from bot.knowledge.articles import Strict


class Fact(Strict):
    value: int | float | str
    source: str  # where it was read
    checked: date
    expires: date | None = None  # to be looked up again by then

    def has_expired(self, today: date) -> bool:
        return self.expires is not None and self.expires < today


class FactsFile(RootModel[Mapping[str, Fact]]):
    """`facts.yaml`: name -> fact."""
