"""What staff is told when Heron cannot do its work: once a place and cause, never for every reply."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.threads import Busy, NotDone, Place, Threads, Unclear
from bot.knowledge.source import Problem
from bot.posts import ChannelId, GuildId
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import Message

log = logging.getLogger(__name__)

#: Names of messages; the first letters stand in the nonce.
NOT_ALLOWED = "staff-not-allowed"
NOT_DELIVERED = "staff-not-delivered"

#: Places and causes of which it is remembered that they were told. What was forgotten may be told once more.
MOST_REMEMBERED = 1_000
#: Notices of one server in an hour; cards have the rest of what its channel takes.
MOST_AN_HOUR = 2
HOUR = timedelta(hours=1)
#: Characters of a list of problems; what does not fit is counted.
_LIST = 1_500


class Notices:
    def __init__(
        self, threads: Threads, mind: Mind, moderators_of: Callable[[GuildId], ChannelId | None], *, clock: Clock
    ) -> None:
        self._threads = threads
        self._clock = clock
        self._told_at: dict[GuildId, deque[datetime]] = {}
        self._mind = mind
        self._moderators_of = moderators_of
        self._told: dict[tuple[str, ChannelId], None] = {}  # in the order in which it was told

    async def tell(self, name: str, place: Place, *, about: ChannelId, reason: str) -> None:
        if (name, about) in self._told or not self._has_room(place.guild_id):
            return
        self._told[name, about] = None
        if len(self._told) > MOST_REMEMBERED:
            del self._told[next(iter(self._told))]
        content = self._mind.templates.say(name, {"place": Reviewed(f"<#{about}>"), "reason": reason})
        # The nonce is the same for whoever has the same to say, so a restart within minutes does not say it again.
        if not await self._say(place.guild_id, Message(content=content), nonce=f"{name[6:9]}-{about}"):
            self._told.pop((name, about), None)

    def _has_room(self, guild_id: GuildId) -> bool:
        """A night on which nothing can be delivered fills the log, not the channel. What is not told may be later."""
        now, told_at = self._clock.now(), self._told_at.setdefault(guild_id, deque(maxlen=MOST_AN_HOUR))
        if len(told_at) == MOST_AN_HOUR and timedelta() <= now - told_at[0] < HOUR:
            return False
        told_at.append(now)
        return True

    async def templates_refused(self, guild_id: GuildId, problems: Sequence[Problem]) -> bool:
        """False when it is worth another try."""
        digest = blake2b("\n".join(map(str, problems)).encode(), digest_size=8).hexdigest()
        return await self._say(guild_id, refusal(problems, self._mind.templates), nonce=f"tem-{digest}")

    def forget(self, about: ChannelId) -> None:
        """What was wrong there may be mended; a new failure is news again."""
        self._told = {entry: None for entry in self._told if entry[1] != about}

    async def _say(self, guild_id: GuildId, message: Message, *, nonce: str) -> bool:
        channel = self._moderators_of(guild_id)
        if channel is None:
            return True
        try:
            await self._threads.send(
                Place(guild_id=guild_id, channel_id=channel), message, nonce=nonce, question_id=None
            )
        except NotDone as no:
            log.warning("staff of server %s could not be told (%s): %s", guild_id, nonce, no)
            return not isinstance(no, Busy | Unclear)
        return True


def refusal(problems: Sequence[Problem], templates: Templates) -> Message:
    """That changed templates were not taken over, and what to mend where."""
    lines = [templates.say("staff-templates-refused", {})]
    for number, problem in enumerate(problems):
        fault = f"{problem.key}: {problem.message}" if problem.key else problem.message
        values = {"file": f"{problem.file}:{problem.line}", "fault": fault, "cure": problem.cure}
        line = templates.say("staff-templates-fault", values)
        if number and sum(map(len, [*lines, line])) > _LIST:
            lines.append(templates.say("staff-templates-more", {"more": len(problems) - number}))
            break
        lines.append(line)
    return Message(content="\n".join(lines))
