"""An article that people find wrong too often only drafts from then on, in that server, until a moderator lifts it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.moderation.measurement import ENOUGH
from bot.playground import Playground, Thread
from bot.posts import ChannelId, GuildId
from bot.triage.verdicts import Verdict, VerdictKind
from tests.databases import rows_of
from tests.end_to_end.commands import commands
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import DIM, WICK, House
from tests.storage.samples import decision, new_case


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """One whose desk follows at once, and where all but one of the answers that it takes were found wrong before."""
    house = await open_house(desk_rest=timedelta())
    guild_id = GuildId(house.playground.world.guild.id)
    wrong = replace(decision(), verdicts=(Verdict(article_id="upstream-dim", kind=VerdictKind.CORRECTED),))
    for number in range(1, ENOUGH):
        case = replace(new_case(), guild_id=guild_id, thread_id=ChannelId(number), messages=())
        await house.cases.save(case, [wrong], {}, now=house.clock.now())
    return house


async def is_not_their_problem(house: House, thread: Thread) -> None:
    house.control.press(house.only_answer(thread), "Still stuck")
    await house.settle()
    (choice,) = house.control.whispers(thread)
    house.control.press(choice, "That's not my problem")
    await house.settle()


async def lowered(house: House) -> Thread:
    thread = await house.asks(DIM)
    await is_not_their_problem(house, thread)
    return thread


async def test_the_last_of_many_wrong_answers_lowers_it_and_the_desk_says_so(house: House, database_url: str) -> None:
    thread = await house.asks(DIM)
    assert "Only drafts for now" not in house.desk.content
    await is_not_their_problem(house, thread)
    assert "Only drafts for now" in house.desk.content
    assert "upstream-dim (20 of 20)" in house.desk.content
    assert house.answers(await house.asks(DIM)) == []
    assert len(house.answers(await house.asks(WICK))) == 1
    entries = await rows_of(database_url, "SELECT action, actor_id FROM audit")
    assert ("measured", None) in [(entry["action"], entry["actor_id"]) for entry in entries]


async def test_it_stays_lowered_after_a_restart(house: House) -> None:
    await lowered(house)
    await house.restart()
    assert house.answers(await house.asks(DIM)) == []
    assert "upstream-dim (20 of 20)" in house.desk.content


async def test_a_moderator_lifts_it_and_is_not_overruled(house: House, playground: Playground) -> None:
    await lowered(house)
    room = playground.world.moderators
    house.clock.pass_time(1)
    await commands(house, room, "desk articles set", article="upstream-dim", level="answer")
    assert "Only drafts for now" not in house.desk.content
    again = await house.asks(DIM)
    await is_not_their_problem(house, again)
    assert len(house.answers(await house.asks(DIM))) == 1
    assert "measured: upstream-dim, draft" in await commands(house, room, "desk log")


async def test_a_pause_comes_before_it(house: House, playground: Playground) -> None:
    await lowered(house)
    await commands(house, playground.world.moderators, "desk pause")
    thread = await house.asks(DIM)
    assert house.answers(thread) == []
