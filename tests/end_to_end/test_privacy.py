"""What is kept about somebody, shown to them and deleted by them, through real discord.py and on both databases."""

from datetime import timedelta

import pytest

from bot.app.forgetting import forget
from bot.playground import Message, Thread
from bot.playground.people import User
from bot.posts import UserId
from bot.storage.engine import create_engine
from bot.storage.tables import METADATA
from tests.databases import rows_of
from tests.end_to_end.commands import commands
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import CHATTER, DIM, House, labels

WORDS = "my own words about the lamp"
QUESTION = f"{WORDS}, and it says {DIM}"


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(desk_rest=timedelta())


async def places_of(database_url: str, wanted: object) -> set[str]:
    found = set()
    for table in METADATA.sorted_tables:
        for row in await rows_of(database_url, f"SELECT * FROM {table.name}"):
            found |= {f"{table.name}.{column}" for column, value in row.items() if str(wanted) in str(value)}
    return found


def shown(house: House, thread: Thread, who: User) -> Message:
    return house.control.whispers(thread, to=who)[-1]


async def presses(house: House, thread: Thread, label: str, *, by: User) -> Message:
    house.control.press(shown(house, thread, by), label, by=by)
    await house.settle()
    return shown(house, thread, by)


async def deletes(house: House, thread: Thread, *, by: User) -> Message:
    await commands(house, thread, "heron privacy", by=by)
    await presses(house, thread, "Delete", by=by)
    return await presses(house, thread, "Yes, delete it", by=by)


async def handed_over(house: House) -> Thread:
    thread = await house.asks(QUESTION, title="The lamp of mine")
    house.control.press(house.only_answer(thread), "Ask a person")
    await house.settle()
    return thread


async def test_whoever_asks_sees_what_is_kept_about_them(house: House) -> None:
    thread = await house.asks(QUESTION)
    said = await commands(house, thread, "heron privacy", by=house.cast.asker)
    assert "threads that you opened: 1" in said
    assert "messages of yours: 1, with their words: 1" in said
    assert labels(shown(house, thread, house.cast.asker)) == ["Delete"]


async def test_whoever_never_wrote_sees_that_nothing_is_kept_and_no_button(house: House) -> None:
    thread = await house.asks()
    said = await commands(house, thread, "heron privacy", by=house.cast.another)
    assert said.endswith("**About you, in this server:** nothing.")
    assert labels(shown(house, thread, house.cast.another)) == []


async def test_nothing_is_deleted_before_it_is_confirmed(house: House, database_url: str) -> None:
    thread = await house.asks(QUESTION)
    await commands(house, thread, "heron privacy", by=house.cast.asker)
    sure = await presses(house, thread, "Delete", by=house.cast.asker)
    assert labels(sure) == ["Yes, delete it", "Keep it"]
    kept = await presses(house, thread, "Keep it", by=house.cast.asker)
    assert (kept.content, labels(kept)) == ("Nothing was deleted.", [])
    assert len(house.answers(thread)) == 1
    assert await places_of(database_url, WORDS) != set()


async def test_words_id_answer_and_card_are_gone_from_database_and_discord(house: House, database_url: str) -> None:
    thread = await handed_over(house)
    (card,) = house.cards
    assert str(house.cast.asker.id) in card.content
    done = await deletes(house, thread, by=house.cast.asker)
    assert done.content.startswith("**Deleted:** threads 1, messages 1.")
    assert labels(done) == []
    assert house.answers(thread) == []
    assert house.cards == []
    assert f"<#{thread.id}>" not in house.desk.content
    assert await places_of(database_url, house.cast.asker.id) == set()
    assert await places_of(database_url, WORDS) == set()
    assert await places_of(database_url, "The lamp of mine") == set()


async def test_the_thread_is_nobodys_affair_afterwards_even_after_a_restart(house: House, database_url: str) -> None:
    thread = await handed_over(house)
    await deletes(house, thread, by=house.cast.asker)
    await house.says(thread, DIM)
    await house.restart()
    assert house.answers(thread) == []
    assert await places_of(database_url, house.cast.asker.id) == set()
    assert (await commands(house, thread, "post answer", article="wick-limit")).startswith("I know nothing of that")


async def test_a_new_thread_is_a_new_start(house: House) -> None:
    thread = await house.asks(QUESTION)
    await deletes(house, thread, by=house.cast.asker)
    assert len(house.answers(await house.asks(DIM))) == 1


async def test_only_ones_own_is_deleted(house: House, database_url: str) -> None:
    thread = await house.asks(QUESTION)
    await house.says(thread, "and more of it")
    house.control.reply(thread, "I have seen this, too", by=house.cast.another)
    await house.settle()
    await deletes(house, thread, by=house.cast.another)
    assert await places_of(database_url, house.cast.another.id) == set()
    assert await places_of(database_url, WORDS) != set()
    assert len(house.answers(thread)) == 1


async def test_what_a_moderator_did_stays_and_says_so(house: House, database_url: str) -> None:
    thread = await handed_over(house)
    await commands(house, thread, "post claim")
    house.control.reply(thread, "let me look", by=house.cast.moderator)
    await house.settle()
    said = await commands(house, thread, "heron privacy", by=house.cast.moderator)
    assert "What you did as staff: 1" in said
    sure = await presses(house, thread, "Delete", by=house.cast.moderator)
    assert "What you did as staff stays" in sure.content
    await presses(house, thread, "Yes, delete it", by=house.cast.moderator)
    left = await places_of(database_url, house.cast.moderator.id)
    assert left == {"audit.actor_id", "escalations.claimed_by", "replies.body"}


async def test_the_operator_forgets_an_asker_while_heron_runs(house: House, database_url: str) -> None:
    thread = await handed_over(house)
    await at_a_terminal(house, database_url, house.cast.asker)
    await house.control.wait_for(lambda: not house.answers(thread), 10)
    await house.settle()
    assert house.cards == []
    assert await places_of(database_url, house.cast.asker.id) == set()


async def test_the_operator_forgets_a_moderator_and_what_names_them_is_rendered_again(
    house: House, database_url: str
) -> None:
    thread, mine = await handed_over(house), await house.asks(CHATTER)
    await commands(house, thread, "post claim")
    await commands(house, mine, "post answer", article="wick-limit")
    name = f"<@{house.cast.moderator.id}>"
    assert name in house.only_answer(mine).content
    assert name in house.cards[0].content
    await at_a_terminal(house, database_url, house.cast.moderator)
    await house.control.wait_for(lambda: name not in house.only_answer(mine).content, 10)
    await house.settle()
    assert "your wick is at its limit" in house.only_answer(mine).content
    assert "chose this answer" not in house.only_answer(mine).content
    assert name not in house.cards[0].content
    assert await places_of(database_url, house.cast.moderator.id) == set()


async def at_a_terminal(house: House, database_url: str, who: User) -> None:
    """`heron db forget`, as another process; the running one notices when it looks next."""
    engine = create_engine(database_url, is_pooled=False)
    await forget(engine, UserId(who.id), house.mind, clock=house.clock)
    await engine.dispose()
    house.clock.pass_time(6)
