"""One wanted reply made true, whatever Discord says to it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.helpdesk.notices import Notices
from bot.helpdesk.settle import MAX_TRIES, Settler
from bot.helpdesk.threads import (
    Busy,
    MessageGone,
    NotAllowed,
    NotDone,
    OwnMessage,
    QuestionGone,
    Refused,
    ThreadClosed,
    ThreadGone,
    Unclear,
    Uploading,
)
from bot.posts import ChannelId, MessageId
from tests.helpdesk.fakes import (
    FORUM,
    KEY,
    QUESTION,
    STAFF_ROOM,
    FakeReplies,
    FakeThreads,
    HandClock,
    bare,
    body,
    wanted,
)
from tests.shipped_knowledge import NOW
from tests.tiny_knowledge import tiny

STANDING = MessageId(4_000)


class Bench:
    """A settler with its fakes; chance always says one half."""

    def __init__(self, **row: object) -> None:
        self.clock = HandClock()
        self.threads = FakeThreads()
        self.replies = FakeReplies(wanted(**row))
        notices = Notices(self.threads, tiny().mind, lambda _: STAFF_ROOM, clock=self.clock)
        self.settler = Settler(
            replies=self.replies, threads=self.threads, notices=notices, clock=self.clock, random=lambda: 0.5
        )

    def stands(self, message_id: MessageId = STANDING, *, content: str = "old", key: str = KEY) -> None:
        custom_ids = (f"h1:{key}:solved",) if key else ()
        self.threads.messages[message_id] = OwnMessage(
            message_id=message_id, content=content, custom_ids=custom_ids, answers=QUESTION
        )

    async def settle(self) -> None:
        await self.settler.settle(self.replies.only())

    @property
    def contents(self) -> list[str]:
        return [message.content for message in self.threads.messages.values()]

    @property
    def told(self) -> int:
        return sum(place.channel_id == STAFF_ROOM for place in self.threads.places)


async def test_a_new_reply_is_posted_without_looking_first() -> None:
    bench = Bench()
    await bench.settle()
    row = bench.replies.only()
    assert (row.state, row.have_revision, row.message_id) == ("done", 1, MessageId(5_000))
    assert bench.threads.calls == ["send"]


async def test_a_newer_revision_changes_the_message_that_stands() -> None:
    bench = Bench(message_id=STANDING, have_revision=1, want_revision=2, body=body("new"))
    bench.stands()
    await bench.settle()
    assert (bench.contents, bench.threads.calls) == (["new"], ["edit"])
    assert bench.replies.only().have_revision == 2


async def test_what_is_no_longer_wanted_is_taken_away() -> None:
    bench = Bench(message_id=STANDING, is_wanted=False, body=None)
    bench.stands()
    await bench.settle()
    row = bench.replies.only()
    assert (bench.contents, row.state, row.message_id) == ([], "done", None)


async def test_what_never_stood_and_is_not_wanted_costs_no_call() -> None:
    bench = Bench(is_wanted=False, body=None)
    await bench.settle()
    assert (bench.threads.calls, bench.replies.only().state) == ([], "done")


async def test_taking_away_what_somebody_took_already_is_done() -> None:
    bench = Bench(message_id=STANDING, is_wanted=False, body=None)
    bench.threads.refusals = [MessageGone("10008")]
    await bench.settle()
    assert bench.replies.only().state == "done"


async def test_a_message_that_people_took_down_is_not_put_up_again() -> None:
    bench = Bench(message_id=STANDING, want_revision=2)
    bench.threads.refusals = [MessageGone("10008"), MessageGone("10008")]
    for revision in (2, 3):  # nor does a later change bring it back
        bench.replies.want(replace(bench.replies.only(), state="pending", want_revision=revision))
        await bench.settle()
    assert (bench.contents, bench.replies.only().state) == ([], "done")
    assert bench.threads.calls == ["edit", "edit"]


async def test_after_an_unknown_outcome_older_words_without_buttons_are_found_by_their_question() -> None:
    """The question was edited since, so that neither a key nor the words tell whose they are."""
    bench = Bench(attempts=1, body=bare("new"))
    bench.stands(content="old", key="")
    await bench.settle()
    assert (bench.contents, bench.replies.only().message_id) == (["new"], STANDING)


async def test_a_message_that_another_row_stands_for_is_not_taken_for_ours() -> None:
    bench = Bench(attempts=1, body=bare("new"))
    bench.stands(content="old", key="")
    bench.replies.want(wanted(key="other-a", message_id=STANDING, state="done"))
    await bench.settler.settle(bench.replies.rows[KEY])
    assert bench.contents == ["old", "new"]


@pytest.mark.parametrize("is_wanted", [True, False])
async def test_what_cannot_be_found_out_is_given_up_and_never_sent_blindly(is_wanted: bool) -> None:
    """A hundred messages came since: whether ours stands among the older ones nobody can tell."""
    bench = Bench(attempts=1, is_wanted=is_wanted)
    bench.threads.recent_reaches_back_to = MessageId(QUESTION + 1)
    await bench.settle()
    assert bench.replies.only().state == "dead"
    assert bench.told == 1
    assert bench.threads.calls == ["recent", "send"]  # the notice to staff
    bench.threads.recent_reaches_back_to = QUESTION
    bench.replies.want(wanted(attempts=1, is_wanted=is_wanted))
    await bench.settle()
    assert bench.replies.only().state == "done"


@pytest.mark.parametrize("key", [KEY, ""], ids=["by the key in a button", "by question and words"])
async def test_after_an_unknown_outcome_the_message_that_stands_is_adopted(key: str) -> None:
    bench = Bench(attempts=1, body=body("new") if key else bare("old"))
    bench.stands(key=key)
    await bench.settle()
    row = bench.replies.only()
    assert "send" not in bench.threads.calls
    assert (row.message_id, bench.contents) == (STANDING, ["new"] if key else ["old"])


async def test_after_an_unknown_outcome_another_replys_message_is_not_adopted() -> None:
    bench = Bench(attempts=1)
    bench.stands(key="other-a", content="another answer")
    await bench.settle()
    assert bench.contents == ["another answer", "**Wait a minute.**"]


async def test_a_reply_from_before_this_process_is_looked_for_first() -> None:
    """The process that sent it may have ended before it could say so."""
    bench = Bench(not_before=NOW - timedelta(seconds=1))
    bench.stands()
    await bench.settle()
    assert bench.threads.calls == ["recent", "edit"]
    assert bench.replies.only().message_id == STANDING


async def test_an_older_revision_that_the_nonce_brings_back_is_changed() -> None:
    bench = Bench(want_revision=2, body=body("new"))
    bench.stands()
    bench.threads.nonces[KEY] = STANDING
    await bench.settle()
    assert (bench.contents, bench.threads.calls) == (["new"], ["send", "edit"])
    assert bench.replies.only().have_revision == 2


async def test_an_answer_whose_question_went_meanwhile_does_not_stay() -> None:
    bench = Bench()
    bench.threads.question_is_gone = True
    await bench.settle()
    assert (bench.contents, bench.replies.only().state) == ([], "done")


@pytest.mark.parametrize("no", [ThreadGone("10003"), QuestionGone("50035")])
async def test_where_thread_or_question_is_gone_nothing_is_left_to_do(no: NotDone) -> None:
    bench = Bench()
    bench.threads.refusals = [no]
    await bench.settle()
    assert (bench.replies.only().state, bench.told) == ("done", 0)


async def test_a_closed_thread_is_let_be_and_nobody_is_told() -> None:
    bench = Bench(message_id=STANDING)
    bench.threads.refusals = [ThreadClosed("50083")]
    await bench.settle()
    assert (bench.replies.only().state, bench.told) == ("dead", 0)


@pytest.mark.parametrize("no", [Busy("429"), Unclear("502"), Uploading("40058")])
async def test_what_may_go_later_is_tried_again_after_longer_and_longer_pauses(no: NotDone) -> None:
    pauses = []
    for attempts in range(4):
        bench = Bench(attempts=attempts)
        bench.threads.refusals = [no]
        await bench.settle()
        pauses.append((bench.replies.only().not_before - NOW).total_seconds())
    assert pauses == [0.75, 1.5, 3.0, 6.0]


async def test_a_wait_that_discord_names_is_kept() -> None:
    bench = Bench()
    bench.threads.refusals = [Busy("429", after_s=42.0)]
    await bench.settle()
    assert bench.replies.only().not_before == NOW + timedelta(seconds=42)


async def test_a_send_that_was_done_though_its_answer_was_lost_stands_once() -> None:
    bench = Bench()
    bench.threads.refusals = [Unclear("reset")]
    bench.threads.is_done_before_refusal = True
    await bench.settle()
    await bench.settle()
    assert (bench.contents, bench.replies.only().state) == (["**Wait a minute.**"], "done")


async def test_what_stays_unclear_is_given_up_and_staff_is_told_once() -> None:
    bench = Bench()
    for _ in range(MAX_TRIES):
        bench.threads.refusals = [Unclear("502")]
        await bench.settle()
    row = bench.replies.only()
    assert (row.state, row.attempts, bench.told) == ("dead", MAX_TRIES, 1)


async def test_files_that_never_arrive_are_given_up_in_silence() -> None:
    bench = Bench(attempts=MAX_TRIES - 1)
    bench.threads.refusals = [Uploading("40058")]
    await bench.settle()
    assert (bench.replies.only().state, bench.told) == ("dead", 0)


async def test_what_will_never_go_is_given_up_at_once_and_staff_is_told() -> None:
    bench = Bench()
    bench.threads.refusals = [Refused("400 50035 Invalid Form Body")]
    await bench.settle()
    assert (bench.replies.only().state, bench.told) == ("dead", 1)
    assert "50035" in bench.replies.reasons[KEY]


async def test_a_missing_permission_shuts_the_forum_and_staff_is_told_once() -> None:
    bench = Bench()
    bench.threads.refusals = [NotAllowed("403 50013 Missing Permissions")]
    await bench.settle()
    assert bench.threads.messages[MessageId(5_000)].content.startswith(f"**I can't answer in <#{FORUM}>**")
    bench.replies.want(wanted(key="other-a", channel_id=ChannelId(2_000), case_id=ChannelId(2_000)))
    calls = len(bench.threads.calls)
    await bench.settler.settle(bench.replies.rows["other-a"])
    assert bench.replies.rows["other-a"].state == "dead"
    assert (len(bench.threads.calls), bench.told) == (calls, 1)


async def test_a_forum_whose_permissions_change_is_tried_again() -> None:
    bench = Bench()
    bench.threads.refusals = [NotAllowed("403 50013 Missing Permissions")]
    await bench.settle()
    bench.settler.reopen(FORUM)
    bench.replies.want(wanted())
    await bench.settle()
    assert bench.replies.only().state == "done"


async def test_staff_that_could_not_be_told_is_told_with_the_next_failure() -> None:
    bench = Bench()
    bench.threads.refusals = [Refused("400"), Unclear("reset")]
    await bench.settle()
    assert bench.contents == []
    bench.replies.want(wanted())
    bench.threads.refusals = [Refused("400")]
    await bench.settle()
    assert len(bench.contents) == 1


async def test_without_a_staff_room_a_failure_is_kept_in_the_table_alone() -> None:
    bench = Bench()
    notices = Notices(bench.threads, tiny().mind, lambda _: None, clock=bench.clock)
    settler = Settler(
        replies=bench.replies, threads=bench.threads, notices=notices, clock=bench.clock, random=lambda: 0.5
    )
    bench.threads.refusals = [Refused("400")]
    await settler.settle(bench.replies.only())
    assert (bench.replies.only().state, bench.contents) == ("dead", [])
