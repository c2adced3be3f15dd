"""The world itself: who may do what, ids and order, waiting, and the two ways to compress."""

import zlib
from datetime import timedelta

import pytest
from discord.utils import _ActiveDecompressionContext

from bot.playground import Permission, Playground, PlaygroundConfig
from bot.playground.compression import UnknownCompressionError, compressor
from bot.playground.ids import Snowflakes, created_at
from bot.playground.people import Overwrite
from tests.playground.conftest import Clock


def test_ids_grow_even_when_the_clock_stands_still_or_goes_back(clock: Clock) -> None:
    ids = Snowflakes(clock, seed=3)
    made = [ids.next() for _ in range(5_000)]
    clock.pass_time(seconds=-10)
    made.append(ids.next())
    assert made == sorted(set(made))
    assert created_at(made[0]) == clock.now + timedelta(seconds=10)


def test_only_staff_and_the_bot_see_the_moderators_channel() -> None:
    world = Playground().world
    cast = world.cast
    people = (cast.asker, cast.another, cast.helper, cast.moderator, cast.owner, cast.bot)
    seeing = {
        user.username for user in people if Permission.VIEW_CHANNEL in world.permissions(user.id, world.moderators)
    }
    assert seeing == {"moderator", "owner", "playground-bot"}
    assert all(Permission.SEND_MESSAGES_IN_THREADS in world.permissions(user.id, world.forum) for user in people)
    assert Permission.MANAGE_THREADS not in world.permissions(cast.helper.id, world.forum)
    assert not world.permissions(1, world.forum)


def test_a_members_own_overwrite_wins_over_those_of_roles() -> None:
    world = Playground().world
    bot_id = world.cast.bot.id
    world.set_overwrite(world.moderators, bot_id, Overwrite(deny=Permission.VIEW_CHANNEL))
    assert not world.permissions(bot_id, world.moderators)
    world.set_overwrite(world.moderators, bot_id, Overwrite(allow=Permission.MENTION_EVERYONE))
    assert Permission.MENTION_EVERYONE in world.permissions(bot_id, world.moderators)


def test_every_guild_has_its_own_forum_and_the_same_people() -> None:
    world = Playground(config=PlaygroundConfig(guilds=3)).world
    assert len({guild.forum.id for guild in world.guilds.values()}) == 3
    assert len({frozenset(guild.members) for guild in world.guilds.values()}) == 1
    assert world.guild.forum is world.forum


async def test_waiting_ends_with_the_change_that_was_waited_for_or_in_time() -> None:
    playground = Playground()
    post = playground.control.create_post("429", "help")
    assert await playground.control.wait_for(lambda: post.starter) is post.starter
    with pytest.raises(TimeoutError):
        await playground.control.wait_for(lambda: post.archived, timeout=0.01)


async def test_a_subscriber_hears_everything_from_then_on() -> None:
    playground = Playground()
    playground.control.create_post("before", "unheard")
    events = playground.control.subscribe()
    post = playground.control.create_post("429", "help", order="message_first")
    playground.control.archive(post)
    assert [(await anext(events)).name for _ in range(3)] == ["MESSAGE_CREATE", "THREAD_CREATE", "THREAD_UPDATE"]
    events.close()


def test_each_compressed_frame_can_be_read_as_soon_as_it_is_there() -> None:
    compress = compressor("zlib-stream")
    assert compress is not None
    reader = zlib.decompressobj()
    assert [reader.decompress(compress(frame)) for frame in (b"one", b"two")] == [b"one", b"two"]
    assert compressor(None) is None


def test_zstd_is_spoken_where_the_machine_has_it() -> None:
    if _ActiveDecompressionContext.COMPRESSION_TYPE == "zstd-stream":
        compress = compressor("zstd-stream")
        assert compress is not None
        context = _ActiveDecompressionContext()
        assert [context.decompress(compress(frame)) for frame in (b"one", b"two")] == ["one", "two"]
    else:
        with pytest.raises(UnknownCompressionError):
            compressor("zstd-stream")
