"""A moderator of one server is nobody in another, whatever they press or name."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.helpdesk.ports import GuildSettings
from bot.playground import Message, Playground, PlaygroundConfig, Thread
from bot.playground.model import Guild
from bot.posts import ChannelId, GuildId
from bot.storage.guilds import SqlGuilds
from tests.databases import rows_of
from tests.end_to_end.commands import chooses, commands, offered
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import HandClock, House
from tests.tiny_knowledge import tiny

UNKNOWN = "I know nothing of that"


@pytest.fixture
async def playground(watcher: Watcher, clock: HandClock) -> AsyncIterator[Playground]:
    config = PlaygroundConfig(bot_name="Heron", guilds=2)
    async with Playground(clock=clock.now, config=config, observer=watcher) as playground:
        yield playground


@pytest.fixture
def other(playground: Playground) -> Guild:
    """Set up like the first, where the moderator of the first is a moderator, too, and nowhere else any more."""
    first, second = playground.world.guilds.values()
    first.members[playground.world.cast.moderator.id].role_ids.clear()
    return second


@pytest.fixture
async def house(playground: Playground, clock: HandClock, database_url: str, other: Guild) -> AsyncIterator[House]:
    house = House(playground, tiny(), database_url, clock, quiet_s=0.0, desk_rest=timedelta())
    settings = GuildSettings(
        guild_id=GuildId(other.id),
        forum_ids=(ChannelId(other.forum.id),),
        moderator_role_ids=(other.role("Moderator").id,),
        helper_role_ids=(),
        moderator_channel_id=ChannelId(other.moderators.id),
    )
    await SqlGuilds(house.engine).fill(settings)
    await house.start()
    yield house
    await house.close()


async def handed_over(house: House) -> Thread:
    thread = await house.asks()
    house.control.press(house.only_answer(thread), "Ask a person")
    await house.settle()
    return thread


async def test_each_server_has_a_desk_of_its_own_that_shows_only_its_own(house: House, other: Guild) -> None:
    thread = await handed_over(house)
    (elsewhere,) = [m for m in house.control.answers(other.moderators) if str(m.nonce).endswith("-d")]
    assert f"<#{thread.id}>" in house.desk.content
    assert "Nobody is waiting" in elsewhere.content
    assert [m for m in house.control.answers(other.moderators) if str(m.nonce).endswith("-p")] == []


@pytest.mark.parametrize(
    "line", ["post show", "post claim", "post resolve", "post reopen", "post answer", "post correct", "post why"]
)
async def test_a_thread_of_another_server_cannot_be_named(
    house: House, other: Guild, database_url: str, line: str
) -> None:
    thread = await handed_over(house)
    before = (house.cards[0].content, house.desk.content, [m.content for m in house.answers(thread)])
    if line in ("post answer", "post correct"):
        said = await commands(house, other.moderators, line, article="wick-limit", thread=str(thread.id))
    else:
        said = await commands(house, other.moderators, line, thread=str(thread.id))
    assert said.startswith((UNKNOWN, "Nothing was decided there yet."))
    assert (house.cards[0].content, house.desk.content, [m.content for m in house.answers(thread)]) == before
    assert await rows_of(database_url, "SELECT action FROM audit") == []


async def test_what_waits_in_another_server_is_not_offered_nor_counted(house: House, other: Guild) -> None:
    thread = await handed_over(house)
    assert await offered(house, other.moderators, "post claim", thread="lamp") == []
    assert str(thread.id) not in await commands(house, other.moderators, "desk queue")
    assert "0 posts · 0 answered" in await commands(house, other.moderators, "desk stats")
    assert await commands(house, other.moderators, "desk log") == "Nobody did anything with me here yet."
    swept = await commands(house, other.moderators, "desk sweep", article="upstream-dim", since="9d")
    assert "0 of my answers stand" in swept


@pytest.mark.parametrize("button", ["Claim", "Answer…", "Resolve", "More…"])
async def test_a_button_that_was_copied_to_another_server_does_nothing(
    house: House, other: Guild, database_url: str, button: str
) -> None:
    await handed_over(house)
    card = house.cards[0]
    copied = Message(author_id=house.cast.bot.id, content="copied", components=card.components)
    house.playground.world.post(other.moderators, copied)
    before = (card.content, house.desk.content)
    house.control.press(copied, button, by=house.cast.moderator)
    await house.settle()
    (said,) = house.control.whispers(other.moderators, to=house.cast.moderator)
    assert said.content.startswith(UNKNOWN)
    assert (card.content, house.desk.content) == before
    assert await rows_of(database_url, "SELECT action FROM audit") == []


@pytest.mark.parametrize("button", ["Send", "Edit…", "Discard"])
async def test_a_draft_cannot_be_settled_from_another_server(
    house: House, other: Guild, database_url: str, button: str
) -> None:
    thread = await house.asks("please refund the oil that I bought")
    told = house.control.answers(house.playground.world.moderators)
    (card,) = [message for message in told if str(message.nonce).endswith("-f")]
    copied = Message(author_id=house.cast.bot.id, content="copied", components=card.components)
    house.playground.world.post(other.moderators, copied)
    before = card.content
    opened = house.control.press(copied, button, by=house.cast.moderator)
    await house.settle()
    (said,) = house.control.whispers(other.moderators, to=house.cast.moderator)
    assert said.content.startswith(UNKNOWN)
    assert opened.form is None
    assert (card.content, house.answers(thread)) == (before, [])
    assert await rows_of(database_url, "SELECT action FROM audit") == []


async def test_whoever_moderates_elsewhere_is_refused_here(house: House) -> None:
    thread = await handed_over(house)
    for one in house.playground.registered_commands:
        one["default_member_permissions"] = None
    assert await commands(house, thread, "post claim") == "Only moderators can do that here."
    assert (await chooses(house, house.only_answer(thread), "Escalate")).startswith("Only moderators and helpers")


async def test_a_pause_holds_in_its_own_server_only(house: House, other: Guild) -> None:
    await commands(house, other.moderators, "desk pause")
    assert len(house.answers(await house.asks())) == 1
    thread = house.control.create_post("The lamp", "my lamp", forum=other.forum)
    await house.settle()
    assert house.answers(thread) == []
