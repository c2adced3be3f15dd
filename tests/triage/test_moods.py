"""What a message says about its thread, and commands as lines of their own."""

import pytest

from bot.triage.moods import Moods, commands
from tests.shipped_knowledge import Ready


@pytest.fixture(scope="module")
def moods(ours: Ready) -> Moods:
    return Moods(ours.base.phrases)


@pytest.mark.parametrize(
    "said",
    ["it works now", "Solved, thank you", "IT WORKS NOW!!", "geht jetzt, danke", "заработало", "现在好了，可以用了"],
)
def test_who_says_that_it_works_is_understood(moods: Moods, said: str) -> None:
    assert moods.read(said).says_solved


@pytest.mark.parametrize(
    "said", ["it still doesn't work", "nothing works", "does it work for you", "how is it solved?"]
)
def test_who_says_the_opposite_or_asks_is_not_taken_for_solved(moods: Moods, said: str) -> None:
    mood = moods.read(said)
    assert not mood.says_solved or mood.asks


@pytest.mark.parametrize("said", ["+1", "same here", "thanks!", "👍", ""])
def test_agreement_is_only_agreement(moods: Moods, said: str) -> None:
    assert moods.read(said).only_agrees


@pytest.mark.parametrize(
    "said", ["same here, but with Chutes and a different model since this morning", "have you tried turning it off"]
)
def test_more_than_agreement_is_more(moods: Moods, said: str) -> None:
    assert not moods.read(said).only_agrees


@pytest.mark.parametrize("said", ["can I talk to a human", "I want to speak to a moderator please"])
def test_who_wants_a_person_is_understood(moods: Moods, said: str) -> None:
    assert moods.read(said).wants_person


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("!mute", "mute"),
        (" !Unmute ", "unmute"),
        ("!mute\n!unmute", "unmute"),
        ("please !mute this", None),
        ("!muted", None),
        ("", None),
    ],
)
def test_a_command_is_a_line_of_its_own(said: str, command: str | None) -> None:
    assert commands(said) == command
