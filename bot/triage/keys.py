"""Names for what Heron posts, made from Discord's ids: every process and every retry makes the same.

A key is the message's nonce (at most 25 characters) and stands in each of its buttons.
"""

from bot.posts import ChannelId, GuildId, MessageId

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


#: Behind the keys of an answer and of the words that stand beside it, one of each a question: nobody came for a day,
#: does it work by now, whatever else is said to somebody, and an answer that staff chose.
ANSWER, UNANSWERED, CHECK_IN, BESIDE, CHOSEN = "a", "u", "c", "b", "s"
#: Behind the keys of what moderators see: a case that people have to look at, a leaked key, a draft, the desk.
PEOPLE, LEAK, DRAFT, DESK = "p", "k", "f", "d"


def reply_key(question_id: MessageId, letter: str = ANSWER) -> str:
    return f"{_short(question_id)}-{letter}"


def people_key(case_id: ChannelId) -> str:
    """The card that hands a case to people."""
    return f"{_short(case_id)}-{PEOPLE}"


def leak_key(message_id: MessageId) -> str:
    """The card about a key in that message."""
    return f"{_short(message_id)}-{LEAK}"


def draft_key(key: str) -> str:
    """The card about a draft of that reply."""
    return f"{key.rpartition('-')[0]}-{DRAFT}"


def drafted_key(card_key: str) -> str:
    """The reply that the card is about: only answers are drafted."""
    return f"{card_key.rpartition('-')[0]}-{ANSWER}"


def desk_key(guild_id: GuildId) -> str:
    return f"{_short(guild_id)}-{DESK}"


def _short(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
