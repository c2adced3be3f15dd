"""Wanted replies: what delivery is given to do, when, and what its outcome leaves behind."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.helpdesk.ports import WantedReply
from bot.posts import GuildId, MessageId, UserId
from bot.storage.cases import SqlCases
from bot.storage.replies import SqlReplies
from bot.triage.case import Case
from bot.triage.plans import ReplyPlan
from tests.databases import rows_of
from tests.storage.samples import ASKER, GUILD, NOW, THREAD, answer, body, decision, message_id, new_case, plan, reply

KEY = reply(plan=None).key
POSTED = MessageId(1_500_000_000_000_000_000)


async def want(
    cases: SqlCases, plan: ReplyPlan | None, *, revision: int, words: str = "body", after_s: float = 0
) -> None:
    case: Case = await cases.load(THREAD) or new_case()
    wanted = reply(plan=plan, revision=revision)
    bodies = {KEY: body(words)} if plan else {}
    await cases.save(case.with_reply(wanted), [decision([wanted])], bodies, now=NOW + timedelta(seconds=after_s))


async def due(replies: SqlReplies, *, after_s: float = 0) -> list[WantedReply]:
    return list((await replies.pending([GUILD], now=NOW + timedelta(seconds=after_s), limit=10)).due)


async def next_at(replies: SqlReplies, guild_id: GuildId = GUILD) -> datetime | None:
    return (await replies.pending([guild_id], now=NOW, limit=10)).next_at


async def test_a_wanted_reply_is_due_with_everything_that_delivery_needs(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(), revision=1)
    assert await due(replies) == [
        WantedReply(
            key=KEY,
            guild_id=GUILD,
            case_id=THREAD,
            channel_id=THREAD,
            question_id=message_id(0),
            purpose="reply",
            message_id=None,
            is_wanted=True,
            body=body("body"),
            want_revision=1,
            have_revision=0,
            state="pending",
            attempts=0,
            not_before=NOW,
        )
    ]


async def typing(replies: SqlReplies, *, at_s: float, by: UserId = ASKER) -> list[float]:
    """After how many seconds the replies are due, once that person typed."""
    bounds = {"quiet": timedelta(seconds=20), "patience": timedelta(seconds=60)}
    await replies.prolong(THREAD, by, now=NOW + timedelta(seconds=at_s), **bounds)
    return [(row.not_before - NOW).total_seconds() for row in await due(replies, after_s=1_000)]


async def test_typing_prolongs_the_wait_within_its_bounds_and_never_shortens_it(
    cases: SqlCases, replies: SqlReplies
) -> None:
    await want(cases, plan(delay_s=30), revision=1)
    assert await typing(replies, at_s=5) == [30]
    assert await typing(replies, at_s=15) == [35]
    assert await typing(replies, at_s=34) == [54]
    assert await typing(replies, at_s=53) == [60]
    assert await typing(replies, at_s=59) == [60]


async def test_nobody_elses_typing_prolongs_it(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(delay_s=30), revision=1)
    assert await typing(replies, at_s=15, by=UserId(55)) == [30]


async def test_what_is_due_or_was_tried_or_stands_waits_no_longer(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(), revision=1)
    assert await typing(replies, at_s=0) == [0]
    await replies.failed(KEY, retry_at=NOW + timedelta(seconds=5), reason="503")
    assert await typing(replies, at_s=1) == [5]
    await replies.delivered(KEY, revision=1, message_id=POSTED)
    await want(cases, plan(delay_s=20), revision=2)
    assert await typing(replies, at_s=10) == [20]


async def test_a_patient_reply_is_due_when_its_delay_is_over(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(delay_s=20), revision=1)
    assert await due(replies, after_s=19) == []
    assert await next_at(replies) == NOW + timedelta(seconds=20)
    assert len(await due(replies, after_s=20)) == 1


async def test_a_reply_that_nobody_saw_yet_keeps_its_row_and_waits_anew(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(delay_s=20), revision=1)
    await want(cases, plan(answer("more"), delay_s=20), revision=2, words="newer", after_s=15)
    assert await due(replies, after_s=20) == []
    (row,) = await due(replies, after_s=35)
    assert (row.want_revision, row.have_revision, row.body) == (2, 0, body("newer"))


async def test_only_the_process_that_owns_the_guild_is_given_its_replies(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(), revision=1)
    stranger = GuildId(1)
    assert (await replies.pending([stranger], now=NOW, limit=10)).due == []
    assert (await replies.pending([], now=NOW, limit=10)).due == []
    assert await next_at(replies, stranger) is None
    assert len((await replies.pending([stranger, GUILD], now=NOW, limit=10)).due) == 1


async def test_what_was_delivered_is_not_due_and_the_case_knows_that_it_stands(
    cases: SqlCases, replies: SqlReplies
) -> None:
    await want(cases, plan(), revision=1)
    await replies.delivered(KEY, revision=1, message_id=POSTED)
    assert await due(replies) == []
    assert await next_at(replies) is None
    case = await cases.load(THREAD)
    assert case is not None
    assert case.replies[0].is_posted


async def test_a_revision_that_was_overtaken_while_it_was_sent_leaves_the_newer_one_due(
    cases: SqlCases, replies: SqlReplies
) -> None:
    await want(cases, plan(), revision=1)
    await want(cases, plan(answer("newer")), revision=2, words="newer")
    await replies.delivered(KEY, revision=1, message_id=POSTED)
    (row,) = await due(replies)
    assert (row.message_id, row.have_revision, row.want_revision, row.body) == (POSTED, 1, 2, body("newer"))


async def test_an_older_revision_never_overwrites_a_newer_one(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(), revision=2, words="newer")
    await want(cases, plan(answer("older")), revision=1, words="older")
    (row,) = await due(replies)
    assert (row.want_revision, row.body) == (2, body("newer"))


async def test_a_reply_that_was_taken_back_is_due_without_words_until_it_is_gone(
    cases: SqlCases, replies: SqlReplies
) -> None:
    await want(cases, plan(), revision=1)
    await replies.delivered(KEY, revision=1, message_id=POSTED)
    await want(cases, None, revision=2)
    (row,) = await due(replies)
    assert (row.is_wanted, row.body, row.message_id) == (False, None, POSTED)
    await replies.delivered(KEY, revision=2, message_id=None)
    assert await due(replies) == []
    case = await cases.load(THREAD)
    assert case is not None
    assert not case.replies[0].is_posted


async def test_a_failed_attempt_is_due_again_later_and_counted(cases: SqlCases, replies: SqlReplies) -> None:
    await want(cases, plan(), revision=1)
    await replies.failed(KEY, retry_at=NOW + timedelta(seconds=5), reason="503")
    assert await due(replies, after_s=4) == []
    (row,) = await due(replies, after_s=5)
    assert row.attempts == 1


async def test_new_words_keep_the_count_of_attempts_whose_outcome_is_unknown(
    cases: SqlCases, replies: SqlReplies
) -> None:
    await want(cases, plan(), revision=1)
    await replies.failed(KEY, retry_at=NOW, reason="connection reset")
    await want(cases, plan(answer("newer")), revision=2)
    (row,) = await due(replies)
    assert row.attempts == 1


async def test_a_reply_that_cannot_be_sent_is_dead_until_the_case_wants_something_new(
    cases: SqlCases, replies: SqlReplies, database_url: str
) -> None:
    await want(cases, plan(), revision=1)
    await replies.failed(KEY, retry_at=None, reason="50013")
    assert await due(replies) == []
    dead = await rows_of(database_url, "SELECT state, last_error FROM replies")
    assert dead == [{"state": "dead", "last_error": "50013"}]
    await want(cases, plan(answer("newer")), revision=2)
    (row,) = await due(replies)
    assert row.attempts == 1  # it may stand there all the same


async def test_the_oldest_are_due_first_and_no_more_than_asked_for(cases: SqlCases, replies: SqlReplies) -> None:
    wanted = [reply(n, plan=plan(delay_s=3 - n)) for n in range(3)]
    case = replace(new_case(), replies=tuple(wanted))
    await cases.save(case, [decision(wanted)], {r.key: body() for r in wanted}, now=NOW)
    rows = (await replies.pending([GUILD], now=NOW + timedelta(minutes=1), limit=2)).due
    assert [row.key for row in rows] == [wanted[2].key, wanted[1].key]
