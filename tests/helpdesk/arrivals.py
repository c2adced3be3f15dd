"""Arrivals of a thread for tests, by the number of the message; the first has the thread's id."""

from bot.helpdesk.arrivals import Erased, Rewrote, Wrote
from bot.posts import ChannelId, GuildId, MessageId, Post, Role, UserId
from tests.shipped_knowledge import NOW

GUILD, THREAD = GuildId(1), ChannelId(5_000)
ASKER, HELPER, APP = UserId(11), UserId(12), UserId(13)
ROLES = {ASKER: Role.OTHER, HELPER: Role.STAFF, APP: Role.BOT}


def message_id(number: int) -> MessageId:
    return MessageId(THREAD + number)


def post(number: int, text: str = "words", *, by: UserId = ASKER, title: str = "") -> Post:
    return Post(message_id=message_id(number), author_id=by, role=ROLES[by], text=text, at=NOW, title=title)


def wrote(number: int, text: str = "words", *, by: UserId = ASKER, title: str = "") -> Wrote:
    return Wrote(guild_id=GUILD, thread_id=THREAD, post=post(number, text, by=by, title=title))


def rewrote(number: int, text: str = "words", *, by: UserId = ASKER) -> Rewrote:
    return Rewrote(guild_id=GUILD, thread_id=THREAD, post=post(number, text, by=by))


def erased(*numbers: int) -> Erased:
    return Erased(guild_id=GUILD, thread_id=THREAD, message_ids=tuple(message_id(number) for number in numbers))
