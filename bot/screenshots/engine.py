"""The text recogniser itself. It is heavy, and what it is fed comes from strangers: it runs in a process of its own."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from bot.screenshots.rows import Piece, lines
from bot.screenshots.tiles import Pixels, Tile, tiles

#: Pixels of a picture that is read; two large screens side by side have 17 million.
MAX_PIXELS = 24_000_000
MAX_SIDE = 12_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
#: Characters of one picture that are told.
MAX_CHARACTERS = 8_000

_SETTINGS = {
    "Global.use_cls": False,  # it turned long lines upside down
    "Global.log_level": "critical",
    "Rec.rec_batch_num": 1,
    "Det.limit_type": "max",
    "Det.limit_side_len": 960,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # answers to others come first
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Unreadable(Exception):
    """No picture that is read here; its text says why."""


class Engine:
    def __init__(self) -> None:
        # Imported only here: it takes its time, and what it imports itself opens a socket.
        from rapidocr import RapidOCR

        self._recognise = RapidOCR(params=_SETTINGS)

    def read(self, data: bytes) -> tuple[str, ...]:
        """The lines of the picture, from top to bottom."""
        pieces = [piece for number, tile in enumerate(tiles(decoded(data))) for piece in self._pieces(tile, number)]
        told, length = [], 0
        for line in lines(pieces):
            length += len(line)
            if length > MAX_CHARACTERS:
                break
            told.append(line)
        return tuple(told)

    def _pieces(self, tile: Tile, region: int) -> list[Piece]:
        from rapidocr.utils.output import RapidOCROutput

        found = self._recognise(tile.pixels)
        if not isinstance(found, RapidOCROutput) or found.boxes is None or found.txts is None:
            return []
        pieces = []
        for box, text in zip(found.boxes, found.txts, strict=True):
            across, down = [float(x) for x, _ in box], [float(y) for _, y in box]
            pieces.append(
                Piece(
                    text=" ".join(text.split()),
                    left=min(across) / tile.scale + tile.left,
                    # A slanted line's box is higher than its letters.
                    top=(down[0] + down[1]) / 2 / tile.scale + tile.top,
                    right=max(across) / tile.scale + tile.left,
                    bottom=(down[2] + down[3]) / 2 / tile.scale + tile.top,
                    region=region,
                )
            )
        return [piece for piece in pieces if piece.text]


def decoded(data: bytes) -> Pixels:
    """Blue, green, red, as the recogniser wants them. Its size is known before a pixel is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            width, height = picture.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                raise Unreadable(f"{width}×{height} pixels are too many")
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in ("RGBA", "LA", "PA", "P"):
                upright = upright.convert("RGBA")
                ground = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(ground, upright)
            return np.ascontiguousarray(np.asarray(upright.convert("RGB"), dtype=np.uint8)[:, :, ::-1])
    except (OSError, ValueError, SyntaxError, Warning, MemoryError) as error:
        raise Unreadable(f"no picture: {type(error).__name__}") from None
