"""People who want no answers from Heron anywhere in a server. Only they themselves decide on it."""

from collections.abc import Callable

from bot.helpdesk.arrivals import TimePassed
from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import OptOuts
from bot.posts import GuildId, UserId
from bot.replies.message import Message

#: Of the look at a case in which something waited for whoever opted out.
OPTED_OUT = "opted-out"


class LeftAlone:
    def __init__(self, opt_outs: OptOuts, mind: Mind, clock: Clock, *, hear: Callable[[TimePassed], None]) -> None:
        self._opt_outs = opt_outs
        self._mind = mind
        self._clock = clock
        self._hear = hear

    async def mute(self, guild_id: GuildId, user_id: UserId, language: str) -> Message:
        """What was to be said to them and waits for its time is not said any more."""
        for case_id in await self._opt_outs.add(guild_id, user_id, now=self._clock.now()):
            self._hear(TimePassed(guild_id=guild_id, thread_id=case_id, kind=OPTED_OUT))
        return self._say("opted-out", language)

    async def unmute(self, guild_id: GuildId, user_id: UserId, language: str) -> Message:
        await self._opt_outs.remove(guild_id, user_id)
        return self._say("opted-in", language)

    def _say(self, name: str, language: str) -> Message:
        return Message(content=self._mind.templates.say(name, {}, language=language))
