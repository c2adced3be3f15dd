"""Which servers a process serves."""

import pytest

from bot.app.shards import EVERYTHING, BadShards, Shards
from bot.posts import GuildId


def guild_on(shard: int, count: int) -> GuildId:
    return GuildId((7 * count + shard) << 22 | 5)


@pytest.mark.parametrize(
    ("text", "ids", "count"),
    [
        ("0/1", (0,), 1),
        ("1/2", (1,), 2),
        ("0-3/8", (0, 1, 2, 3), 8),
        ("0, 2-3 / 4", (0, 2, 3), 4),
        ("3,1,1-2/4", (1, 2, 3), 4),
    ],
)
def test_shards_are_read_as_people_write_them(text: str, ids: tuple[int, ...], count: int) -> None:
    assert Shards.parse(text) == Shards(ids=ids, count=count)


@pytest.mark.parametrize("text", ["", "1", "/2", "0/", "2/2", "1-0/2", "0-2/2", "0/0", "-1/2", "a/b", "0/99999", "²/3"])
def test_shards_that_cannot_be_are_refused_by_the_name_of_the_option(text: str) -> None:
    with pytest.raises(BadShards, match="--shards"):
        Shards.parse(text)


def test_every_server_has_exactly_one_owner_however_the_shards_are_shared_out() -> None:
    parts = [Shards.parse(text) for text in ("0-1/4", "2/4", "3/4")]
    for shard in range(4):
        assert [part.owns(guild_on(shard, 4)) for part in parts].count(True) == 1
        assert EVERYTHING.owns(guild_on(shard, 4))


def test_whoever_has_all_shards_serves_everything() -> None:
    assert [Shards.parse(text).is_everything for text in ("0/1", "0-3/4", "0-2/4")] == [True, True, False]


def test_what_is_written_back_can_be_read_again() -> None:
    shards = Shards.parse("0,2-3/4")
    assert Shards.parse(str(shards)) == shards
