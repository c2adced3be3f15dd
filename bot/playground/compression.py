"""Transport compression of the gateway: one stream per connection, flushed after every frame."""

import importlib
import zlib
from collections.abc import Callable
from contextlib import suppress

Compressor = Callable[[bytes], bytes]


class UnknownCompressionError(Exception):
    pass


def compressor(name: str | None) -> Compressor | None:
    """None for plain text frames."""
    if name is None:
        return None
    if name == "zlib-stream":
        return _zlib()
    if name == "zstd-stream":
        return _zstd()
    raise UnknownCompressionError(name)


def _zlib() -> Compressor:
    stream = zlib.compressobj()
    return lambda frame: stream.compress(frame) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd() -> Compressor:
    # The same two modules, in the same order, in which discord.py looks before it asks for zstd.
    with suppress(ImportError):
        zstandard = importlib.import_module("zstandard")
        legacy, block = zstandard.ZstdCompressor().compressobj(), zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda frame: bytes(legacy.compress(frame) + legacy.flush(block))
    with suppress(ImportError):
        stream = importlib.import_module("compression.zstd").ZstdCompressor()
        return lambda frame: bytes(stream.compress(frame, stream.FLUSH_BLOCK))
    raise UnknownCompressionError("zstd-stream")
