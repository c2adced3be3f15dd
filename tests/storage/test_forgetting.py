"""What is left of somebody who had everything deleted, or who left: held against every table, and the file."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import BigInteger
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.ports import CaseMoved, Kept
from bot.moderation.ports import Escalations
from bot.posts import NOBODY, ChannelId, GuildId, MaskedText, Order, Ordered, Role, UserId
from bot.storage.cases import SqlCases
from bot.storage.escalations import SqlEscalations
from bot.storage.people import KEPT, OF_ASKERS, OF_STAFF, SqlPeople
from bot.storage.replies import SqlReplies
from bot.storage.tables import METADATA
from bot.triage.case import Case
from bot.triage.keys import leak_key, people_key
from bot.triage.plans import CardPlan, Topic
from tests.databases import execute, rows_of
from tests.storage.samples import (
    ASKER,
    GUILD,
    MARK,
    NOW,
    THREAD,
    bodies,
    card,
    decision,
    full_case,
    known,
    message_id,
    new_case,
)

OTHER_GUILD = GuildId(GUILD + 1)
OTHER_THREAD = ChannelId(THREAD + 5_000)
ANOTHER = UserId(55)  # wrote in the thread of the asker
LATER = NOW + timedelta(hours=5)
LEAK = CardPlan(
    article_id=None, runner_up=None, destination="moderators", reason="a key stands in a message", entities={},
    error=None, missing=(), topic=Topic.LEAK, message_id=message_id(1),
)  # fmt: skip


@pytest.fixture
def people(engine: AsyncEngine) -> SqlPeople:
    return SqlPeople(engine)


@pytest.fixture
def escalations(engine: AsyncEngine) -> Escalations:
    return SqlEscalations(engine)


async def places_of(database_url: str, wanted: object) -> set[str]:
    """`table.column` of everything in which this stands."""
    found = set()
    for table in METADATA.sorted_tables:
        for row in await rows_of(database_url, f"SELECT * FROM {table.name}"):
            found |= {f"{table.name}.{column}" for column, value in row.items() if str(wanted) in str(value)}
    return found


async def saved(cases: SqlCases, replies: SqlReplies) -> None:
    """A full case with cards, its answers posted."""
    case = full_case()
    await cases.save(case, [decision(case.replies, cards=[card(), LEAK])], bodies(*case.replies), now=NOW)
    muted = Case(guild_id=GUILD, thread_id=ChannelId(4), asker_id=UserId(5), title=MaskedText(""), opened_at=NOW)
    await cases.save(muted, [replace(decision(), ordered=Ordered(by=ASKER, order=Order.MUTE))], {}, now=NOW)
    for reply in case.replies:
        await replies.delivered(reply.key, revision=1, message_id=reply.question_id)


def test_every_column_that_can_hold_somebodys_id_is_dealt_with() -> None:
    of_people = {
        column
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, BigInteger)
        and column.name.endswith(("_by", "asker_id", "author_id", "user_id", "actor_id"))
    }
    assert of_people == {*OF_ASKERS, *OF_STAFF, *KEPT}


async def test_nothing_of_an_asker_is_left_in_any_table(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople, database_url: str
) -> None:
    await saved(cases, replies)
    assert await places_of(database_url, ASKER) == {"cases.asker_id", "messages.author_id", "audit.actor_id"}
    done = await people.forget(GUILD, ASKER, now=LATER)
    assert (done.threads, done.guild_ids) == (1, {GUILD})
    assert await places_of(database_url, ASKER) == set()
    assert await places_of(database_url, MARK) == set()
    for table in ("decisions", "findings", "outcomes", "due", "messages"):
        rows = await rows_of(database_url, f"SELECT * FROM {table} WHERE case_id = {THREAD}")
        assert rows == [], table
    (left,) = await rows_of(database_url, f"SELECT * FROM cases WHERE thread_id = {THREAD}")
    assert (left["asker_id"], left["closed_at"] is not None) == (NOBODY, True)


async def test_what_stands_in_discord_is_to_be_taken_down(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople, escalations: Escalations
) -> None:
    await saved(cases, replies)
    open_card = await escalations.get(people_key(THREAD), GUILD)
    assert open_card is not None
    await escalations.show(open_card, ChannelId(9), bodies(*full_case().replies)[full_case().replies[0].key], now=NOW)
    await people.forget(GUILD, ASKER, now=LATER)
    due = (await replies.pending([GUILD], now=LATER, limit=10)).due
    assert {row.key for row in due} == {*(r.key for r in full_case().replies), people_key(THREAD)}
    assert {row.is_wanted for row in due} == {False}
    assert {row.message_id for row in due if row.key == full_case().replies[0].key} == {message_id(0)}
    assert await escalations.get(people_key(THREAD), GUILD) is None


async def test_moderators_still_learn_that_a_key_stands_in_a_message(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople, escalations: Escalations
) -> None:
    await saved(cases, replies)
    await people.forget(GUILD, ASKER, now=LATER)
    leak = await escalations.get(leak_key(message_id(1)), GUILD)
    assert leak is not None
    assert leak.card.message_id == message_id(1)


async def test_cases_that_shared_a_card_with_it_are_rendered_again(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople, escalations: Escalations
) -> None:
    await saved(cases, replies)
    like_it = replace(new_case(), thread_id=OTHER_THREAD, asker_id=UserId(8), messages=())
    await cases.save(like_it, [decision(cards=[card()])], {}, now=NOW)
    alike = await escalations.get(people_key(OTHER_THREAD), GUILD)
    assert alike is not None
    await escalations.show(alike, ChannelId(9), None, now=NOW)
    await people.forget(GUILD, ASKER, now=LATER)
    assert [e.case_id for e in await escalations.behind([GUILD], limit=10)] == [
        THREAD,
        OTHER_THREAD,
    ]  # the first is the leak's


async def test_in_threads_of_others_a_message_stays_known_without_its_author(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople, database_url: str
) -> None:
    await saved(cases, replies)
    before = await cases.load(THREAD)
    assert (await people.forget(GUILD, ANOTHER, now=LATER)).messages == 1
    assert await places_of(database_url, "author_id = 55") == set()
    case = await cases.load(THREAD)
    assert case is not None
    assert before is not None
    assert [m.author_id for m in case.messages if m.role is Role.STAFF] == [NOBODY]
    assert case.asker_messages() == before.asker_messages()
    with pytest.raises(CaseMoved):  # who loaded it before does not write the author back
        await cases.save(before, [decision()], {}, now=LATER)


async def test_a_unit_of_work_that_began_before_brings_nothing_back(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople
) -> None:
    await saved(cases, replies)
    before = await cases.load(THREAD)
    assert before is not None
    await people.forget(GUILD, ASKER, now=LATER)
    with pytest.raises(CaseMoved):
        await cases.save(before, [decision()], {}, now=LATER)
    with pytest.raises(CaseMoved):
        await cases.save(replace(new_case(), messages=(known(0),)), [], {}, now=LATER)
    after = await cases.load(THREAD)
    assert after is not None
    assert after.is_forgotten


async def test_another_server_and_other_people_are_left_alone(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople
) -> None:
    await saved(cases, replies)
    elsewhere = replace(new_case(), guild_id=OTHER_GUILD, thread_id=OTHER_THREAD, messages=())
    await cases.save(elsewhere, [decision()], {}, now=NOW)
    await people.forget(GUILD, UserId(ASKER + 1), now=LATER)
    await people.forget(GUILD, ASKER, now=LATER)
    kept = await cases.load(OTHER_THREAD)
    assert kept is not None
    assert kept.asker_id == ASKER
    assert (await people.kept(OTHER_GUILD, ASKER)).threads == 1
    assert await people.kept(GUILD, ASKER) == Kept()
    assert (await people.forget(None, ASKER, now=LATER)).guild_ids == {OTHER_GUILD}


async def test_what_is_kept_is_counted(cases: SqlCases, replies: SqlReplies, people: SqlPeople) -> None:
    await saved(cases, replies)
    assert await people.kept(GUILD, ASKER) == Kept(threads=1, messages=3, with_words=3, since=NOW)
    assert await people.kept(GUILD, ANOTHER) == Kept(messages=1)


async def test_what_somebody_did_as_staff_stays_until_the_operator_deletes_it(
    cases: SqlCases, replies: SqlReplies, people: SqlPeople, escalations: Escalations, database_url: str
) -> None:
    await saved(cases, replies)
    await escalations.claim(people_key(THREAD), GUILD, by=ANOTHER, now=NOW)
    await people.forget(GUILD, ANOTHER, now=LATER)
    assert (await people.kept(GUILD, ANOTHER)).as_staff == 1
    await people.forget_staff(ANOTHER)
    claimed = await escalations.get(people_key(THREAD), GUILD)
    assert claimed is not None
    assert claimed.claimed_by == NOBODY
    assert claimed.revision > claimed.shown
    actors = await rows_of(database_url, "SELECT actor_id FROM audit WHERE action = 'claim'")
    assert [row["actor_id"] for row in actors] == [NOBODY]


async def test_a_wish_to_be_left_alone_outlives_what_is_deleted(people: SqlPeople, database_url: str) -> None:
    columns = [c.name for c in METADATA.tables["mutes"].columns]
    values = {"guild_id": GUILD, "user_id": ASKER, "muted_by": ASKER, "muted_at": "'2026-11-24 12:00:00+00:00'"}
    assert set(columns) >= set(values)
    listed = ", ".join(values), ", ".join(str(v) for v in values.values())
    await execute(database_url, f"INSERT INTO mutes ({listed[0]}) VALUES ({listed[1]})")
    await people.forget(None, ASKER, now=LATER)
    assert (await people.kept(GUILD, ASKER)).is_left_alone
    await people.forget_staff(ASKER)
    assert await places_of(database_url, ASKER) == {"mutes.user_id"}
