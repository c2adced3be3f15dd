"""Commands as people send them: what Discord makes of a line such as `post claim`, and what comes back."""

from collections.abc import Mapping

from bot.playground import Message
from bot.playground.model import Payload, Place
from bot.playground.people import User
from tests.end_to_end.house import House

_TEXT, _NUMBER = 3, 10
_SUBCOMMAND, _GROUP = 1, 2


def written(line: str, options: Mapping[str, str | float] | None = None, *, focused: str | None = None) -> Payload:
    """`line` names the command and, where there are any, its group and subcommand."""
    name, *below = line.split()
    given: list[Payload] = [
        {"name": key, "type": _TEXT if isinstance(value, str) else _NUMBER, "value": value}
        | ({"focused": True} if key == focused else {})
        for key, value in (options or {}).items()
    ]
    for depth, sub in enumerate(reversed(below)):
        given = [{"name": sub, "type": _GROUP if depth else _SUBCOMMAND, "options": given}]
    return {"name": name, "options": given}


async def commands(house: House, place: Place, line: str, *, by: User | None = None, **options: str | float) -> str:
    """What whoever wrote it is told in private."""
    who = by or house.cast.moderator
    before = len(house.control.whispers(place, to=who))
    house.control.command(place, written(line, options), by=who)
    await house.settle()
    return _told(house, place, who, before)


async def chooses(house: House, message: Message, entry: str, *, by: User | None = None) -> str:
    """An entry in the menu of a message."""
    who, place = by or house.cast.moderator, house.playground.world.places[message.channel_id]
    before = len(house.control.whispers(place, to=who))
    house.control.menu(message, entry, by=who)
    await house.settle()
    return _told(house, place, who, before)


async def offered(house: House, place: Place, line: str, *, by: User | None = None, **typed: str) -> list[Payload]:
    """What is offered while somebody types the last of these options."""
    data = written(line, typed, focused=list(typed)[-1])
    interaction = house.control.command(place, data, by=by, is_typing=True)
    await house.control.wait_for(lambda: interaction.acknowledged is not None)
    return interaction.choices


def _told(house: House, place: Place, who: User, before: int) -> str:
    (said,) = house.control.whispers(place, to=who)[before:]
    return said.content
