"""How the desk catches up with a thread: it is looked at, and what was missed there becomes arrivals."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.helpdesk.arrivals import Arrival, ThreadErased
from bot.helpdesk.late import LatePace
from bot.helpdesk.reconcile import Bounds, Seen, missed
from bot.helpdesk.threads import OwnMessage, Place, ThreadGone
from bot.triage.case import Case
from bot.triage.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look brought to light, and the messages of Heron's that stand there."""

    arrivals: Sequence[Arrival]
    own: Sequence[OwnMessage] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    look: Callable[[Place], Awaitable[Seen]]  # raises `NotDone`
    failed: Callable[[Place], None]  # work on a thread did not come to its end
    bounds: Bounds = field(default_factory=Bounds)
    pace: LatePace = field(default_factory=LatePace)

    async def find(self, place: Place, case: Case | None, view: View) -> Found:
        try:
            seen = await self.look(place)
        except ThreadGone:
            return Found(arrivals=(ThreadErased(guild_id=place.guild_id, thread_id=place.channel_id),))
        for post in seen.posts:
            self.pace.somebody_wrote(place.guild_id, post.at)
        return Found(arrivals=missed(place, seen, case, view, self.bounds), own=seen.own)
