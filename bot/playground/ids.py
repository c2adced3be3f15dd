"""Snowflakes as Discord makes them: milliseconds, then a machine, then a counter. The clock is handed in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_COUNTER_BITS = 12


class Snowflakes:
    """Ids that only grow, and that repeat for the same seed and the same clock."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._machine = (seed & 0x3FF) << _COUNTER_BITS
        self._last = 0

    def next(self) -> int:
        # Milliseconds and counter are one number, so a full counter spills into the next millisecond and a clock
        # that stands still or goes back never repeats an id.
        now = milliseconds(self._clock()) << _COUNTER_BITS
        self._last = max(self._last + 1, now)
        return self._compose(self._last)

    def at(self, moment_ms: int) -> int:
        return self._compose(moment_ms << _COUNTER_BITS)

    def _compose(self, ticks: int) -> int:
        counter = ticks & ((1 << _COUNTER_BITS) - 1)
        return ((ticks >> _COUNTER_BITS) << 22) | self._machine | counter


def milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // _MILLISECOND


def created_at(snowflake: int) -> datetime:
    return EPOCH + timedelta(milliseconds=snowflake >> 22)


def shard_of(guild_id: int, shard_count: int) -> int:
    return (guild_id >> 22) % shard_count
