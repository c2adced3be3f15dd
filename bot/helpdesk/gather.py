"""What is to be found out about arrivals before they are decided on: outside any transaction, within a budget.

What cannot be read in time comes later, as a change of its message.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.extraction.model_ids import find_model_ids
from bot.extraction.normalise import plain_view
from bot.helpdesk.arrivals import Arrival, Erased, Rewrote, ThreadErased, Wrote
from bot.helpdesk.ports import Facts, Live, Reader
from bot.posts import Attachment, ChannelId, Heard, MessageId, Role, UserId
from bot.triage.case import Case
from bot.triage.view import View

BUDGET_S = 2.0
#: Files of one message that are read.
MAX_FILES = 4
#: Characters of a message in which models are looked for; the rest only repeats them.
MAX_CHARACTERS = 16_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    arrivals: tuple[Arrival, ...]
    live: Live


class Gather:
    """`late` takes a message again, once its files are read. Without reader and facts there is nothing to wait for."""

    def __init__(
        self,
        *,
        reader: Reader | None = None,
        facts: Facts | None = None,
        late: Callable[[Arrival], None] = lambda _: None,
        budget_s: float = BUDGET_S,
    ) -> None:
        self._reader = reader
        self._facts = facts
        self._late = late
        self._budget_s = budget_s
        #: The newest reading of each message that is under way. An older one, or one of a message that is gone,
        #: must not bring back what was written then.
        self._reading: dict[MessageId, tuple[ChannelId, asyncio.Task[Arrival]]] = {}
        self._owed: set[asyncio.Task[Arrival]] = set()  # readings that came too late for their unit

    async def all(self, arrivals: Sequence[Arrival], case: Case | None, view: View) -> Gathered:
        """The same arrivals, with all that could be found out in time."""
        if self._reader is None and self._facts is None:
            return Gathered(arrivals=tuple(arrivals), live=Live())
        self._forget(arrivals)
        asker_id = _asker_of(arrivals, case)
        ends_at = asyncio.get_running_loop().time() + self._budget_s
        reading = {n: self._begin(a) for n, a in enumerate(arrivals) if self._has_files(a, asker_id)}
        models = _models(arrivals, view, asker_id) or _known(case)
        asked = asyncio.ensure_future(self._about(models))
        if reading:
            await asyncio.wait(reading.values(), timeout=self._budget_s)
        found = [self._taken(reading[n], a) if n in reading else a for n, a in enumerate(arrivals)]
        live = await _in_time(asked, ends_at)
        named = _models(found, view, asker_id)
        if not set(named) <= set(models):  # a file named one more
            live = await _in_time(asyncio.ensure_future(self._about(named)), ends_at)
        return Gathered(arrivals=tuple(found), live=live)

    async def idle(self) -> None:
        """Until nothing is being read; what was read late is handed in by then."""
        while self._reading:
            await asyncio.wait([task for _, task in self._reading.values()])

    async def stop(self) -> None:
        tasks = [task for _, task in self._reading.values()]
        self._reading.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _has_files(self, arrival: Arrival, asker_id: UserId | None) -> bool:
        """Only the asker's own files are looked at, and only where it still matters."""
        if self._reader is None or not isinstance(arrival, Wrote | Rewrote) or arrival.heard is Heard.TOO_LATE:
            return False
        post = arrival.post
        is_askers = post.author_id == asker_id and post.role is not Role.BOT
        return is_askers and any(map(_is_unread, post.attachments))

    def _begin(self, arrival: Arrival) -> "asyncio.Task[Arrival]":
        assert isinstance(arrival, Wrote | Rewrote)
        message_id = arrival.post.message_id
        task = asyncio.create_task(self._read(arrival))
        self._reading[message_id] = (arrival.thread_id, task)
        task.add_done_callback(lambda task: self._over(message_id, task))
        return task

    def _taken(self, task: "asyncio.Task[Arrival]", arrival: Arrival) -> Arrival:
        """The arrival as it was read; one that is still being read is handed in later."""
        if task.done():
            return task.result()
        self._owed.add(task)
        return arrival

    def _over(self, message_id: MessageId, task: "asyncio.Task[Arrival]") -> None:
        is_owed = task in self._owed and not task.cancelled()
        self._owed.discard(task)
        _, newest = self._reading.get(message_id, (None, None))
        if newest is task:
            del self._reading[message_id]
            if is_owed:
                self._late(_as_changed(task.result()))

    async def _read(self, arrival: Wrote | Rewrote) -> Arrival:
        files = arrival.post.attachments
        chosen = [file for file in files if _is_unread(file)][:MAX_FILES]
        texts = dict(zip(chosen, await asyncio.gather(*map(self._text, chosen)), strict=True))
        read = tuple(replace(file, text=texts.get(file, file.text)) for file in files)
        return replace(arrival, post=replace(arrival.post, attachments=read))

    async def _text(self, file: Attachment) -> str | None:
        assert self._reader is not None
        try:
            return await self._reader.read(file)
        except Exception:
            # What cannot be read must not keep the rest of the post from being judged.
            log.exception("a file could not be read")
            return None

    async def _about(self, models: Sequence[str]) -> Live:
        if self._facts is None:
            return Live()
        try:
            return await self._facts.about(models)
        except Exception:
            log.exception("live facts failed")
            return Live()

    def _forget(self, arrivals: Iterable[Arrival]) -> None:
        """What is gone, or changed again, is not brought back by a reading of what it was."""
        for arrival in arrivals:
            match arrival:
                case Erased(message_ids=message_ids):
                    gone = set(message_ids)
                case ThreadErased(thread_id=thread_id):
                    gone = {message_id for message_id, (thread, _) in self._reading.items() if thread == thread_id}
                case Rewrote(post=post):
                    gone = {post.message_id}
                case _:
                    continue
            for message_id in gone & self._reading.keys():
                _, task = self._reading.pop(message_id)
                task.cancel()


def _is_unread(file: Attachment) -> bool:
    """A forwarded picture may be somebody else's; a forwarded text was chosen to be read, as the words beside it."""
    return file.text is None and (file.is_text or (file.is_picture and not file.is_forwarded))


def _as_changed(arrival: Arrival) -> Arrival:
    """The message was decided on without its files; with them it counts as edited."""
    if not isinstance(arrival, Wrote):
        return arrival
    return Rewrote(guild_id=arrival.guild_id, thread_id=arrival.thread_id, post=arrival.post, heard=arrival.heard)


def _models(arrivals: Iterable[Arrival], view: View, asker_id: UserId | None) -> list[str]:
    """Models that the asker names, in the order in which they do."""
    found: list[str] = []
    for arrival in arrivals:
        if isinstance(arrival, Wrote | Rewrote) and arrival.post.author_id == asker_id:
            post = arrival.post
            text = "\n".join((post.title, post.text, *(file.text or "" for file in post.attachments)))
            models = find_model_ids(plain_view(text[:MAX_CHARACTERS]), view.knowledge.vocabulary, view.catalogue)
            found += [model.value for model in models]
    return list(dict.fromkeys(found))


def _known(case: Case | None) -> list[str]:
    """The model that the case is about so far."""
    model = case.known.get("model") if case is not None else None
    return [model] if model else []


def _asker_of(arrivals: Sequence[Arrival], case: Case | None) -> UserId | None:
    if case is not None:
        return case.asker_id
    return next((a.post.author_id for a in arrivals if isinstance(a, Wrote) and a.is_opener), None)


async def _in_time(asked: "asyncio.Future[Live]", ends_at: float) -> Live:
    left_s = max(0.0, ends_at - asyncio.get_running_loop().time())
    done, _ = await asyncio.wait({asked}, timeout=left_s)
    if done:
        return asked.result()
    asked.cancel()
    return Live()
