"""Members of a guild, one at a time."""

from bot.playground import wire
from bot.playground.call import Answer, Call, Handler
from bot.playground.refusals import refusal


async def read(call: Call) -> Answer:
    guild = call.world.guilds.get(call.ids["guild_id"])
    if guild is None:
        raise refusal(10004)
    if call.ids["user_id"] not in guild.members:
        raise refusal(10007)
    return Answer(body=wire.member_payload(call.world, guild, call.ids["user_id"]))


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/guilds/{guild_id}/members/{user_id}"): read,
}
