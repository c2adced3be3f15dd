"""When late answers may go out: ten a minute and server, unless the forum is quiet."""

from datetime import timedelta

from bot.helpdesk.late import LatePace
from bot.posts import GuildId
from tests.shipped_knowledge import NOW

ONE, OTHER = GuildId(1), GuildId(2)


def taken(pace: LatePace, number: int, guild_id: GuildId = ONE) -> list[float]:
    """The waits of so many answers that are all ready now."""
    waits = []
    for _ in range(number):
        waits.append(pace.wait_s(guild_id, NOW))
        pace.take(guild_id, NOW + timedelta(seconds=waits[-1]))
    return waits


def test_ten_go_at_once_the_next_ten_a_minute_later() -> None:
    pace = LatePace()
    pace.somebody_wrote(ONE, NOW)
    assert taken(pace, 25) == [0.0] * 10 + [60.0] * 10 + [120.0] * 5


def test_each_server_has_its_own_ten() -> None:
    pace = LatePace()
    for guild_id in (ONE, OTHER):
        pace.somebody_wrote(guild_id, NOW)
        assert taken(pace, 10, guild_id) == [0.0] * 10


def test_where_nobody_wrote_lately_all_go_at_once() -> None:
    pace = LatePace()
    pace.somebody_wrote(ONE, NOW - timedelta(minutes=10))
    assert taken(pace, 50) == [0.0] * 50


def test_the_newest_word_counts_in_whatever_order_they_are_heard() -> None:
    pace = LatePace()
    pace.somebody_wrote(ONE, NOW)
    pace.somebody_wrote(ONE, NOW - timedelta(hours=1))
    assert taken(pace, 11)[-1] == 60.0


def test_the_limit_can_be_off() -> None:
    pace = LatePace(per_minute=None)
    pace.somebody_wrote(ONE, NOW)
    assert taken(pace, 50) == [0.0] * 50
