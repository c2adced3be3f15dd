"""Every button of askers, by the right and the wrong person, twice, at once, on an old message after a restart, and
while the database is slow: always one effect, always acknowledged, before the database says anything.
Staff's have a file of their own."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.moderation.escalation import Escalation
from bot.playground import Message, Thread
from bot.posts import ChannelId, GuildId
from bot.storage.cases import SqlCases
from bot.storage.escalations import SqlEscalations
from bot.triage.case import Case
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import DIM, House, labels

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
MONTH = 30 * 24 * 3600
SITUATIONS = ("at once", "old, after a restart", "while the database is slow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`row` is the whole row that it stands in; what its press leaves in the thread, and tells who pressed twice."""

    label: str
    asked: str = DIM
    is_private: bool = False  # in the choice behind *Still stuck*, which only the one who opened it can see
    effects: int = 1  # decisions that change what stands in the thread
    tag: str = ""  # none: the one that was there
    begins: str = "**The provider refused"
    whispers: int = 0


VAGUE = "my lamp gives a 503, please help"
BUTTONS = {
    "solved": Button(label="Solved", tag="Solved"),
    "stuck": Button(label="Still stuck", effects=0, whispers=2),
    "person": Button(label="Ask a person", tag="Handed over", begins="**On the moderators' list", whispers=1),
    "choice": Button(label="A", asked=VAGUE, tag="Answered"),
    "something else": Button(
        label="Something else",
        asked=VAGUE,
        tag="Waiting for you",
        begins="**What do you see when it fails?**",
        whispers=1,
    ),
    "same error": Button(label="I did the steps, same error", is_private=True, tag="Answered", begins="**What is left"),
    "not mine": Button(label="That's not my problem", is_private=True, tag="Handed over", begins="Taken back."),
    "mute": Button(label="Stop replying here", is_private=True, effects=0),
}


class SlowDatabase:
    """No case and no card can be read until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened = asyncio.Event()
        load = SqlCases.load

        async def slow_load(cases: SqlCases, thread_id: ChannelId) -> Case | None:
            await self.opened.wait()
            return await load(cases, thread_id)

        monkeypatch.setattr(SqlCases, "load", slow_load)
        get = SqlEscalations.get

        async def slow_get(escalations: SqlEscalations, key: str, guild_id: GuildId) -> Escalation | None:
            await self.opened.wait()
            return await get(escalations, key, guild_id)

        monkeypatch.setattr(SqlEscalations, "get", slow_get)


async def where_it_stands(house: House, thread: Thread, button: Button) -> Message:
    if not button.is_private:
        return house.only_answer(thread)
    house.control.press(house.only_answer(thread), "Still stuck")
    await house.settle()
    return house.control.whispers(thread)[-1]


async def pressed_twice(house: House, watcher: Watcher, message: Message, label: str, *, by: str) -> None:
    """Both presses are acknowledged, whatever becomes of them; a database that is slow says nothing until then."""
    before = len(watcher.of("POST", CALLBACK))
    for _ in range(2):
        house.control.press(message, label, by=getattr(house.cast, by))
    await house.control.wait_for(lambda: len(watcher.of("POST", CALLBACK)) == before + 2)
    assert [call.status for call in watcher.of("POST", CALLBACK)[before:]] == [200, 200]


async def pressed_in(
    situation: str,
    house: House,
    watcher: Watcher,
    monkeypatch: pytest.MonkeyPatch,
    message: Message,
    label: str,
    *,
    by: str,
    old_s: float = MONTH,
) -> None:
    """Twice, until everything has come of both presses."""
    if situation == SITUATIONS[1]:
        await house.after(old_s)
        await house.restart()
    database = SlowDatabase(monkeypatch)
    if situation != SITUATIONS[2]:
        database.opened.set()
    await pressed_twice(house, watcher, message, label, by=by)
    database.opened.set()
    await house.settle()


def effects(house: House) -> int:
    return len([decision for done in house.handled for decision in done.decisions if decision.replies])


def label_on(message: Message, button: Button) -> str:
    return next(label for label in labels(message) if label == button.label or label.startswith(f"{button.label} "))


async def told_twice(
    house: House,
    watcher: Watcher,
    monkeypatch: pytest.MonkeyPatch,
    thread: Thread,
    situation: str,
    button: Button,
    by: str,
) -> Message:
    """The message, once everything has come of both presses."""
    message = await where_it_stands(house, thread, button)
    await pressed_in(situation, house, watcher, monkeypatch, message, label_on(message, button), by=by)
    return message


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("button", BUTTONS.values(), ids=BUTTONS)
async def test_a_button_of_the_askers_counts_once(
    house: House, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, situation: str, button: Button
) -> None:
    thread = await house.asks(button.asked)
    answer, before = house.only_answer(thread), effects(house)
    await told_twice(house, watcher, monkeypatch, thread, situation, button, "asker")
    assert house.only_answer(thread) is answer
    assert effects(house) - before == button.effects
    assert answer.content.startswith(button.begins)
    assert not button.tag or house.tags(thread) == [button.tag]
    expected = 1 if button.is_private else button.whispers  # a private choice is changed, and nothing comes beside it
    assert len(house.control.whispers(thread)) == expected


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("button", [b for b in BUTTONS.values() if not b.is_private], ids=lambda b: b.label)
async def test_somebody_elses_press_changes_nothing_and_says_why(
    house: House, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, situation: str, button: Button
) -> None:
    thread = await house.asks(button.asked)
    answer = house.only_answer(thread)
    before = answer.content, labels(answer), effects(house)
    await told_twice(house, watcher, monkeypatch, thread, situation, button, "another")
    assert (house.only_answer(thread).content, labels(answer), effects(house)) == before
    told = [whisper.content for whisper in house.control.whispers(thread, to=house.cast.another)]
    assert told == ["These buttons belong to the person who asked."] * 2


@pytest.mark.parametrize("button", [b for b in BUTTONS.values() if not b.is_private], ids=lambda b: b.label)
async def test_a_moderator_may_press_for_the_asker(
    house: House, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, button: Button
) -> None:
    thread = await house.asks(button.asked)
    before = effects(house)
    await told_twice(house, watcher, monkeypatch, thread, SITUATIONS[0], button, "moderator")
    assert effects(house) - before == button.effects
    assert not button.tag or house.tags(thread) == [button.tag]
