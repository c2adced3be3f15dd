"""Every button of staff: on cards, on drafts, and in the private menus behind them. By moderators, by whoever is none
and by whoever was one, twice, at once, on an old message after a restart, and while the database is slow."""

from dataclasses import dataclass

import pytest

from bot.playground import Message, Permission, Thread
from bot.playground.model import Channel
from tests.databases import rows_of
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import DIM, House, labels
from tests.end_to_end.test_buttons_matrix import MONTH, SITUATIONS, effects, pressed_in
from tests.end_to_end.test_drafts import MONEY

LEAKED = "my key is lk-fakefakefake0123456789ab"
#: Answered and handed over in one message.
PERSON = f"can I talk to a human, it says {DIM}"
#: A draft is void after a day.
HOURS = 20 * 3600
ONLY_MODERATORS = "Only moderators can do that here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`behind` are the buttons that open its private menu, `audit` what it leaves there however often it is pressed."""

    label: str
    asked: str = PERSON
    old_s: float = MONTH
    behind: tuple[str, ...] = ()
    audit: tuple[str, ...] = ()
    effects: int = 0  # decisions that change what stands in the thread
    whispers: int = 2  # in all; a menu is changed in place

    @property
    def is_private(self) -> bool:
        return bool(self.behind)


BUTTONS = {
    "claim": Button(label="Claim", audit=("claim",), whispers=0),  # the card itself shows whose it is
    "answer": Button(label="Answer…"),
    "resolve": Button(label="Resolve", audit=("resolve",), effects=1),
    "more": Button(label="More…"),
    "delete": Button(label="Delete message", asked=LEAKED, audit=("resolve",), effects=1),
    "send": Button(label="Send", asked=MONEY, old_s=HOURS, audit=("send",), effects=1),
    "edit": Button(label="Edit…", asked=MONEY, old_s=HOURS, whispers=0),  # opens a form
    "discard": Button(label="Discard", asked=MONEY, old_s=HOURS, audit=("discard",), effects=1),
    "an answer": Button(label="the provider", behind=("Answer…",), audit=("answer",), effects=1, whispers=1),
    "why": Button(label="Why?", behind=("More…",), whispers=1),
    "correct": Button(label="Correct…", behind=("More…",), whispers=1),
    "mute": Button(label="Stop replying here", behind=("More…",), audit=("mute",), whispers=1),
    "take back": Button(
        label="Take the answer back", behind=("More…", "Correct…"), audit=("correct",), effects=1, whispers=1
    ),
}
ON_CARDS = {name: button for name, button in BUTTONS.items() if not button.is_private}
IN_MENUS = {name: button for name, button in BUTTONS.items() if button.is_private}


def staff_room(house: House) -> Channel:
    return house.playground.world.moderators


def told(house: House, who: str) -> list[Message]:
    return house.control.whispers(staff_room(house), to=getattr(house.cast, who))


def card_with(house: House, label: str) -> Message:
    return next(card for card in reversed(house.control.answers(staff_room(house))) if label in labels(card))


async def stands(house: House, button: Button) -> tuple[Thread, Message]:
    """The thread, and the card or the menu that has the button."""
    thread = await house.asks(button.asked)
    message = card_with(house, (*button.behind, button.label)[0])
    for opener in button.behind:
        house.control.press(message, opener, by=house.cast.moderator)
        await house.settle()
        message = told(house, "moderator")[-1]
    return thread, message


def label_on(message: Message, button: Button) -> str:
    return next(label for label in labels(message) if label.startswith(button.label))


async def audited(database_url: str) -> tuple[str, ...]:
    rows = await rows_of(database_url, "SELECT action FROM audit ORDER BY entry_id")
    return tuple(str(row["action"]) for row in rows)


#: A form opens with the draft's words in it, so that a database that cannot be read opens none.
PRESSES = [
    pytest.param(button, situation, id=f"{name}, {situation}")
    for name, button in BUTTONS.items()
    for situation in SITUATIONS
    if (name, situation) != ("edit", SITUATIONS[2])
]


@pytest.mark.parametrize(("button", "situation"), PRESSES)
async def test_a_moderators_press_counts_once(
    house: House, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, database_url: str, situation: str, button: Button
) -> None:
    thread, message = await stands(house, button)
    before = effects(house)
    label = label_on(message, button)
    await pressed_in(situation, house, watcher, monkeypatch, message, label, by="moderator", old_s=button.old_s)
    assert await audited(database_url) == button.audit
    assert effects(house) - before == button.effects
    assert (thread.id in thread.messages) is (button.label != "Delete message")
    assert len(told(house, "moderator")) == button.whispers


@pytest.mark.parametrize("who", ["helper", "another", "asker"])
@pytest.mark.parametrize("button", ON_CARDS.values(), ids=ON_CARDS)
async def test_whoever_is_no_moderator_changes_nothing_and_learns_why(
    house: House, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, database_url: str, who: str, button: Button
) -> None:
    thread, message = await stands(house, button)
    house.control.set_permissions(staff_room(house), allow=Permission.VIEW_CHANNEL, who=getattr(house.cast, who))
    before = message.content, labels(message), effects(house)
    await pressed_in(SITUATIONS[2], house, watcher, monkeypatch, message, button.label, by=who)
    assert (message.content, labels(message), effects(house)) == before
    assert await audited(database_url) == ()
    assert thread.id in thread.messages
    assert [whisper.content for whisper in told(house, who)] == [ONLY_MODERATORS] * 2


@pytest.mark.parametrize("button", IN_MENUS.values(), ids=IN_MENUS)
async def test_a_menu_that_a_former_moderator_still_has_open_does_nothing(
    house: House, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, database_url: str, button: Button
) -> None:
    _, menu = await stands(house, button)
    house.playground.world.guild.members[house.cast.moderator.id].role_ids.clear()
    house.control.set_permissions(staff_room(house), allow=Permission.VIEW_CHANNEL, who=house.cast.moderator)
    before = effects(house)
    await pressed_in(SITUATIONS[0], house, watcher, monkeypatch, menu, label_on(menu, button), by="moderator")
    assert effects(house) == before
    assert await audited(database_url) == ()
    assert told(house, "moderator")[-1].content == ONLY_MODERATORS
