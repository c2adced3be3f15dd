"""Pieces of text with their places → the lines of a picture, in the order in which people read them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

#: Between cells of one row: a table's columns, a label and its value.
GAP = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that was recognised, and where. `region` tells windows that stand side by side apart."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    region: int = 0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def lines(pieces: Sequence[Piece]) -> tuple[str, ...]:
    rows: list[list[Piece]] = []
    for piece in sorted(_once(pieces), key=lambda p: (p.region, p.middle)):
        if rows and _is_beside(piece, rows[-1]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return tuple(_told(row) for row in rows)


def _is_beside(piece: Piece, row: list[Piece]) -> bool:
    last = row[-1]
    if piece.region != last.region or abs(piece.middle - last.middle) >= 0.5 * min(piece.height, last.height):
        return False
    return all(piece.left >= other.right - 4 or piece.right <= other.left + 4 for other in row)


def _told(row: list[Piece]) -> str:
    row = sorted(row, key=lambda piece: piece.left)
    told = row[0].text
    for before, piece in pairwise(row):
        is_near = piece.left - before.right < 0.6 * piece.height
        told += (" " if is_near else GAP) + piece.text
    return told


def _once(pieces: Sequence[Piece]) -> list[Piece]:
    """Where tiles overlap a line is read twice; the longer reading counts, in the place of the first."""
    kept: list[Piece] = []
    for piece in pieces:
        twin = next((n for n, other in enumerate(kept) if _overlap(piece, other)), None)
        if twin is None:
            kept.append(piece)
        elif len(piece.text) > len(kept[twin].text):
            kept[twin] = replace(piece, region=kept[twin].region)
    return kept


def _overlap(one: Piece, other: Piece) -> bool:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min(one.right - one.left, other.right - other.left)
    return one.region != other.region and width > 0.5 * smaller and height > 0.5 * min(one.height, other.height)
