"""The loop behind the wanted replies: what it starts, how much at a time, and when it sleeps."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.helpdesk.deliver import MAX_AT_ONCE, REST, Delivery
from bot.helpdesk.notices import Notices
from bot.helpdesk.ports import Pending, WantedReply
from bot.helpdesk.settle import Settler
from bot.helpdesk.threads import Unclear
from bot.posts import ChannelId, GuildId, MessageId
from tests.helpdesk.fakes import GUILD, KEY, FakeReplies, FakeThreads, HandClock, body, wanted
from tests.shipped_knowledge import NOW
from tests.tiny_knowledge import tiny

SECOND = timedelta(seconds=1)


class Works:
    def __init__(self, *rows: WantedReply, replies: FakeReplies | None = None) -> None:
        self.clock = HandClock()
        self.threads = FakeThreads()
        self.replies = replies or FakeReplies(*rows)
        notices = Notices(self.threads, tiny().mind, lambda _: None, clock=self.clock)
        settler = Settler(
            replies=self.replies, threads=self.threads, notices=notices, clock=self.clock, random=lambda: 1.0
        )
        self.delivery = Delivery(self.replies, settler, guild_ids=lambda: [GUILD], clock=self.clock)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.delivery.run())
        try:
            async with asyncio.timeout(5):
                yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def until(is_true: Callable[[], bool]) -> None:
    """Lets the loop turn until it is."""
    for _ in range(10_000):
        if is_true():
            return
        await asyncio.sleep(0)
    raise TimeoutError


def rows_of_cases(number: int) -> list[WantedReply]:
    return [
        wanted(key=f"{n}-a", case_id=ChannelId(n), channel_id=ChannelId(n), question_id=MessageId(n), body=body(f"{n}"))
        for n in range(1, number + 1)
    ]


def rows_of_one_case(number: int) -> list[WantedReply]:
    return [wanted(key=f"{n}-a", question_id=MessageId(n), body=body(f"{n}")) for n in range(1, number + 1)]


class CountedReads(FakeReplies):
    def __init__(self, *rows: WantedReply) -> None:
        super().__init__(*rows)
        self.reads = 0

    async def pending(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Pending:
        self.reads += 1
        return await super().pending(guild_ids, now=now, limit=limit)


async def test_what_is_due_at_the_start_is_sent() -> None:
    works = Works(wanted())
    async with works.running():
        await works.delivery.quiet()
        assert works.replies.only().state == "done"


async def test_a_new_wish_is_sent_when_somebody_rings() -> None:
    works = Works()
    async with works.running():
        await works.delivery.quiet()
        works.replies.want(wanted())
        works.delivery.wake()
        await works.delivery.quiet()
        assert works.replies.only().state == "done"


async def test_patience_ends_by_itself_and_not_before_its_time() -> None:
    works = Works(wanted(not_before=NOW + timedelta(seconds=20)))
    async with works.running():
        await works.delivery.quiet()
        await works.clock.pass_time(19)
        works.delivery.wake()
        await works.delivery.quiet()
        assert works.threads.calls == []
        await works.clock.pass_time(1)
        await until(lambda: works.replies.only().state == "done")


async def test_no_more_than_eight_are_under_way_and_all_arrive() -> None:
    works = Works(*rows_of_cases(30))
    works.threads.held = asyncio.Event()
    async with works.running():
        await until(lambda: works.threads.under_way == MAX_AT_ONCE)
        works.threads.held.set()
        await works.delivery.quiet()
    assert works.threads.most_under_way == MAX_AT_ONCE
    assert {row.state for row in works.replies.rows.values()} == {"done"}


async def test_within_a_case_one_goes_after_the_other_in_order() -> None:
    rows = [wanted(key=f"{n}-a", question_id=MessageId(n), body=body(f"{n}")) for n in (3, 1, 2)]
    works = Works(*rows)
    async with works.running():
        await works.delivery.quiet()
    assert works.threads.most_under_way == 1
    assert [message.content for message in works.threads.messages.values()] == ["1", "2", "3"]


async def test_all_that_a_case_waits_for_is_read_once() -> None:
    replies = CountedReads(*rows_of_one_case(3))
    works = Works(replies=replies)
    async with works.running():
        await works.delivery.quiet()
    assert (works.threads.calls, replies.reads) == (["send"] * 3, 1)


async def test_what_is_wished_meanwhile_holds_for_those_of_a_case_that_did_not_begin() -> None:
    first, second = rows_of_one_case(2)
    works = Works(first, second)
    works.threads.held = asyncio.Event()
    async with works.running():
        await until(lambda: works.threads.under_way == 1)
        works.replies.want(replace(second, body=body("new"), want_revision=2))
        works.delivery.wake()
        works.threads.held.set()
        await works.delivery.quiet()
    assert [message.content for message in works.threads.messages.values()] == ["1", "new"]
    assert works.threads.calls == ["send", "send"]


async def test_what_failed_is_tried_again_when_its_time_comes_although_nobody_rings() -> None:
    works = Works(*rows_of_one_case(2), wanted(key="late-a", channel_id=ChannelId(9), not_before=NOW + 20 * SECOND))
    works.threads.refusals = [Unclear("reset")]
    async with works.running():
        await works.delivery.quiet()
        assert [row.state for row in works.replies.rows.values()] == ["pending", "done", "pending"]
        await works.clock.pass_time(1)
        await until(lambda: works.replies.rows["1-a"].state == "done")
        await works.clock.pass_time(19)
        await until(lambda: works.replies.rows["late-a"].state == "done")


async def test_a_revision_that_was_replaced_while_it_waited_is_never_sent() -> None:
    works = Works(*rows_of_cases(MAX_AT_ONCE), wanted(key="last-a", case_id=ChannelId(99), body=body("old")))
    works.threads.held = asyncio.Event()
    async with works.running():
        await until(lambda: works.threads.under_way == MAX_AT_ONCE)
        works.replies.want(wanted(key="last-a", case_id=ChannelId(99), body=body("new"), want_revision=2))
        works.threads.held.set()
        await works.delivery.quiet()
    assert "new" in {message.content for message in works.threads.messages.values()}
    assert "old" not in {message.content for message in works.threads.messages.values()}
    assert "edit" not in works.threads.calls


async def test_a_revision_that_comes_while_the_old_one_is_on_its_way_becomes_an_edit() -> None:
    works = Works(wanted(body=body("old")))
    works.threads.held = asyncio.Event()
    async with works.running():
        await until(lambda: works.threads.under_way == 1)
        works.replies.want(wanted(body=body("new"), want_revision=2))
        works.threads.held.set()
        await works.delivery.quiet()
    assert [message.content for message in works.threads.messages.values()] == ["new"]
    assert works.threads.calls == ["send", "edit"]


async def test_other_servers_rows_are_left_to_their_process() -> None:
    works = Works(wanted(guild_id=GuildId(2)))
    async with works.running():
        await works.delivery.quiet()
    assert works.threads.calls == []


async def test_a_row_that_has_to_wait_holds_up_no_other() -> None:
    works = Works(*rows_of_cases(2))
    works.threads.refusals = [Unclear("reset")]
    async with works.running():
        await works.delivery.quiet()
        assert sorted(row.state for row in works.replies.rows.values()) == ["done", "pending"]
        await works.clock.pass_time(1)
        await until(lambda: {row.state for row in works.replies.rows.values()} == {"done"})


async def test_a_table_that_cannot_be_read_is_read_again_after_a_rest() -> None:
    works = Works(wanted())
    works.replies.broken_reads = 1
    async with works.running():
        await until(lambda: works.replies.broken_reads == 0)
        assert works.threads.calls == []
        await works.clock.pass_time(REST.total_seconds())
        await until(lambda: works.replies.only().state == "done")


async def test_a_row_that_breaks_the_loop_rests_and_the_others_go_on() -> None:
    """An edit of a message that the fake does not know raises what no refusal is."""
    broken = wanted(message_id=MessageId(1), want_revision=2)
    works = Works(broken, *rows_of_cases(1))
    async with works.running():
        await until(lambda: works.replies.rows["1-a"].state == "done")
        assert works.threads.calls.count("edit") == 1
        works.replies.want(wanted(is_wanted=False, body=None))
        await works.clock.pass_time(REST.total_seconds())
        await until(lambda: works.replies.rows[KEY].state == "done")


async def test_a_stop_ends_the_loop_which_need_not_be_cut_off() -> None:
    works = Works(wanted(not_before=NOW + timedelta(seconds=20)))
    running = asyncio.create_task(works.delivery.run())
    await works.delivery.quiet()
    await works.delivery.stop()
    await asyncio.wait_for(running, 5)


async def test_a_stop_does_not_wait_for_ever_for_what_is_on_its_way() -> None:
    works = Works(wanted())
    works.threads.held = asyncio.Event()
    async with works.running():
        await until(lambda: works.threads.under_way == 1)
        await works.delivery.stop(patience_s=0.0)
        await until(lambda: works.threads.under_way == 0)
    assert works.replies.only().state == "pending"


async def test_a_stop_lets_what_is_on_its_way_arrive_and_begins_nothing() -> None:
    works = Works(*rows_of_cases(MAX_AT_ONCE + 1))
    works.threads.held = asyncio.Event()
    async with works.running():
        await until(lambda: works.threads.under_way == MAX_AT_ONCE)
        stopping = asyncio.create_task(works.delivery.stop())
        await asyncio.sleep(0)
        works.threads.held.set()
        await stopping
    states = sorted(row.state for row in works.replies.rows.values())
    assert states == ["done"] * MAX_AT_ONCE + ["pending"]


class SlowReads(CountedReads):
    """Answers what was due when it was asked, when it is allowed to."""

    def __init__(self, *rows: WantedReply) -> None:
        super().__init__(*rows)
        self.answers = asyncio.Event()
        self.answers.set()

    async def pending(self, guild_ids: Sequence[GuildId], *, now: datetime, limit: int) -> Pending:
        found = await super().pending(guild_ids, now=now, limit=limit)
        await self.answers.wait()
        return found


async def test_what_arrives_while_the_database_answers_is_not_sent_again() -> None:
    replies = SlowReads(wanted())
    works = Works(replies=replies)
    works.threads.held = asyncio.Event()
    async with works.running():
        await until(lambda: works.threads.under_way == 1)
        replies.answers.clear()
        works.delivery.wake()
        await until(lambda: replies.reads == 2)
        works.threads.held.set()
        await until(lambda: replies.only().state == "done")
        for _ in range(10):  # whoever sent it goes home
            await asyncio.sleep(0)
        replies.answers.set()
        await works.delivery.quiet()
    assert works.threads.calls == ["send"]
