"""What staff is told of trouble: once a place, and a night full of it leaves the channel readable."""

from bot.helpdesk.notices import MOST_AN_HOUR, NOT_DELIVERED, Notices
from bot.helpdesk.threads import Place
from bot.posts import ChannelId, GuildId
from tests.helpdesk.fakes import GUILD, STAFF_ROOM, FakeThreads, HandClock
from tests.tiny_knowledge import tiny


class Trouble:
    def __init__(self) -> None:
        self.clock, self.threads = HandClock(), FakeThreads()
        self.notices = Notices(self.threads, tiny().mind, lambda _: STAFF_ROOM, clock=self.clock)

    async def in_thread(self, number: int, *, guild_id: GuildId = GUILD) -> int:
        """How many messages there are after it."""
        place = Place(guild_id=guild_id, channel_id=ChannelId(number))
        await self.notices.tell(NOT_DELIVERED, place, about=ChannelId(number), reason="400")
        return len(self.threads.messages)


async def test_the_same_trouble_is_told_once() -> None:
    trouble = Trouble()
    assert [await trouble.in_thread(1), await trouble.in_thread(1)] == [1, 1]


async def test_many_troubles_of_one_hour_are_not_all_told() -> None:
    trouble = Trouble()
    assert [await trouble.in_thread(number) for number in range(1, 40)][-1] == MOST_AN_HOUR
    await trouble.clock.pass_time(3_599)
    assert await trouble.in_thread(40) == MOST_AN_HOUR


async def test_what_was_not_told_is_told_when_it_happens_again_later() -> None:
    trouble = Trouble()
    for number in range(1, 5):
        await trouble.in_thread(number)
    await trouble.clock.pass_time(3_600)
    assert await trouble.in_thread(4) == MOST_AN_HOUR + 1


async def test_the_trouble_of_one_server_does_not_silence_another() -> None:
    trouble = Trouble()
    for number in range(1, 5):
        await trouble.in_thread(number)
    assert await trouble.in_thread(5, guild_id=GuildId(GUILD + 1)) == MOST_AN_HOUR + 1
