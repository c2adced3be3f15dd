"""Where a large picture has something to read: busy regions, cut out so small that letters stay large enough.

Runs in the reading process only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

#: Pictures up to this many pixels a side are read as they are.
PLAIN_SIDE = 1000
MAX_TILE = 960
#: Small letters are found and read better enlarged.
ENLARGED = 1.5
#: Regions that are read at most; the largest first.
MAX_TILES = 10
_MARGIN = 12
#: Letters of one line, and lines of one paragraph, grow together over this many pixels.
_REACH = (45, 21)
_CONTRAST = 18
#: Smaller regions hold no word.
_MIN_WIDTH, _MIN_HEIGHT = 16, 7
#: Regions that are looked at; a photograph has thousands of specks.
_MAX_REGIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A piece of the picture, how much it was enlarged, and where it was cut out."""

    pixels: Pixels
    scale: float
    left: int
    top: int


class Region(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def longest(self) -> int:
        return max(self.right - self.left, self.bottom - self.top)

    def with_(self, other: "Region") -> "Region":
        return Region(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def shared_with(self, other: "Region") -> int:
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, width) * max(0, height)


def tiles(picture: Pixels) -> list[Tile]:
    """The largest ones, from top to bottom; a small picture is a tile itself."""
    height, width = picture.shape[:2]
    if max(height, width) <= PLAIN_SIDE:
        return [Tile(pixels=picture, scale=1.0, left=0, top=0)]
    pieces = [piece for region in _regions(picture) for piece in _pieces(region)]
    largest = sorted(pieces, key=lambda piece: -piece.area)[:MAX_TILES]
    return [_cut(picture, piece) for piece in sorted(largest, key=lambda piece: (piece.top, piece.left))]


def _regions(picture: Pixels) -> list[Region]:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    edges = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    busy = (edges > _CONTRAST).astype(np.uint8)
    grown = cv2.dilate(busy, cv2.getStructuringElement(cv2.MORPH_RECT, _REACH))
    count, _, stats, _ = cv2.connectedComponentsWithStats(grown)
    found = [
        Region(int(left), int(top), int(left + width), int(top + height))
        for left, top, width, height, _ in stats[1:count]
        if width - _REACH[0] >= _MIN_WIDTH - 1 and height - _REACH[1] >= _MIN_HEIGHT - 1
    ]
    return _joined(sorted(found, key=lambda region: -region.area)[:_MAX_REGIONS])


def _joined(regions: list[Region]) -> list[Region]:
    """Regions that lie in each other are one; so are those that fit into one tile with little else in it."""
    joined: list[Region] = []
    for region in regions:
        for place, other in enumerate(joined):
            both = region.with_(other)
            is_inside = region.shared_with(other) >= 0.8 * region.area
            if is_inside or (both.longest <= MAX_TILE and both.area <= 1.6 * (region.area + other.area)):
                joined[place] = both
                break
        else:
            joined.append(region)
    return joined


def _pieces(region: Region) -> Iterator[Region]:
    """A region too high for a tile is cut, with an overlap; lines that lie in it are read twice and told once."""
    step = MAX_TILE - 4 * _MARGIN
    for top in range(region.top, region.bottom, step):
        yield region._replace(top=top, bottom=min(region.bottom, top + MAX_TILE))
        if top + MAX_TILE >= region.bottom:
            return


def _cut(picture: Pixels, piece: Region) -> Tile:
    height, width = picture.shape[:2]
    left, top = max(0, piece.left - _MARGIN), max(0, piece.top - _MARGIN)
    pixels = picture[top : min(height, piece.bottom + _MARGIN), left : min(width, piece.right + _MARGIN)]
    scale = ENLARGED if piece.longest <= MAX_TILE else 1.0
    if scale != 1.0:
        enlarged = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        pixels = np.asarray(enlarged, dtype=np.uint8)
    return Tile(pixels=np.ascontiguousarray(pixels), scale=scale, left=left, top=top)
