"""A fake key of full length, and readers with the shipped vocabulary as plain functions."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

#: 64 characters behind the prefix, as a real key has; visibly fake.
FAKE_TAIL = "FAKE0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7"
FAKE_KEY = f"sk-or-v1-{FAKE_TAIL}"
FAKE_USER = "user_2FAKEx7Qm4Zt9Lc1Vb6Nd3Hs8K"


def strings_in(value: object) -> Iterator[str]:
    """Every string in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings_in(key)
            yield from strings_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_in(inner)
