"""Locks beside a SQLite database: `flock` on a file for each shard, freed by the kernel when its process is gone."""

import asyncio
import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.storage.engine import DatabaseError
from bot.storage.locks import Holder, free_ones


class FileLocks:
    """`Locks`. The files stay when nobody holds them: a lock on a file that was deleted would lock nothing."""

    def __init__(self, database: Path) -> None:
        # Two names of one database must lead to the same files.
        self._database = database.resolve()
        self._held: dict[Path, int] = {}
        self.lost = asyncio.Event()

    async def take(self, ids: Sequence[int], *, count: int, all_of_them: bool, who: str) -> tuple[int, ...]:
        await self.release()
        try:
            return self._take(ids, count=count, all_of_them=all_of_them, who=who)
        except OSError as error:
            raise DatabaseError(f"{self._database} cannot be locked: {error.strerror}; is its folder ours?") from error

    def _take(self, ids: Sequence[int], *, count: int, all_of_them: bool, who: str) -> tuple[int, ...]:
        self._database.parent.mkdir(parents=True, exist_ok=True)
        with self._one_at_a_time():
            taken = free_ones(ids, self._holders(), count=count, all_of_them=all_of_them)
            for shard in taken:
                path = self._database.with_name(f"{self._database.name}.shard-{shard}-of-{count}.lock")
                descriptor = _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{who}\n".encode(), 0)
                self._held[path] = descriptor
        return taken

    async def check(self) -> None:
        """Somebody may have deleted the files or replaced the folder; a lock on what is left then keeps nobody out."""
        if not all(_is_at(path, descriptor) for path, descriptor in self._held.items()):
            self.lost.set()

    async def release(self) -> None:
        for descriptor in self._held.values():
            os.close(descriptor)
        self._held.clear()
        self.lost.clear()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Looking and taking is one step; nobody stays in here, so waiting for it takes no time."""
        descriptor = _locked(self._database.with_name(f"{self._database.name}.lock"), fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _holders(self) -> Sequence[Holder]:
        return sorted(self._found(), key=lambda holder: (holder.count, holder.shard))

    def _found(self) -> Iterator[Holder]:
        name = re.compile(re.escape(self._database.name) + r"\.shard-(\d+)-of-(\d+)\.lock")
        for path in self._database.parent.iterdir():
            if (found := name.fullmatch(path.name)) is None:
                continue
            try:
                os.close(_locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB))
            except BlockingIOError:
                who = path.read_text("utf-8", "replace").strip()
                yield Holder(shard=int(found[1]), count=int(found[2]), who=who)


def _locked(path: Path, how: int) -> int:
    """A descriptor of the file, locked; raises `BlockingIOError`. No child process inherits it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, how)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False
