"""The desk: what it says, and that it says it in one message that changes only when something changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import WantedReply
from bot.knowledge.freshness import only_drafted
from bot.moderation.desk import LOOK_BACK, NAMED, Desk, desk_message
from bot.moderation.ports import DeskFigures, Waiting
from bot.posts import ChannelId, GuildId, MessageId, UserId
from bot.replies.compile import Templates
from bot.replies.message import MAX_CONTENT
from bot.storage.cases import SqlCases
from bot.storage.desks import SqlDesks
from bot.storage.escalations import SqlEscalations
from bot.storage.replies import SqlReplies
from bot.triage.case import Case, Finding, FindingState
from tests.helpdesk.fakes import STAFF_ROOM, HandClock
from tests.storage.samples import GUILD, NOW, THREAD, card, decision, known, new_case


def case_with(state: FindingState | None, number: int, *, article_id: str | None = "refund") -> Case:
    thread = ChannelId(THREAD + 1000 * number)
    first = replace(known(0), message_id=MessageId(thread), at=NOW - timedelta(minutes=number))
    about = (Finding(article_id=article_id, state=state, question_id=first.message_id),) if state else ()
    return replace(new_case(), thread_id=thread, messages=(first,), findings=about)


async def rows(engine: AsyncEngine) -> Sequence[WantedReply]:
    return (await SqlReplies(engine).pending([GUILD], now=NOW + timedelta(days=1), limit=100)).due


async def shown(engine: AsyncEngine) -> str:
    (row,) = await rows(engine)
    assert row.channel_id == STAFF_ROOM
    assert row.body is not None
    return row.body.content


async def test_an_empty_desk_says_so(desk: Desk, engine: AsyncEngine) -> None:
    await desk.refresh(GUILD)
    assert "Nobody is waiting" in await shown(engine)


async def test_forty_open_cases_show_the_ten_that_wait_longest(
    desk: Desk, cases: SqlCases, engine: AsyncEngine
) -> None:
    several = [case_with(FindingState.HANDED_OVER, number) for number in range(40)]
    for case in several:
        await cases.save(case, [decision()], {}, now=NOW)
    await desk.refresh(GUILD)
    content = await shown(engine)
    named = [line for line in content.splitlines() if line[:1].isdigit()]
    oldest = sorted(several, key=lambda case: case.messages[0].at)[:10]
    assert [f"<#{case.thread_id}>" in line for case, line in zip(oldest, named, strict=True)] == [True] * 10
    assert "Waiting for people: 40" in content
    assert "and 30 more" in content
    assert len(content) <= MAX_CONTENT


async def test_a_destination_that_is_not_here_is_named(desk: Desk, cases: SqlCases, engine: AsyncEngine) -> None:
    await cases.save(case_with(FindingState.HANDED_OVER, 0), [decision()], {}, now=NOW)
    await desk.refresh(GUILD)
    assert "refund → " in await shown(engine)


async def test_who_was_told_that_somebody_else_decides_waits_for_a_week(
    desk: Desk, cases: SqlCases, engine: AsyncEngine
) -> None:
    recent = case_with(FindingState.ANSWERED, 0)
    old = replace(case_with(FindingState.ANSWERED, 1), opened_at=NOW - LOOK_BACK - timedelta(days=1))
    for case in (recent, old):
        await cases.save(case, [decision()], {}, now=NOW)
    await desk.refresh(GUILD)
    content = await shown(engine)
    assert "Waiting for people: 1" in content
    assert f"<#{recent.thread_id}>" in content
    assert "0 answered and not confirmed" in content


async def test_who_claimed_it_is_named(
    desk: Desk, cases: SqlCases, escalations: SqlEscalations, engine: AsyncEngine
) -> None:
    case = case_with(FindingState.HANDED_OVER, 0)
    await cases.save(case, [decision(cards=[card()])], {}, now=NOW)
    escalation = await escalations.of_case(case.thread_id, GUILD)
    assert escalation is not None
    await escalations.claim(escalation.key, GUILD, by=UserId(501), now=NOW)
    await desk.refresh(GUILD)
    assert "<@501> has it" in await shown(engine)


async def test_what_nobody_confirmed_and_what_was_not_for_heron_is_counted(
    desk: Desk, cases: SqlCases, engine: AsyncEngine
) -> None:
    for number in range(3):
        told = case_with(FindingState.ANSWERED, number, article_id="timeout")
        await cases.save(told, [decision()], {}, now=NOW)
    await cases.save(case_with(None, 3), [decision()], {}, now=NOW)
    await desk.refresh(GUILD)
    assert "3 answered and not confirmed · 1 not for me" in await shown(engine)


async def test_the_same_desk_is_not_written_again(desk: Desk, engine: AsyncEngine) -> None:
    await desk.refresh(GUILD)
    await desk.refresh(GUILD)
    (row,) = await rows(engine)
    assert row.want_revision == 1


async def test_another_servers_cases_are_not_on_it(desk: Desk, cases: SqlCases, engine: AsyncEngine) -> None:
    foreign = replace(case_with(FindingState.HANDED_OVER, 0), guild_id=GuildId(GUILD + 1))
    await cases.save(foreign, [decision()], {}, now=NOW)
    await desk.refresh(GUILD)
    assert "Nobody is waiting" in await shown(engine)


def mind_where(mind: Mind, **expires: date) -> Mind:
    """The same, with facts that are to be looked up again by another day."""
    base = mind.templates.knowledge
    changed = {name: base.facts[name].model_copy(update={"expires": day}) for name, day in expires.items()}
    later = replace(base, facts={**base.facts, **changed})
    return Mind(view=mind.view, templates=Templates(later))


async def test_articles_whose_facts_expired_are_named_with_the_facts(engine: AsyncEngine, mind: Mind) -> None:
    yesterday = (NOW - timedelta(days=1)).date()
    expired = mind_where(mind, free_daily_low=yesterday, free_per_minute=NOW.date())
    desk = Desk(desks=SqlDesks(engine), mind=expired, clock=HandClock(), moderators_of=lambda _: STAFF_ROOM)
    await desk.refresh(GUILD)
    (line,) = [line for line in (await shown(engine)).splitlines() if "out of date" in line]
    assert "rate-limit-free-daily" in line
    assert line.endswith("`free_daily_low`.")  # what expires today counts as true today


async def test_as_long_as_no_fact_expired_the_desk_says_nothing_of_facts(desk: Desk, engine: AsyncEngine) -> None:
    await desk.refresh(GUILD)
    assert "out of date" not in await shown(engine)


def test_of_many_articles_with_expired_facts_ten_are_named(mind: Mind) -> None:
    drafted = only_drafted(mind.templates.knowledge, date.max)
    assert len(drafted) > NAMED
    content = desk_message(DeskFigures(), mind.templates, date.max).content
    assert [article_id in content for article_id in sorted(drafted)[: NAMED + 1]] == [True] * NAMED + [False]
    assert f"and {len(drafted) - NAMED} more" in content


def test_the_longest_desk_fits_one_message(mind: Mind) -> None:
    longest = max(mind.templates.knowledge.articles, key=len)
    waiting = [
        Waiting(case_id=ChannelId(10**19 - n), article_id=longest, since=NOW, claimed_by=UserId(10**19 - n))
        for n in range(10)
    ]
    figures = DeskFigures(
        oldest=waiting, waiting=9999, unconfirmed=9999, not_for_heron=9999, drafts=99, is_paused=True, paused_until=NOW
    )
    content = desk_message(figures, mind.templates, date.max).content
    assert len(content) < MAX_CONTENT
    assert content.splitlines()[-1].startswith("-# ")
