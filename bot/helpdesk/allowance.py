"""How often somebody did or got something lately: remembered for few people, forgotten by itself."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.posts import GuildId, UserId

#: People who are remembered; of more than that those go first who were not heard of for longest.
MOST_PEOPLE = 5_000


class Allowance:
    """In one process: a server belongs to one, and a restart may be generous once."""

    def __init__(self, *, most: int, within: timedelta) -> None:
        self._most = most
        self._within = within
        self._taken: OrderedDict[tuple[GuildId, UserId], deque[datetime]] = OrderedDict()

    def used(self, guild_id: GuildId, user_id: UserId, now: datetime) -> int:
        """At most as many as there are."""
        taken = self._taken.get((guild_id, user_id), ())
        return sum(now - self._within < at <= now for at in taken)

    def take(self, guild_id: GuildId, user_id: UserId, now: datetime) -> bool:
        """Whether there was one left; what is taken beyond that does not count."""
        if self.used(guild_id, user_id, now) >= self._most:
            return False
        taken = self._taken.setdefault((guild_id, user_id), deque(maxlen=self._most))
        taken.append(now)
        self._taken.move_to_end((guild_id, user_id))
        while len(self._taken) > MOST_PEOPLE:
            self._taken.popitem(last=False)
        return True
