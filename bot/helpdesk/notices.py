"""What staff is told when Heron cannot do its work somewhere: once a place and cause, never for every reply."""

import logging
from collections.abc import Callable

from bot.helpdesk.threads import Busy, NotDone, Place, Threads, Unclear
from bot.posts import ChannelId, GuildId
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import Message
from bot.replies.render import render
from bot.triage.plans import Buttons, ReplyPlan, Words

log = logging.getLogger(__name__)

#: Names of messages; the first letters stand in the nonce.
NOT_ALLOWED = "staff-not-allowed"
NOT_DELIVERED = "staff-not-delivered"


class Notices:
    def __init__(
        self, threads: Threads, templates: Templates, moderators_of: Callable[[GuildId], ChannelId | None]
    ) -> None:
        self._threads = threads
        self._templates = templates
        self._moderators_of = moderators_of
        self._told: set[tuple[str, ChannelId]] = set()

    async def tell(self, name: str, place: Place, *, about: ChannelId, reason: str) -> None:
        if (name, about) in self._told:
            return
        self._told.add((name, about))
        channel = self._moderators_of(place.guild_id)
        if channel is None:
            return
        # The nonce is the same for whoever has the same to say, so a restart within minutes does not say it again.
        nonce = f"{name[6:9]}-{about}"
        try:
            await self._threads.send(
                Place(guild_id=place.guild_id, channel_id=channel),
                self._message(name, about, reason),
                nonce=nonce,
                question_id=None,
            )
        except NotDone as no:
            log.warning("staff could not be told of channel %s: %s", about, no)
            if isinstance(no, Busy | Unclear):  # with the next failure it may go
                self._told.discard((name, about))

    def forget(self, about: ChannelId) -> None:
        """What was wrong there may be mended; a new failure is news again."""
        self._told = {entry for entry in self._told if entry[1] != about}

    def _message(self, name: str, about: ChannelId, reason: str) -> Message:
        words = Words(name=name, values={"place": Reviewed(f"<#{about}>"), "reason": reason})
        plan = ReplyPlan(parts=(words,), buttons=Buttons.NONE, language="en", has_footer=False)
        return render(plan, key="", words=lambda _: None, templates=self._templates)
