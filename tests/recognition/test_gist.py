"""What is left of a long post: people's words and its errors."""

import pytest

from bot.recognition.gist import ERRORS, HEAD, LENGTH, TAIL, gist

STORY = "I run a bot for a chess club and it stopped answering on Monday."
QUESTION = "What do I have to change?"
LOG = "\n".join(f"2026-11-{day:02} 09:{day:02}:00 [worker] INFO job {day * 37} picked up" for day in range(1, 31))
ERROR = "2026-11-12 09:12:07 [worker] ERROR 402 Insufficient credits"


def test_a_short_text_stays_as_it_is() -> None:
    text = "a line\n" * 20
    assert gist(text) == text


def test_of_a_log_only_its_errors_stay() -> None:
    assert gist(f"{STORY}\n{LOG}\n{ERROR}\n{LOG}\n{QUESTION}", [ERROR]) == f"{STORY}\n{ERROR}\n{QUESTION}"


def test_the_line_of_an_error_stays_whole_though_the_error_is_a_part_of_it() -> None:
    assert ERROR in gist(f"{STORY}\n{LOG}\n{ERROR}\n{LOG}\n{QUESTION}", ["402 Insufficient credits"])


def test_a_list_in_somebodys_own_words_is_no_log() -> None:
    steps = "\n".join(
        f"{number}. {step}" for number, step in enumerate(("reset", "new key", "other browser", "VPN"), 1)
    )
    assert steps in gist(f"{STORY}\n{steps}\n{LOG}\n{QUESTION}")


@pytest.mark.parametrize("errors", [[], ["402 Insufficient credits"], ["502 " + "x" * 3 * LENGTH] * 2 * ERRORS])
def test_of_a_long_story_beginning_end_and_errors_stay(errors: list[str]) -> None:
    story = " ".join(f"word{number}" for number in range(1000))
    found = gist(f"{story}\n{''.join(errors)}\n{story}\n{QUESTION}", errors)
    assert found.startswith(story[:HEAD])
    assert found.endswith(QUESTION)
    assert all(error[:LENGTH] in found for error in errors)
    assert len(found) <= HEAD + TAIL + (ERRORS + 1) * (LENGTH + 1)
