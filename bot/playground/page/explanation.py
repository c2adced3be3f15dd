"""What the page can show about why a bot did what it did. The bot's side fills it in; the playground only draws it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Characters `start` to `end` of the text that was read, and what they were taken for."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    name: str
    confidence: float  # 0 to 1
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One decision about a thread."""

    actions: str
    reason: str
    text: str = ""  # as it was read
    marks: tuple[Mark, ...] = ()
    ranking: tuple[Ranked, ...] = ()
