"""Cards and the desk through real discord.py: pressed by the right and the wrong person, twice at once, after a
restart."""

from datetime import timedelta

import pytest

from bot.playground import Message, Permission, Playground, Thread
from bot.playground.people import User
from tests.databases import rows_of
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import DIM, WICK, House, labels

#: A key of the tiny community's service, visibly none.
LEAK = f"my key is lk-fakefakefake0123456789ab, {DIM}"


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """One whose desk follows at once."""
    return await open_house(desk_rest=timedelta())


async def handed_over(house: House, text: str = DIM) -> Thread:
    thread = await house.asks(text)
    house.control.press(house.answers(thread)[-1], "Ask a person")
    await house.settle()
    return thread


def card(house: House) -> Message:
    (card,) = house.cards
    return card


async def presses(house: House, message: Message, *presses: tuple[str, User]) -> None:
    for button, who in presses:
        house.control.press(message, button, by=who)
    await house.settle()


def told(house: House, who: User) -> list[Message]:
    return house.control.whispers(house.playground.world.moderators, to=who)


def last_told(house: House, who: User) -> str:
    return told(house, who)[-1].content


async def audit(database_url: str) -> list[str]:
    return [str(row["action"]) for row in await rows_of(database_url, "SELECT action FROM audit ORDER BY entry_id")]


async def test_the_desk_stands_pinned_once_and_is_edited_in_place(house: House) -> None:
    assert house.desk.is_pinned
    assert "Nobody is waiting" in house.desk.content
    desk, thread = house.desk, await handed_over(house)
    assert house.desk is desk
    assert "Waiting for people: 1" in desk.content
    assert f"<#{thread.id}>" in desk.content


async def test_without_the_permission_to_pin_the_desk_stands_all_the_same(
    open_house: OpenHouse, playground: Playground
) -> None:
    playground.control.set_permissions(playground.world.moderators, deny=Permission.PIN_MESSAGES)
    house = await open_house(desk_rest=timedelta())
    assert not house.desk.is_pinned


async def test_a_card_comes_when_a_person_is_asked_for_and_is_filled_in_later(house: House) -> None:
    thread = await house.asks()
    assert house.cards == []
    house.control.press(house.only_answer(thread), "Ask a person")
    await house.settle()
    posted = card(house)
    assert labels(posted) == ["Claim", "Answer…", "Resolve", "More…"]
    assert f"<#{thread.id}>" in posted.content
    await house.says(thread, "it is gen-1791084135-FAKEFAKEFAKEFAKEFAKE")
    assert card(house) is posted


async def test_claiming_shows_who_has_it_on_the_card_and_at_the_desk(house: House) -> None:
    await handed_over(house)
    await presses(house, card(house), ("Claim", house.cast.moderator))
    assert f"Claimed by <@{house.cast.moderator.id}>" in card(house).content
    assert f"<@{house.cast.moderator.id}> has it" in house.desk.content
    assert labels(card(house)) == ["Answer…", "Resolve", "More…"]


async def second_moderator(house: House) -> User:
    guild = house.playground.world.guild
    guild.members[house.cast.another.id].role_ids.append(guild.role("Moderator").id)
    return house.cast.another


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told_who(house: House, database_url: str) -> None:
    await handed_over(house)
    other = await second_moderator(house)
    await presses(house, card(house), ("Claim", house.cast.moderator), ("Claim", other))
    winner = house.cast.moderator if told(house, other) else other
    loser = other if winner is house.cast.moderator else house.cast.moderator
    assert f"Claimed by <@{winner.id}>" in card(house).content
    assert [m.content for m in told(house, loser)] == [f"<@{winner.id}> has it."]
    assert await audit(database_url) == ["claim"]


async def test_resolving_shrinks_the_card_and_empties_the_desk(house: House, database_url: str) -> None:
    thread = await handed_over(house)
    await presses(house, card(house), ("Resolve", house.cast.moderator))
    assert card(house).content.startswith("✅")
    assert f"resolved by <@{house.cast.moderator.id}>" in card(house).content
    assert labels(card(house)) == ["Reopen"]
    assert "Nobody is waiting" in house.desk.content
    assert house.tags(thread) == ["Solved"]
    assert await audit(database_url) == ["resolve"]


async def test_two_who_resolve_at_once_resolve_it_once(house: House, database_url: str) -> None:
    await handed_over(house)
    other = await second_moderator(house)
    await presses(house, card(house), ("Resolve", house.cast.moderator), ("Resolve", other))
    assert await audit(database_url) == ["resolve"]
    words = sorted([last_told(house, house.cast.moderator), last_told(house, other)])
    assert words == ["Nothing waits for people there.", "Resolved."]


async def test_reopening_brings_it_back_to_the_desk(house: House) -> None:
    thread = await handed_over(house)
    await presses(house, card(house), ("Resolve", house.cast.moderator))
    await presses(house, card(house), ("Reopen", house.cast.moderator))
    assert labels(card(house)) == ["Claim", "Answer…", "Resolve", "More…"]
    assert f"<#{thread.id}>" in house.desk.content


async def test_an_answer_that_a_moderator_chose_says_so_and_counts_as_a_person(house: House, database_url: str) -> None:
    thread = await handed_over(house)
    await presses(house, card(house), ("Answer…", house.cast.moderator))
    choice = told(house, house.cast.moderator)[-1]
    assert "/post answer" in choice.content
    await presses(house, choice, (labels(choice)[0], house.cast.moderator))
    answer = house.answers(thread)[-1]
    assert len(house.answers(thread)) == 2
    assert f"<@{house.cast.moderator.id}> chose this answer" in answer.content
    assert answer.mentions.user_ids in ((), (house.cast.asker.id,))
    assert labels(answer) == ["Solved", "Still stuck", "Ask a person"]
    assert card(house).content.startswith("✅")
    assert await audit(database_url) == ["answer"]
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 2  # a person has the thread


async def test_taking_an_answer_back_leaves_one_line_and_counts_as_wrong(house: House, database_url: str) -> None:
    thread = await house.asks()
    house.control.press(house.only_answer(thread), "Ask a person")
    await house.settle()
    await presses(house, card(house), ("Answer…", house.cast.moderator))
    choice = told(house, house.cast.moderator)[-1]
    await presses(house, choice, (labels(choice)[0], house.cast.moderator))
    await presses(house, card(house), ("Reopen", house.cast.moderator))
    await presses(house, card(house), ("More…", house.cast.moderator))
    more = told(house, house.cast.moderator)[-1]
    assert labels(more) == ["Why?", "Correct…", "Stop replying here"]
    await presses(house, more, ("Correct…", house.cast.moderator))
    await presses(house, more, ("Take the answer back", house.cast.moderator))
    taken_back = house.answers(thread)[-1]
    assert taken_back.content.startswith(f"<@{house.cast.moderator.id}> took this answer back")
    assert labels(taken_back) == []
    assert more.content.startswith("Corrected in the thread")
    assert "correct" in await audit(database_url)


async def test_why_tells_rule_article_and_version(house: House) -> None:
    await handed_over(house)
    await presses(house, card(house), ("More…", house.cast.moderator))
    more = told(house, house.cast.moderator)[-1]
    await presses(house, more, ("Why?", house.cast.moderator))
    assert "because: asks for a person" in more.content
    assert "checked on" in more.content
    assert "with version `" in more.content


async def test_muting_from_a_card_keeps_heron_out_of_the_thread(house: House) -> None:
    thread = await handed_over(house)
    await presses(house, card(house), ("More…", house.cast.moderator))
    more = told(house, house.cast.moderator)[-1]
    await presses(house, more, ("Stop replying here", house.cast.moderator))
    before = len(house.answers(thread))
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == before


async def test_a_leaked_key_brings_a_card_that_takes_the_message_away(house: House, database_url: str) -> None:
    thread = await house.asks(LEAK)
    leak = card(house)
    assert labels(leak) == ["Delete message", "Resolve"]
    assert "lk-fake" not in leak.content
    await presses(house, leak, ("Delete message", house.cast.moderator))
    assert thread.id not in thread.messages
    assert last_told(house, house.cast.moderator) == "The message is gone."
    assert card(house).content.startswith("✅ A leaked key")
    assert await audit(database_url) == ["resolve"]


async def test_a_leak_that_its_author_takes_away_settles_its_card(house: House) -> None:
    thread = await house.asks(LEAK)
    house.control.delete(thread.messages[thread.id])
    await house.settle()
    assert "the message is gone" in card(house).content


async def test_a_message_that_heron_may_not_delete_stays_and_staff_learns_why(house: House) -> None:
    thread = await house.asks(LEAK)
    house.control.set_permissions(house.playground.world.forum, deny=Permission.MANAGE_MESSAGES)
    await presses(house, card(house), ("Delete message", house.cast.moderator))
    assert thread.id in thread.messages
    assert "Manage Messages" in last_told(house, house.cast.moderator)
    assert labels(card(house)) == ["Delete message", "Resolve"]


@pytest.mark.parametrize("button", ["Claim", "Answer…", "Resolve", "More…"])
@pytest.mark.parametrize("who", ["helper", "another"])
async def test_whoever_is_no_moderator_changes_nothing(house: House, database_url: str, who: str, button: str) -> None:
    await handed_over(house)
    world, person = house.playground.world, getattr(house.cast, who)
    house.control.set_permissions(world.moderators, allow=Permission.VIEW_CHANNEL, who=person)
    before = (card(house).content, labels(card(house)), house.desk.content)
    await presses(house, card(house), (button, person))
    assert (card(house).content, labels(card(house)), house.desk.content) == before
    assert [m.content for m in told(house, person)] == ["Only moderators can do that here."]
    assert await audit(database_url) == []


@pytest.mark.parametrize("button", ["Claim", "Resolve", "More…"])
async def test_cards_outlive_a_restart(house: House, button: str) -> None:
    await handed_over(house)
    posted = card(house)
    await house.restart()
    await presses(house, posted, (button, house.cast.moderator))
    assert card(house) is posted
    if button == "More…":
        assert labels(told(house, house.cast.moderator)[-1]) == ["Why?", "Correct…", "Stop replying here"]
    else:
        assert f"by <@{house.cast.moderator.id}>" in posted.content
