"""A case that was saved is the case that is loaded, and of two who save one the later has to step again."""

import asyncio
from dataclasses import replace

import pytest

from bot.helpdesk.ports import CaseMoved
from bot.posts import ChannelId, MaskedText, Role
from bot.storage.cases import SqlCases
from bot.triage.case import Case, Finding, FindingState
from tests.databases import execute, rows_of
from tests.storage.samples import (
    NOW,
    THREAD,
    answer,
    bodies,
    card,
    decision,
    full_case,
    known,
    message_id,
    new_case,
    plan,
    reply,
)


async def save(cases: SqlCases, case: Case) -> None:
    await cases.save(case, [decision(case.replies)], bodies(*case.replies), now=NOW)


async def loaded(cases: SqlCases) -> Case:
    case = await cases.load(THREAD)
    assert case is not None
    return case


async def test_a_thread_that_nobody_saved_is_no_case(cases: SqlCases) -> None:
    assert await cases.load(ChannelId(42)) is None


async def test_a_saved_case_comes_back_whole(cases: SqlCases) -> None:
    case = full_case()
    await save(cases, case)
    assert await loaded(cases) == replace(case, version=1)


async def test_a_second_save_changes_what_changed_and_keeps_the_rest(cases: SqlCases) -> None:
    await save(cases, full_case())
    first = await loaded(cases)
    grown = replace(
        first.with_message(known(4)).with_reply(reply(0, plan=plan(answer("another line")), revision=2)),
        findings=first.findings[:1],
        language="en",
        closed_at=None,
    )
    await cases.save(grown, [decision([grown.replies[-1]])], bodies(grown.replies[-1]), now=NOW)
    # The reply was due already, so its older words may be on their way.
    may_stand = replace(grown.replies[-1], may_stand=True)
    assert await loaded(cases) == replace(grown.with_reply(may_stand), version=2)


async def test_replies_come_back_in_the_order_in_which_the_case_changed_them(cases: SqlCases) -> None:
    case = full_case()
    await save(cases, case)
    first = await loaded(cases)
    again = first.with_reply(replace(first.replies[0], revision=2, plan=plan(answer("later"))))
    await cases.save(again, [decision([again.replies[-1]])], bodies(again.replies[-1]), now=NOW)
    assert [r.key for r in (await loaded(cases)).replies] == [r.key for r in again.replies]
    assert (await loaded(cases)).newest_reply == replace(again.replies[-1], may_stand=True)


async def test_who_saves_a_case_that_moved_has_to_load_it_again(cases: SqlCases) -> None:
    await save(cases, new_case())
    mine = theirs = await loaded(cases)
    await cases.save(replace(theirs, is_muted=True), [decision()], {}, now=NOW)
    with pytest.raises(CaseMoved):
        await cases.save(mine.with_message(known(1)), [decision()], {}, now=NOW)
    assert (await loaded(cases)).messages == theirs.messages


async def test_of_two_who_open_the_same_case_one_has_to_load_it_again(cases: SqlCases) -> None:
    outcomes = await asyncio.gather(save(cases, new_case()), save(cases, new_case()), return_exceptions=True)
    assert sorted(type(o).__name__ for o in outcomes) == ["CaseMoved", "NoneType"]


async def test_of_many_who_save_at_once_exactly_one_succeeds(cases: SqlCases) -> None:
    await save(cases, new_case())
    case = await loaded(cases)
    steps = [save(cases, case.with_message(known(n))) for n in range(1, 9)]
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert sum(isinstance(o, CaseMoved) for o in outcomes) == 7
    assert len((await loaded(cases)).messages) == 2


async def test_a_save_that_fails_leaves_nothing_behind(cases: SqlCases) -> None:
    case = replace(new_case(), replies=(reply(plan=plan()),))
    with pytest.raises(ValueError, match="nobody rendered it"):
        await cases.save(case, [decision(case.replies)], {}, now=NOW)
    assert await cases.load(THREAD) is None


async def test_an_edited_message_replaces_its_words(cases: SqlCases) -> None:
    await save(cases, new_case())
    case = await loaded(cases)
    await save(cases, case.with_message(known(0, "edited words")))
    assert (await loaded(cases)).messages == (known(0, "edited words"),)


async def test_a_deleted_message_leaves_no_words(cases: SqlCases, database_url: str) -> None:
    await save(cases, replace(new_case(), messages=(known(0), known(1, "SHALL-BE-GONE"))))
    case = await loaded(cases)
    await save(cases, replace(case, messages=case.messages[:1]))
    assert (await loaded(cases)).messages == (known(0),)
    gone = await rows_of(
        database_url, f"SELECT text, digest, deleted_at FROM messages WHERE message_id={message_id(1)}"
    )
    assert (gone[0]["text"], gone[0]["digest"]) == ("", "")
    assert gone[0]["deleted_at"] is not None


async def test_a_settled_reply_to_a_deleted_message_loses_its_body(cases: SqlCases, database_url: str) -> None:
    case = replace(new_case(), messages=(known(0), known(1)), replies=(reply(1, plan=plan()),))
    await save(cases, case)
    await execute(database_url, "UPDATE replies SET state = 'done', message_id = 5, have_rev = 1")
    case = await loaded(cases)
    await cases.save(replace(case, messages=case.messages[:1]), [decision()], {}, now=NOW)
    assert await rows_of(database_url, "SELECT body FROM replies WHERE body IS NOT NULL") == []


async def test_a_settled_reply_that_quotes_a_deleted_message_loses_its_body(cases: SqlCases, database_url: str) -> None:
    case = replace(new_case(), messages=(known(0), known(1)), replies=(reply(1, plan=plan()),))
    await save(cases, case)
    await execute(database_url, "UPDATE replies SET state = 'done', message_id = 5, have_rev = 1")
    case = await loaded(cases)  # its reply answers message 1 and quotes message 0
    await cases.save(replace(case, messages=case.messages[1:]), [decision()], {}, now=NOW)
    assert await rows_of(database_url, "SELECT body FROM replies WHERE body IS NOT NULL") == []


async def test_a_reply_that_has_nothing_to_do_with_a_deleted_message_keeps_its_body(
    cases: SqlCases, database_url: str
) -> None:
    await save(cases, replace(new_case(), messages=(known(0), known(1)), replies=(reply(0, plan=plan()),)))
    await execute(database_url, "UPDATE replies SET state = 'done', message_id = 5, have_rev = 1")
    case = await loaded(cases)
    await cases.save(replace(case, messages=case.messages[:1]), [decision()], {}, now=NOW)
    assert len(await rows_of(database_url, "SELECT body FROM replies WHERE body IS NOT NULL")) == 1


async def test_the_title_survives_the_first_message_and_goes_when_the_case_drops_it(cases: SqlCases) -> None:
    await save(cases, replace(new_case(), messages=(known(0), known(1))))
    case = await loaded(cases)
    await save(cases, replace(case, messages=case.messages[1:]))
    kept = await loaded(cases)
    assert (kept.title, kept.messages) == (case.title, case.messages[1:])
    await save(cases, replace(kept, title=MaskedText("")))
    assert (await loaded(cases)).title == ""


async def test_a_case_whose_first_message_was_never_seen_keeps_its_title_until_the_message_comes(
    cases: SqlCases,
) -> None:
    await save(cases, replace(new_case(), messages=(known(1),)))
    case = await loaded(cases)
    assert (case.title, case.messages) == (new_case().title, (known(1),))
    await save(cases, replace(case, messages=(known(0), known(1))))
    assert (await loaded(cases)).messages == (known(0), known(1))
    assert (await loaded(cases)).title == new_case().title


async def test_a_long_thread_is_loaded_with_its_newest_hundred_messages_and_forgets_none(
    cases: SqlCases, database_url: str
) -> None:
    await save(cases, replace(new_case(), messages=tuple(known(n) for n in range(100))))
    for n in range(100, 130, 10):
        case = await loaded(cases)
        await save(cases, replace(case, messages=(*case.messages, *(known(n + i) for i in range(10)))))
    case = await loaded(cases)
    assert [m.message_id for m in case.messages] == [message_id(n) for n in range(30, 130)]
    assert case.title == new_case().title
    assert len(await rows_of(database_url, "SELECT 1 FROM messages WHERE has_words")) == 130


async def test_what_a_reply_quotes_from_beyond_the_newest_hundred_is_kept(cases: SqlCases) -> None:
    await save(cases, replace(new_case(), messages=tuple(known(n) for n in range(120))))
    case = await loaded(cases)
    case = case.with_reply(reply(0, plan=plan(answer("an old line"))))
    await cases.save(case, [decision(case.replies)], bodies(*case.replies), now=NOW)
    assert (await loaded(cases)).replies == case.replies


async def test_findings_that_the_case_dropped_are_gone(cases: SqlCases) -> None:
    await save(cases, full_case())
    case = await loaded(cases)
    left = (Finding(article_id="key-limit", state=FindingState.OPEN, question_id=message_id(0)),)
    await save(cases, replace(case, findings=left))
    assert (await loaded(cases)).findings == left


async def test_words_that_no_database_can_hold_are_stored_as_replacement_characters(cases: SqlCases) -> None:
    odd = "a\x00b\ud800c"
    case = replace(new_case(), messages=(known(0, odd),), replies=(reply(plan=plan(answer(odd))),))
    await cases.save(case, [decision(case.replies)], bodies(*case.replies), now=NOW)
    assert (await loaded(cases)).messages[0].text == "a\ufffdb\ufffdc"


async def test_only_the_asker_s_words_are_kept(cases: SqlCases) -> None:
    await save(cases, replace(new_case(), messages=(known(0), known(1, role=Role.STAFF))))
    assert (await loaded(cases)).messages[1].text == ""


async def test_a_decision_is_stored_with_what_explains_it(cases: SqlCases, database_url: str) -> None:
    await cases.save(new_case(), [decision(), decision(cards=[card()])], {}, now=NOW)
    rows = await rows_of(database_url, "SELECT * FROM decisions ORDER BY position")
    assert len(rows) == 2
    row = rows[0]
    assert (row["case_version"], row["action"], row["reason"]) == (1, "answer", "exact evidence")
    assert (row["article_id"], row["runner_up"], row["floor"]) == ("rate-limit-upstream", "credits-missing", 0.8)
    assert row["knowledge_hash"] == "fake-hash"
    assert "upstream_provider_shared_pool" in str(row["features"])


async def test_a_hand_over_is_stored_once_and_a_claim_on_it_stays(cases: SqlCases, database_url: str) -> None:
    await cases.save(new_case(), [decision(cards=[card()])], {}, now=NOW)
    await execute(database_url, "UPDATE escalations SET state = 'claimed', claimed_by = 5")
    later = replace(card(), reason="asked again")
    await cases.save(await loaded(cases), [decision(cards=[card(), later])], {}, now=NOW)
    rows = await rows_of(database_url, "SELECT article_id, state, claimed_by, card FROM escalations")
    assert [(row["article_id"], row["state"], row["claimed_by"]) for row in rows] == [("refund", "claimed", 5)]
    assert "asked again" in str(rows[0]["card"])
