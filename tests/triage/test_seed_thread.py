"""The thread that Heron was made for.

A 429 after buying credits, a wish for money back, two pictures, then the error.
"""

import re

import pytest

from bot.lines import read_threads
from bot.replay import Played, replay
from bot.shipped import shipped_folder
from tests.shipped_knowledge import shipped

SEED = shipped_folder("templates") / "demo" / "seed.jsonl"

FREE_MODELS = ("moonshotai/kimi-k2:free", "deepseek/deepseek-chat-v3-0324:free")


@pytest.fixture(scope="module")
def played() -> list[Played]:
    (thread,) = read_threads(SEED.read_text("utf-8"), "seed.jsonl")
    return list(replay(thread, shipped().view, shipped().templates))


def actions(played: Played) -> set[str]:
    return {action.value for action in played.decision.actions}


def message(played: Played) -> str:
    assert played.message is not None
    return played.message


def test_the_first_reply_asks_which_of_both_kinds_of_429_it_is(played: list[Played]) -> None:
    assert "ask" in actions(played[0])
    said = message(played[0])
    assert "temporarily rate-limited upstream" in said
    assert "free-models-per-day" in said
    assert re.search(r"^\*\*A\*\* .+\n\*\*B\*\* ", said, re.MULTILINE)


def test_the_first_reply_does_not_blame_the_account(played: list[Played]) -> None:
    assert not re.search(
        r"your (account|balance|credits?) (is|are|was|were|has|have|ran|do)", message(played[0]), re.IGNORECASE
    )
    assert "your fault" not in message(played[0]).lower()


def test_the_first_reply_says_who_decides_about_the_credit_and_nothing_of_the_outcome(played: list[Played]) -> None:
    said = message(played[0])
    assert "support@openrouter.ai" in said
    assert "people in this forum can't see or change" in said
    assert not re.search(
        r"\b(you will|you'll|you won't|will be|won't be|eligible|entitled|not possible)\b", said, re.IGNORECASE
    )


def test_the_first_reply_is_one_message_that_says_how_to_stop_it(played: list[Played]) -> None:
    said = message(played[0])
    assert len(said) <= 900
    assert said.count("!mute") == 1
    assert said.splitlines()[-1].startswith("-# ")


def test_the_pictures_are_not_asked_about(played: list[Played]) -> None:
    assert actions(played[1]) == {"silent"}
    assert played[1].message is None


def test_after_the_error_the_provider_is_named_and_the_account_is_not_to_blame(played: list[Played]) -> None:
    assert actions(played[2]) == {"answer"}
    first_line = message(played[2]).splitlines()[0]
    assert "Chutes refused `qwen/qwen3-coder:free`" in first_line
    assert "not your account" in first_line


def test_the_askers_own_line_stands_as_proof_without_the_json_around_it(played: list[Played]) -> None:
    proof = message(played[2]).splitlines()[1]
    assert proof.startswith("`qwen/qwen3-coder:free is temporarily rate-limited upstream")
    assert "\\" not in proof
    assert "{" not in proof


def test_the_steps_come_in_order_waiting_first_and_money_last(played: list[Played]) -> None:
    steps = [line for line in message(played[2]).splitlines() if re.match(r"\d\. ", line)]
    assert [step[0] for step in steps] == ["1", "2", "3"]
    assert "Try again" in steps[0]
    assert "another `:free` one" in steps[1]
    assert "provider key" in steps[2]
    assert all("costs credits" in step or "bills you" in step for step in steps[1:])


def test_what_holds_for_the_other_two_models_is_said(played: list[Played]) -> None:
    others = next(line for line in message(played[2]).splitlines() if FREE_MODELS[0] in line)
    assert FREE_MODELS[1] in others
    assert "only if" in others


def test_the_later_reply_is_comfortable_to_read_and_repeats_no_footer(played: list[Played]) -> None:
    assert len(message(played[2])) <= 900
    assert "!mute" not in message(played[2])


def test_the_thread_waits_for_the_asker_and_needs_no_moderator(played: list[Played]) -> None:
    assert played[-1].state == "waiting_for_asker"
    assert all(p.cards == () for p in played)


def test_every_decision_of_the_thread_has_a_reason(played: list[Played]) -> None:
    assert all(p.decision.reason for p in played)
