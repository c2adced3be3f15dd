"""A look at a thread as a unit of work: what it brings to light goes the way of everything that is heard."""

from dataclasses import replace

from bot.helpdesk.arrivals import LookAgain
from bot.helpdesk.handle import MAX_TRIES
from bot.helpdesk.reconcile import Seen
from bot.helpdesk.threads import OwnMessage, Place, ThreadGone, Unclear
from bot.posts import ChannelId, GuildId, MessageId
from bot.triage.keys import reply_key
from bot.triage.plans import Action
from tests.helpdesk.test_handle import THREAD, Office, post, wrote


def seen(*numbers: int, **changes: object) -> Seen:
    return replace(Seen(posts=tuple(post(number) for number in numbers)), **changes)  # type: ignore[arg-type]


def look() -> LookAgain:
    return LookAgain(guild_id=GuildId(1), thread_id=ChannelId(THREAD))


async def test_a_look_brings_what_was_missed_and_says_that_it_is_through() -> None:
    office, asked = Office(), look()
    office.seen = seen(0)
    await office.hears(asked)
    assert office.actions == [Action.ANSWER]
    assert asked.looked.is_set()


async def test_what_a_look_found_first_is_nobodys_news_when_it_is_told_of() -> None:
    office = Office()
    office.seen = seen(0)
    await office.hears(look(), wrote(0))
    assert office.actions == [Action.ANSWER]


async def test_a_look_that_finds_nothing_new_decides_and_saves_nothing() -> None:
    office = Office()
    await office.hears(wrote(0))
    office.seen = seen(0)
    await office.hears(look())
    assert (office.cases.saves, len(office.handled)) == (1, 1)


async def test_a_look_that_finds_our_own_message_keeps_where_it_stands() -> None:
    office = Office()
    stands = OwnMessage(
        message_id=MessageId(77), content="", custom_ids=(f"h1:{reply_key(MessageId(THREAD))}:solved",), answers=None
    )
    office.seen = seen(0, own=(stands,))
    await office.hears(look())
    assert office.cases.adopted == {reply_key(MessageId(THREAD)): 77}


async def test_a_thread_that_is_gone_has_its_words_forgotten() -> None:
    office = Office()
    await office.hears(wrote(0))
    office.refusals = [ThreadGone("404 10003")]
    await office.hears(look())
    assert office.case.messages == ()


async def test_work_that_fails_or_never_begins_is_reported_and_nobody_waits_for_it() -> None:
    office, asked = Office(), look()
    office.refusals = [Unclear("503")]
    await office.hears(asked)
    await office.desk.stop()
    late = look()
    office.desk.hear(late)
    assert asked.looked.is_set()
    assert late.looked.is_set()
    assert office.failed == [Place(guild_id=GuildId(1), channel_id=ChannelId(THREAD))] * 2


async def test_a_case_that_moves_each_time_is_looked_at_again_later() -> None:
    office = Office()
    await office.hears(wrote(0))
    office.cases.moves = MAX_TRIES
    await office.hears(wrote(1))
    assert len(office.failed) == 1
