"""Whoever may not is refused on Heron's own side: every command, every button of a card, every form."""

import inspect
from typing import Any

import pytest

from bot.helpdesk.mind import Mind
from bot.moderation.presses import CardPressed, CardPresses
from bot.moderation.staff import Person, Staff, Wish
from bot.playground import Playground
from bot.posts import GuildId, UserId, Verb
from bot.replies.message import Message
from bot.triage.presses import ASKERS_VERBS
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.test_moderators_commands import MODERATORS_LINES, lines_of
from tests.tiny_knowledge import tiny

#: May be typed by helpers or by everybody; what each may do to whose thread is the case's to decide.
FOR_OTHERS = {"escalate", "Escalate"}


async def test_every_command_is_either_for_everybody_or_tried_by_somebody_who_may_not(
    open_house: OpenHouse, playground: Playground
) -> None:
    await open_house()
    tried = {line for line, _ in MODERATORS_LINES}
    lines = {line for command in playground.registered_commands for line, _ in lines_of(command)}
    for line in lines - FOR_OTHERS:
        assert line.startswith("heron ") or line in tried or line in MENUS, line


#: Entries of a message's menu that are for moderators; tried in `test_moderators_cards` and `test_moderators_commands`.
MENUS = {"Why this answer?"}


class Told:
    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def tell(self, message: Message, **_: object) -> None:
        self.messages.append(message)


class Untouchable:
    """Whatever is asked of it was asked too much."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was reached by somebody who may not")


def _all_of(made: type) -> dict[str, Any]:
    return dict.fromkeys(inspect.signature(made).parameters, Untouchable())


@pytest.mark.parametrize("verb", sorted(frozenset(Verb) - ASKERS_VERBS))
@pytest.mark.parametrize("is_helper", [False, True])
async def test_no_verb_of_a_card_reaches_anything_for_somebody_who_is_no_moderator(verb: Verb, is_helper: bool) -> None:
    ready, told = tiny(), Told()
    staff = Staff(**{**_all_of(Staff), "mind": Mind(view=ready.view, templates=ready.templates)})
    presses = CardPresses(**{**_all_of(CardPresses), "staff": staff})
    person = Person(guild_id=GuildId(1), user_id=UserId(2), is_moderator=False, is_helper=is_helper)
    wish = Wish(wish_id=1, person=person, privately=told)
    for detail in (None, "wick-limit"):
        presses.pressed(CardPressed(wish=wish, key="0-p", verb=verb, detail=detail))
    await presses.idle()
    assert {message.content for message in told.messages} == {"Only moderators can do that here."}
