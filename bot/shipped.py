"""Where the folders are that come with Heron: beside `bot/` in a checkout, inside it when installed from a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped_folder(name: str) -> Path:
    """`templates` or `migrations`, as an absolute path."""
    packed = _PACKAGE / "shipped_files" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
