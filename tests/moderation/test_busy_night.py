"""The moderators' channel in a busy night: few new messages an hour, no card lost, leaked keys first."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Pending, WantedReply
from bot.moderation.cards import CARDS_AN_HOUR, HOUR, KEPT_FOR_LEAKS, Cards, next_room
from bot.posts import GuildId, MessageId, UserId, first_id_at
from bot.storage.cases import SqlCases
from bot.storage.escalations import SqlEscalations
from bot.storage.replies import SqlReplies
from bot.triage.keys import leak_key, people_key
from bot.triage.plans import Topic
from tests.helpdesk.fakes import STAFF_ROOM, HandClock
from tests.moderation.test_cards import bare_card, handed_over
from tests.storage.samples import GUILD, NOW, decision

#: What moderators are promised, in any hour.
MOST_NEW_MESSAGES = 12
FOR_PEOPLE = CARDS_AN_HOUR - KEPT_FOR_LEAKS


class Night:
    """Cases come in, cards are kept up to date, and what is due stands in the channel at once."""

    def __init__(self, cases: SqlCases, escalations: SqlEscalations, engine: AsyncEngine, mind: Mind) -> None:
        self.clock, self.cases, self.escalations, self.replies = HandClock(), cases, escalations, SqlReplies(engine)
        self.cards = Cards(
            escalations=escalations, cases=cases, mind=mind, clock=self.clock, moderators_of=lambda _: STAFF_ROOM
        )
        self.posted: dict[str, datetime] = {}  # new messages, by key
        self.bodies: dict[str, str] = {}  # what stands
        self._numbers = 0

    async def people_are_asked_for(self, number: int, *, guild_id: GuildId = GUILD) -> str:
        case = replace(handed_over(number), guild_id=guild_id)
        plan = bare_card(entities={"model": (f"some/model-{number}",)})  # another matter each time
        await self.cases.save(case, [decision(cards=[plan])], {}, now=self.clock.now())
        await self.work()
        return people_key(case.thread_id)

    async def a_key_leaks(self, number: int) -> str:
        case = replace(handed_over(number), findings=())
        leak = bare_card(article_id=None, topic=Topic.LEAK, message_id=MessageId(case.thread_id))
        await self.cases.save(case, [decision(cards=[leak])], {}, now=self.clock.now())
        await self.work()
        return leak_key(MessageId(case.thread_id))

    async def passes(self, span: timedelta) -> None:
        until = self.clock.now() + span
        while (due := (await self._pending()).next_at) is not None and due <= until:
            await self._reach(due)
        await self._reach(until)

    async def _reach(self, moment: datetime) -> None:
        await self.clock.pass_time((moment - self.clock.now()).total_seconds())
        await self.work()

    async def work(self) -> None:
        await self.cards.refresh([GUILD])
        for row in (await self._pending()).due:
            await self._make_true(row)

    async def _pending(self) -> Pending:
        return await self.replies.pending([GUILD], now=self.clock.now(), limit=500)

    async def _make_true(self, row: WantedReply) -> None:
        message_id = row.message_id
        if not row.is_wanted or row.body is None:
            message_id = None
            self.bodies.pop(row.key, None)
        else:
            self.bodies[row.key] = row.body.content
            if message_id is None:
                self._numbers += 1
                message_id = MessageId(first_id_at(self.clock.now()) + self._numbers)
                self.posted[row.key] = self.clock.now()
        await self.replies.delivered(row.key, revision=row.want_revision, message_id=message_id)


@pytest.fixture
def night(cases: SqlCases, escalations: SqlEscalations, engine: AsyncEngine, mind: Mind) -> Night:
    return Night(cases, escalations, engine, mind)


def most_in_an_hour(times: Iterable[datetime]) -> int:
    times = sorted(times)
    return max((sum(start <= time < start + HOUR for time in times) for start in times), default=0)


async def test_a_busy_night_stays_within_the_channels_budget_and_loses_no_card(night: Night) -> None:
    chance, keys, leaks = random.Random(7), [], {}
    for number in range(60):
        await night.passes(timedelta(minutes=chance.expovariate(1 / 4)))
        if number % 20 == 5:
            leaks[await night.a_key_leaks(number)] = night.clock.now()
        else:
            keys.append(await night.people_are_asked_for(number))
    assert len(night.posted) < len(keys), "the night was not busy enough to show anything"
    while len(night.posted) < len(keys) + len(leaks) and night.clock.now() < NOW + timedelta(hours=48):
        await night.passes(timedelta(hours=1))
    assert sorted(night.posted) == sorted([*keys, *leaks])
    assert most_in_an_hour(night.posted.values()) <= MOST_NEW_MESSAGES
    assert [night.posted[key] - at for key, at in leaks.items()] == [timedelta()] * len(leaks)


async def test_cards_come_in_the_order_in_which_people_were_asked_for(night: Night) -> None:
    keys = [await night.people_are_asked_for(number) for number in range(20)]
    assert [key in night.posted for key in keys] == [True] * FOR_PEOPLE + [False] * (20 - FOR_PEOPLE)
    for _ in range(3):
        await night.passes(HOUR)
    assert sorted(keys, key=lambda key: night.posted[key]) == keys


async def test_what_is_resolved_before_its_card_came_gets_none(night: Night) -> None:
    keys = [await night.people_are_asked_for(number) for number in range(FOR_PEOPLE + 1)]
    await night.escalations.resolve(keys[-1], GUILD, by=UserId(5), now=night.clock.now())
    await night.passes(HOUR)
    await night.passes(HOUR)
    assert keys[-1] not in night.posted


async def test_a_card_that_waits_is_filled_in_meanwhile_and_comes_no_sooner(night: Night) -> None:
    keys = [await night.people_are_asked_for(number) for number in range(FOR_PEOPLE + 1)]
    await night.escalations.claim(keys[-1], GUILD, by=UserId(5), now=night.clock.now())
    await night.passes(timedelta(minutes=59))
    assert keys[-1] not in night.posted
    await night.passes(timedelta(minutes=1))
    assert "Claimed by <@5>" in night.bodies[keys[-1]]


async def test_a_restart_forgets_neither_the_cards_that_wait_nor_those_that_came(
    night: Night, cases: SqlCases, escalations: SqlEscalations, engine: AsyncEngine, mind: Mind
) -> None:
    keys = [await night.people_are_asked_for(number) for number in range(FOR_PEOPLE)]
    again = Night(cases, escalations, engine, mind)
    late = await again.people_are_asked_for(FOR_PEOPLE)
    assert again.posted == {}
    await again.passes(HOUR)
    assert list(again.posted) == [late]
    assert len(keys) == len(night.posted)


async def test_another_servers_cards_take_no_room(night: Night) -> None:
    for number in range(FOR_PEOPLE):
        await night.people_are_asked_for(number, guild_id=GuildId(GUILD + 1))
    await night.cards.refresh([GuildId(GUILD + 1)])
    assert await night.people_are_asked_for(FOR_PEOPLE) in night.posted


def test_there_is_room_at_once_or_when_an_hour_has_passed() -> None:
    minutes = [NOW - timedelta(minutes=ago) for ago in (90, 50, 40, 10)]
    assert next_room(minutes, NOW, most=4) == NOW
    assert next_room(minutes, NOW, most=3) == NOW + timedelta(minutes=10)
    assert next_room(minutes, NOW, most=1) == NOW + timedelta(minutes=50)
    assert next_room(minutes, NOW, most=2) == NOW + timedelta(minutes=20)
    assert next_room([*minutes, NOW + timedelta(minutes=30)], NOW, most=2) == NOW + timedelta(minutes=50)
    assert next_room([], NOW, most=1) == NOW
