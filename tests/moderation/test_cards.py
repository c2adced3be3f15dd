"""Cards in the moderators' channel: one an escalation, filled in, shared by cases that are alike, shrunk at the end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.ports import WantedReply
from bot.moderation.cards import Cards
from bot.moderation.escalation import Escalation, EscalationState
from bot.posts import ChannelId, GuildId, MaskedText, MessageId, UserId
from bot.storage.cases import SqlCases
from bot.storage.escalations import SqlEscalations
from bot.storage.replies import SqlReplies
from bot.triage.case import Case, Finding, FindingState
from bot.triage.plans import Action, CardPlan, Quote, Topic
from tests.helpdesk.fakes import STAFF_ROOM
from tests.storage.samples import GUILD, MARK, NOW, THREAD, card, decision, known, message_id, new_case

ANNA, BEN = UserId(501), UserId(502)
LATER = NOW + timedelta(hours=1)


def handed_over(number: int = 0) -> Case:
    """A case of its own for each number, waiting for people."""
    thread = ChannelId(THREAD + 1000 * number)
    first = replace(known(0), message_id=MessageId(thread))
    finding = Finding(article_id="refund", state=FindingState.HANDED_OVER, question_id=MessageId(thread))
    return replace(new_case(), thread_id=thread, messages=(first,), findings=(finding,))


def bare_card(**changes: object) -> CardPlan:
    plan = replace(card(), error=None)
    return replace(plan, **changes)  # type: ignore[arg-type]


async def hand_over(cases: SqlCases, number: int = 0, **changes: object) -> Case:
    case = handed_over(number)
    await cases.save(case, [decision(cards=[bare_card(**changes)])], {}, now=NOW + timedelta(minutes=number))
    return case


async def rows(engine: AsyncEngine) -> Sequence[WantedReply]:
    return (await SqlReplies(engine).pending([GUILD], now=LATER + timedelta(days=1), limit=100)).due


async def escalation_of(escalations: SqlEscalations, case: Case) -> Escalation:
    found = await escalations.of_case(case.thread_id, GUILD)
    assert found is not None
    return found


async def shown(engine: AsyncEngine) -> str:
    (row,) = [row for row in await rows(engine) if row.is_wanted]
    assert row.body is not None
    return row.body.content


async def test_a_case_that_is_handed_over_gets_one_card_in_the_moderators_channel(
    cases: SqlCases, cards: Cards, engine: AsyncEngine
) -> None:
    await hand_over(cases)
    assert await cards.refresh([GUILD]) == 1
    (row,) = await rows(engine)
    assert (row.channel_id, row.purpose, row.is_wanted, row.question_id) == (STAFF_ROOM, "card", True, None)
    assert row.body is not None
    assert f"<#{THREAD}>" in row.body.content
    assert "`some/model`" in row.body.content
    labels = [button.label for line in row.body.rows for button in line]
    assert labels == ["Claim", "Answer…", "Resolve", "More…"]


async def test_nothing_is_rendered_twice(cases: SqlCases, cards: Cards) -> None:
    await hand_over(cases)
    await cards.refresh([GUILD])
    assert await cards.refresh([GUILD]) == 0


def saying(words: str, *, version: int = 0) -> Case:
    case = handed_over()
    return replace(case, messages=(replace(case.messages[0], text=MaskedText(words)),), version=version)


async def test_a_card_is_rendered_from_the_case_that_was_just_saved_unless_that_moved_since(
    cases: SqlCases, cards: Cards, engine: AsyncEngine
) -> None:
    handed = decision(cards=[replace(card(), error=Quote(message_id=message_id(0), start=0, end=9))])
    await cases.save(saying("is stored"), [handed], {}, now=NOW)
    await cards.refresh([GUILD], known={THREAD: saying("was saved")})
    assert "was saved" in await shown(engine)
    await cases.save(saying("is stored", version=1), [handed], {}, now=NOW)
    await cards.refresh([GUILD], known={THREAD: saying("was saved")})
    assert "is stored" in await shown(engine)


async def test_saving_tells_whether_a_card_has_to_be_rendered(cases: SqlCases, cards: Cards) -> None:
    case = handed_over()
    assert not await cases.save(case, [decision()], {}, now=NOW)
    assert await cases.save(replace(case, version=1), [decision(cards=[bare_card()])], {}, now=NOW)
    await cards.refresh([GUILD])
    assert not await cases.save(replace(case, version=2), [decision()], {}, now=NOW)
    solved = replace(case, version=3, findings=(replace(case.findings[0], state=FindingState.SOLVED),))
    assert await cases.save(solved, [replace(decision(), actions=(Action.SOLVED,))], {}, now=NOW)
    assert await cases.save(replace(solved, version=4, messages=()), [], {}, now=NOW)  # a card may quote what is gone


async def test_details_that_come_later_fill_the_same_card_in(
    cases: SqlCases, cards: Cards, engine: AsyncEngine
) -> None:
    case = await hand_over(cases)
    await cards.refresh([GUILD])
    told = bare_card(entities={"generation": ("gen-1791084135-FAKEFAKEFAKEFAKEFAKE",)})
    await cases.save(replace(case, version=1), [decision(cards=[told])], {}, now=LATER)
    await cards.refresh([GUILD])
    (row,) = await rows(engine)
    assert row.want_revision == 2
    content = await shown(engine)
    assert "<t:1791084135:f>" in content
    assert "```\ngen-1791084135-FAKEFAKEFAKEFAKEFAKE\n```" in content


async def test_of_two_who_claim_at_once_one_has_it(cases: SqlCases, escalations: SqlEscalations) -> None:
    case = await hand_over(cases)
    key = (await escalation_of(escalations, case)).key
    first = await escalations.claim(key, GUILD, by=ANNA, now=LATER)
    second = await escalations.claim(key, GUILD, by=BEN, now=LATER)
    assert first is not None
    assert second is not None
    assert (first.claimed_by, second.claimed_by) == (ANNA, ANNA)


async def test_a_claim_shows_on_the_card_and_survives_new_details(
    cases: SqlCases, cards: Cards, escalations: SqlEscalations, engine: AsyncEngine
) -> None:
    case = await hand_over(cases)
    await escalations.claim((await escalation_of(escalations, case)).key, GUILD, by=ANNA, now=LATER)
    await cases.save(replace(case, version=1), [decision(cards=[bare_card(reason="asked again")])], {}, now=LATER)
    await cards.refresh([GUILD])
    content = await shown(engine)
    assert f"Claimed by <@{ANNA}>" in content
    assert "asked again" in content


async def test_a_resolved_card_shrinks_to_one_line_and_can_be_reopened(
    cases: SqlCases, cards: Cards, escalations: SqlEscalations, engine: AsyncEngine
) -> None:
    case = await hand_over(cases)
    await cards.refresh([GUILD])
    key = (await escalation_of(escalations, case)).key
    await escalations.resolve(key, GUILD, by=BEN, now=LATER)
    await cards.refresh([GUILD])
    line = await shown(engine)
    assert "\n" not in line
    assert f"resolved by <@{BEN}>" in line
    await escalations.reopen(key, GUILD, by=ANNA, now=LATER)
    await cards.refresh([GUILD])
    assert "asked <t:" in await shown(engine)


async def test_what_the_asker_solves_is_resolved_by_nobody(
    cases: SqlCases, cards: Cards, escalations: SqlEscalations, engine: AsyncEngine
) -> None:
    case = await hand_over(cases)
    await cards.refresh([GUILD])
    solved = replace(case.findings[0], state=FindingState.SOLVED)
    done = replace(decision(), actions=(Action.SOLVED,))
    await cases.save(replace(case, version=1, findings=(solved,)), [done], {}, now=LATER)
    await cards.refresh([GUILD])
    assert (await escalation_of(escalations, case)).state is EscalationState.RESOLVED
    assert "settled without anybody's help" in await shown(engine)


async def test_three_cases_that_are_alike_share_the_oldest_ones_card(
    cases: SqlCases, cards: Cards, engine: AsyncEngine
) -> None:
    for number in (0, 1):
        await hand_over(cases, number)
    await cards.refresh([GUILD])
    assert [row.is_wanted for row in await rows(engine)] == [True, True]
    third = await hand_over(cases, 2)
    await cards.refresh([GUILD])
    content = await shown(engine)
    assert "Like this one: 2 open" in content
    assert f"<#{third.thread_id}>" in content


async def test_other_models_are_another_matter(cases: SqlCases, cards: Cards, engine: AsyncEngine) -> None:
    for number in range(3):
        await hand_over(cases, number, entities={"model": (f"some/model-{number}",)})
    await cards.refresh([GUILD])
    assert len([row for row in await rows(engine) if row.is_wanted]) == 3


async def test_a_case_that_never_had_a_card_of_its_own_gets_none_when_it_is_resolved(
    cases: SqlCases, cards: Cards, escalations: SqlEscalations, engine: AsyncEngine
) -> None:
    several = [await hand_over(cases, number) for number in range(4)]
    await cards.refresh([GUILD])
    await escalations.resolve((await escalation_of(escalations, several[3])).key, GUILD, by=ANNA, now=LATER)
    await cards.refresh([GUILD])
    assert "Like this one: 2 open" in await shown(engine)


async def test_a_leaked_key_has_a_card_of_its_own_with_a_button_that_deletes(
    cases: SqlCases, cards: Cards, engine: AsyncEngine
) -> None:
    case = await hand_over(cases)
    leak = bare_card(article_id=None, topic=Topic.LEAK, message_id=message_id(1))
    await cases.save(replace(case, version=1), [decision(cards=[leak])], {}, now=LATER)
    await cards.refresh([GUILD])
    labels = [[b.label for line in row.body.rows for b in line] for row in await rows(engine) if row.body]
    assert ["Delete message", "Resolve"] in labels
    assert len(labels) == 2


async def test_another_server_sees_and_moves_nothing(
    cases: SqlCases, cards: Cards, escalations: SqlEscalations
) -> None:
    case = await hand_over(cases)
    key = (await escalation_of(escalations, case)).key
    elsewhere = GuildId(GUILD + 1)
    assert await cards.refresh([elsewhere]) == 0
    assert await escalations.get(key, elsewhere) is None
    assert await escalations.resolve(key, elsewhere, by=ANNA, now=LATER) is None
    assert (await escalation_of(escalations, case)).state is EscalationState.OPEN


async def test_words_that_the_asker_deleted_leave_the_card(cases: SqlCases, cards: Cards, engine: AsyncEngine) -> None:
    case = handed_over()
    words = Quote(message_id=case.messages[0].message_id, start=0, end=len(MARK))
    await cases.save(case, [decision(cards=[bare_card(error=words)])], {}, now=NOW)
    await cards.refresh([GUILD])
    assert MARK in await shown(engine)
    loaded = await cases.load(case.thread_id)
    assert loaded is not None
    gone = replace(loaded, messages=(), title=MaskedText(""))
    await cases.save(gone, [decision()], {}, now=LATER)
    await cards.refresh([GUILD])
    assert MARK not in await shown(engine)
