"""Whoever types is about to say more: what waits until the asker is quiet waits on, within its bounds."""

from datetime import timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Replies
from bot.posts import ChannelId, UserId


class Patience:
    def __init__(self, replies: Replies, mind: Mind, clock: Clock) -> None:
        self._replies = replies
        self._mind = mind
        self._clock = clock

    async def on_typing(self, thread_id: ChannelId, user_id: UserId) -> None:
        """Delivery looks at the old time, finds nothing due, and comes back at the new one."""
        policy = self._mind.view.policy
        quiet, patience = timedelta(seconds=policy.quiet_s), timedelta(seconds=policy.patience_s)
        await self._replies.prolong(thread_id, user_id, now=self._clock.now(), quiet=quiet, patience=patience)
