"""A gateway session: what it asked for, what it was told, and what it has missed. It outlives its connections."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.playground import intents as intents_
from bot.playground.ids import shard_of
from bot.playground.intents import Intent
from bot.playground.model import HIDDEN_TEXT, Payload
from bot.playground.world import Event


class Outlet(Protocol):
    """Where frames go while a connection is up."""

    def send(self, frame: str) -> None: ...


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    id: str
    intents: int
    shard: tuple[int, int]
    bot_id: int
    kept: int
    watch: Callable[[str, Payload], None]
    outlet: Outlet | None = None
    sequence: int = 0
    _told: deque[tuple[int, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._told = deque(maxlen=self.kept)

    def holds(self, guild_id: int) -> bool:
        shard_id, shard_count = self.shard
        return shard_of(guild_id, shard_count) == shard_id

    def tell(self, event: Event) -> None:
        if self.holds(event.guild_id) and intents_.wants(self.intents, event.name):
            self.dispatch(event.name, self._readable(event))

    def dispatch(self, name: str, data: Payload) -> None:
        self.sequence += 1
        self.watch(name, data)
        frame = json.dumps({"t": name, "s": self.sequence, "op": 0, "d": data}, separators=(",", ":"))
        self._told.append((self.sequence, frame))
        if self.outlet is not None:
            self.outlet.send(frame)

    def can_replay_after(self, sequence: int) -> bool:
        oldest = self._told[0][0] if self._told else self.sequence + 1
        return oldest <= sequence + 1

    def missed_after(self, sequence: int) -> list[str]:
        return [frame for number, frame in self._told if number > sequence]

    def _readable(self, event: Event) -> Payload:
        message = event.message
        if message is None or message.is_open_to(self.bot_id) or self.intents & Intent.MESSAGE_CONTENT:
            return event.data
        return event.data | HIDDEN_TEXT
