"""Which part of all servers a process serves. Discord itself splits them: each server lives on one shard."""

import re
from dataclasses import dataclass

from bot.posts import GuildId

_FORM = re.compile(r"(?P<ids>\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)/(?P<count>\d+)", re.ASCII)
#: More than any bot has, and few enough to list.
_MOST = 10_000


class BadShards(Exception):
    """What was written names no shards; the text says how they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """Some of `count` shards, by number from 0 on."""

    ids: tuple[int, ...]
    count: int

    @property
    def is_everything(self) -> bool:
        return len(self.ids) == self.count

    def owns(self, guild_id: GuildId) -> bool:
        return (guild_id >> 22) % self.count in self.ids

    @classmethod
    def parse(cls, text: str) -> "Shards":
        """`0/2`, `0-3/8` or `0,5-7/8`: shards, and how many there are together."""
        found = _FORM.fullmatch("".join(text.split()))
        if found is None:
            raise BadShards(f"--shards {text}: write numbers from 0 on and how many there are, as in 0/2 or 0-3,6/8")
        count = int(found["count"])
        if not 0 < count <= _MOST:
            raise BadShards(f"--shards {text}: there can be from 1 to {_MOST} shards")
        ids: set[int] = set()
        for piece in found["ids"].split(","):
            first, _, last = piece.partition("-")
            if not int(first) <= int(last or first) < count:
                raise BadShards(f"--shards {text}: of {count} shards the first is 0 and the last is {count - 1}")
            ids.update(range(int(first), int(last or first) + 1))
        return cls(ids=tuple(sorted(ids)), count=count)

    def __str__(self) -> str:
        return f"{','.join(map(str, self.ids))}/{self.count}"


#: One process for all servers; on how many shards Discord is asked for, it advises.
EVERYTHING = Shards(ids=(0,), count=1)
