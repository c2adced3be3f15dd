"""When late answers go out: so many a minute at most, so that nobody finds a forum full of them, unless it is quiet."""

from collections import deque
from datetime import datetime, timedelta

from bot.posts import GuildId

_MINUTE = timedelta(minutes=1)


class LatePace:
    def __init__(self, *, per_minute: int | None = 10, quiet_after: timedelta = timedelta(minutes=10)) -> None:
        """Without `per_minute` there is no limit."""
        self._per_minute = per_minute
        self._quiet_after = quiet_after
        self._taken: dict[GuildId, deque[datetime]] = {}
        self._last_word: dict[GuildId, datetime] = {}

    def somebody_wrote(self, guild_id: GuildId, at: datetime) -> None:
        self._last_word[guild_id] = max(at, self._last_word.get(guild_id, at))

    def wait_s(self, guild_id: GuildId, now: datetime) -> float:
        """Until the next one may go out."""
        taken = self._taken.get(guild_id)
        if self._per_minute is None or taken is None or len(taken) < self._per_minute or self._is_quiet(guild_id, now):
            return 0.0
        return max(0.0, (taken[0] + _MINUTE - now).total_seconds())

    def take(self, guild_id: GuildId, at: datetime) -> None:
        """One goes out at that moment."""
        if self._per_minute is not None:
            self._taken.setdefault(guild_id, deque(maxlen=self._per_minute)).append(at)

    def _is_quiet(self, guild_id: GuildId, now: datetime) -> bool:
        last_word = self._last_word.get(guild_id)
        return last_word is None or now - last_word >= self._quiet_after
