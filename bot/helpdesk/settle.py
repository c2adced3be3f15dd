"""Makes one wanted reply true: sent, changed or taken away, and what becomes of it when Discord says no."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.notices import NOT_ALLOWED, NOT_DELIVERED, Notices
from bot.helpdesk.ports import Message, Replies, WantedReply
from bot.helpdesk.reconcile import own_message
from bot.helpdesk.threads import (
    Busy,
    MessageGone,
    NotAllowed,
    NotDone,
    Place,
    QuestionGone,
    ThreadClosed,
    ThreadGone,
    Threads,
    Unclear,
    Unsettled,
    Uploading,
)
from bot.posts import ChannelId, MessageId

log = logging.getLogger(__name__)

MAX_TRIES = 8
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 120.0


class Settler:
    def __init__(
        self,
        *,
        replies: Replies,
        threads: Threads,
        notices: Notices,
        clock: Clock,
        random: Callable[[], float],  # between 0 and 1
    ) -> None:
        self._replies = replies
        self._threads = threads
        self._notices = notices
        self._clock = clock
        self._random = random
        self._started_at = clock.now()
        self._shut: set[ChannelId] = set()

    def reopen(self, forum_id: ChannelId) -> None:
        """Permissions may have changed there."""
        self._shut.discard(forum_id)
        self._notices.forget(forum_id)

    async def settle(self, row: WantedReply) -> bool:
        """Whether nothing is left to be done for it; else it has to be read again."""
        place = Place(guild_id=row.guild_id, channel_id=row.channel_id)
        forum_id = self._threads.forum_of(place)
        if forum_id in self._shut:
            await self._give_up(row, "a permission is missing in this forum")
            return True
        try:
            return await self._make_true(row, place)
        except (ThreadGone, QuestionGone):
            return await self._is_now(row, None)
        except NotAllowed as no:
            self._shut.add(forum_id)
            await self._give_up(row, str(no))
            await self._notices.tell(NOT_ALLOWED, place, about=forum_id, reason=str(no))
        except ThreadClosed as no:
            # Closed meanwhile: people are done with it, and nothing is wrong.
            await self._give_up(row, str(no))
        except (Busy, Unclear) as no:
            return await self._try_again(row, place, no)
        except NotDone as no:
            await self._give_up(row, str(no))
            await self._notices.tell(NOT_DELIVERED, place, about=row.channel_id, reason=str(no))
        return True

    async def _make_true(self, row: WantedReply, place: Place) -> bool:
        message_id = row.message_id
        if message_id is None and self._may_stand_already(row):
            message_id = await self._found(row, place)
        if not row.is_wanted or row.body is None:
            return await self._remove(row, place, message_id)
        if message_id is None:
            return await self._post(row, place, row.body)
        return await self._correct(row, place, message_id, row.body)

    async def _found(self, row: WantedReply, place: Place) -> MessageId | None:
        """The message that stands for this row; raises `Unsettled` when nobody can tell whether there is one."""
        recent = await self._threads.recent(place)
        found = own_message(recent.own, row.key, row.question_id, row.body)
        if found is None and row.question_id is not None:
            # It may have been sent in other words, before its question was edited.
            bare = [m for m in recent.own if m.answers == row.question_id and not m.custom_ids]
            claimed = await self._replies.standing(row.channel_id) if bare else frozenset()
            found = next((message for message in bare if message.message_id not in claimed), None)
        if found is None and not recent.reaches(row.question_id):
            raise Unsettled("so much was written since that nobody can tell whether it stands")
        return found.message_id if found else None

    def _may_stand_already(self, row: WantedReply) -> bool:
        """A try whose outcome nobody knows came before: in this process, or in one that ended before it could say."""
        return row.attempts > 0 or row.not_before < self._started_at

    async def _remove(self, row: WantedReply, place: Place, message_id: MessageId | None) -> bool:
        if message_id is not None:
            with suppress(MessageGone):
                await self._threads.delete(place, message_id)
        return await self._is_now(row, None)

    async def _post(self, row: WantedReply, place: Place, body: Message) -> bool:
        sent = await self._threads.send(place, body, nonce=row.key, question_id=row.question_id)
        if row.question_id is not None and sent.answers is None:
            # The question went while we answered. Its deletion reaches the case as an event of its own.
            return await self._remove(row, place, sent.message_id)
        if not sent.shows(body):  # the nonce brought back an older revision of it
            await self._threads.edit(place, sent.message_id, body)
        is_over = await self._is_now(row, sent.message_id)
        if row.case_id is None:
            await self._pin(place, sent.message_id)
        return is_over

    async def _pin(self, place: Place, message_id: MessageId) -> None:
        """The desk is found by its pin; without the permission for it, it only has to be looked for."""
        try:
            await self._threads.pin(place, message_id)
        except NotDone as no:
            log.warning("the desk in %s is not pinned: %s", place.channel_id, no)

    async def _correct(self, row: WantedReply, place: Place, message_id: MessageId, body: Message) -> bool:
        with suppress(MessageGone):  # Somebody took it down, and had their reason: it is not put up again.
            await self._threads.edit(place, message_id, body)
        return await self._is_now(row, message_id)

    async def _is_now(self, row: WantedReply, message_id: MessageId | None) -> bool:
        return await self._replies.delivered(row.key, revision=row.want_revision, message_id=message_id)

    async def _give_up(self, row: WantedReply, reason: str) -> None:
        log.warning("reply %s in %s is given up: %s", row.key, row.channel_id, reason)
        await self._replies.failed(row.key, retry_at=None, reason=reason)

    async def _try_again(self, row: WantedReply, place: Place, no: Busy | Unclear) -> bool:
        if row.attempts + 1 < MAX_TRIES:
            await self._replies.failed(row.key, retry_at=self._next_try(row.attempts, no), reason=str(no))
            return False
        await self._give_up(row, f"{no}; tried {MAX_TRIES} times")
        if not isinstance(no, Uploading):  # files that never arrive are the asker's affair
            await self._notices.tell(NOT_DELIVERED, place, about=row.channel_id, reason=str(no))
        return True

    def _next_try(self, attempts: int, no: Busy | Unclear) -> datetime:
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempts) * (0.5 + self._random() / 2)
        asked_s = no.after_s if isinstance(no, Busy) else 0.0
        return self._clock.now() + timedelta(seconds=max(pause_s, asked_s))
