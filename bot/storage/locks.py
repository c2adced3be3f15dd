"""Who serves which shards: one process each. A lock dies with its process, so there is no lease and no clock in it.

The lock stands where the cases stand. `file_locks` keeps it beside a SQLite database, `server_locks` on a connection to
PostgreSQL; here is what both have in common.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    shard: int
    count: int
    who: str

    def __str__(self) -> str:
        return f"shard {self.shard} of {self.count} is served by process {self.who}"


class ShardsHeld(Exception):
    """Another process serves what was asked for, or splits the servers in another way."""

    def __init__(self, holders: Sequence[Holder]) -> None:
        super().__init__("\n".join(map(str, holders)))
        self.holders = tuple(holders)


class Locks(Protocol):
    """`lost` is set when what was taken is ours no longer, at the latest by `check`."""

    lost: asyncio.Event

    async def take(self, ids: Sequence[int], *, count: int, all_of_them: bool, who: str) -> tuple[int, ...]:
        """Those that are ours from now on; raises `ShardsHeld`, `DatabaseAway` or `DatabaseError`.

        What was held before is given up. `who` is for the person who asks why a second process does not start.
        """
        ...

    async def check(self) -> None: ...

    async def release(self) -> None: ...


def free_ones(ids: Sequence[int], held: Sequence[Holder], *, count: int, all_of_them: bool) -> tuple[int, ...]:
    """What may be taken; raises `ShardsHeld`. Another way to split the servers leaves nothing free."""
    in_the_way = [holder for holder in held if holder.count != count or holder.shard in ids]
    taken = {holder.shard for holder in in_the_way}
    free = tuple(shard for shard in ids if shard not in taken)
    is_split_otherwise = any(holder.count != count for holder in in_the_way)
    if is_split_otherwise or not free or (all_of_them and in_the_way):
        raise ShardsHeld(in_the_way)
    return free
