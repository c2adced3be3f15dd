"""When nobody asks any more, and who asks first again."""

import pytest

from bot.openrouter.breaker import FAILURES, FIRST_PAUSE_S, LONGEST_PAUSE_S, Breaker


class Time:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(time)


def broken(breaker: Breaker) -> None:
    for _ in range(FAILURES):
        assert breaker.may_ask()
        breaker.failed()


def test_a_success_in_between_counts_the_failures_from_the_start(breaker: Breaker) -> None:
    for _ in range(3 * FAILURES):
        breaker.failed()
        breaker.succeeded()
    assert breaker.may_ask()


def test_after_the_pause_one_alone_asks(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    assert not breaker.may_ask()
    time.at += FIRST_PAUSE_S
    assert [breaker.may_ask(), breaker.may_ask()] == [True, False]
    breaker.succeeded()
    assert [breaker.may_ask(), breaker.may_ask()] == [True, True]


def test_each_failure_after_a_pause_makes_the_next_one_longer_up_to_a_limit(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    pauses = []
    for _ in range(8):
        began = time.at
        while breaker.is_open:
            time.at += 1
        pauses.append(time.at - began)
        assert breaker.may_ask()
        breaker.failed()
    assert pauses[:3] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == LONGEST_PAUSE_S


def test_whoever_gives_up_lets_the_next_one_ask(breaker: Breaker, time: Time) -> None:
    broken(breaker)
    time.at += FIRST_PAUSE_S
    assert breaker.may_ask()
    breaker.gave_up()
    assert breaker.may_ask()


def test_nobody_rests_for_ever(breaker: Breaker, time: Time) -> None:
    breaker.rest(10**9)
    time.at += LONGEST_PAUSE_S
    assert breaker.may_ask()
