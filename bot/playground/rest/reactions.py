"""Reactions of the bot to messages. Only emoji of Unicode are played."""

from bot.playground.call import Answer, Call, Handler
from bot.playground.permissions import Permission
from bot.playground.refusals import refusal


async def add(call: Call) -> Answer:
    place = call.place(Permission.READ_MESSAGE_HISTORY)
    message = call.message(place)
    call.awake(place)
    emoji = call.emoji
    if emoji not in message.reactions and not call.may(Permission.ADD_REACTIONS, place):
        raise refusal(50013)  # joining in needs less than beginning
    if not emoji or emoji.isascii():
        raise refusal(10014)
    call.world.react(message, call.bot_id, emoji)
    return Answer(status=204)


ROUTES: dict[tuple[str, str], Handler] = {
    ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me"): add,
}
