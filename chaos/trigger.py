"""When the next blow falls: some time after the start, or in the middle of a call, before its answer leaves."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bot.playground import Exchange
from bot.playground.model import Payload

MESSAGES = "/channels/{channel_id}/messages"
ONE_MESSAGE = "/channels/{channel_id}/messages/{message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """After so many calls of this kind were done; without a kind, so many seconds after a connection is there."""

    name: str
    call: tuple[str, str] | None = None
    count: int = 1
    after_s: float = 0.0
    is_while_starting: bool = False  # the seconds count from the start of the process


def choose(chance: Random) -> Moment:
    match chance.randrange(8):
        case 0:
            return Moment(name="while it starts", after_s=chance.uniform(0.3, 2.0), is_while_starting=True)
        case 1:
            return Moment(name="just connected", after_s=chance.uniform(0.0, 0.5))
        case 2 | 3:
            return Moment(name="sent, not told", call=("POST", MESSAGES), count=chance.randint(1, 5))
        case 4:
            return Moment(name="changed, not told", call=("PATCH", ONE_MESSAGE), count=chance.randint(1, 2))
        case 5:
            return Moment(name="while it looks", call=("GET", MESSAGES), count=chance.randint(1, 20))
        case _:
            return Moment(name="while it works", after_s=chance.uniform(0.5, 3.0))


class Trigger:
    """An observer of the playground: it sees each call when its work is done and its answer is still to be sent."""

    def __init__(self, strike: Callable[[int | None], None], called: Callable[[Exchange], None]) -> None:
        self._strike = strike
        self._called = called
        self._moment: Moment | None = None
        self._left = 0
        self.struck = asyncio.Event()

    def arm(self, moment: Moment) -> None:
        self.struck.clear()
        self._moment, self._left = moment, moment.count

    def pull(self, channel_id: int | None = None) -> None:
        """Now; in whoever makes a call about this channel, if that is known."""
        self._moment = None
        self._strike(channel_id)
        self.struck.set()

    def exchanged(self, exchange: Exchange) -> None:
        self._called(exchange)
        if self._moment is None or self._moment.call != (exchange.method, exchange.route):
            return
        self._left -= 1
        if self._left == 0:
            self.pull(int(exchange.path.split("/")[2]))

    def dispatched(self, event: str, data: Payload) -> None: ...
