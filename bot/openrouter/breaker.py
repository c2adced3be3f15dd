"""Leaves a service alone that does not answer: after some failures in a row nobody asks for a while, then one does."""

from collections.abc import Callable

FAILURES = 4
FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 600.0


class Breaker:
    """`now` is a clock that never goes back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failures = 0
        self._pause_s = FIRST_PAUSE_S
        self._closed_again_at = 0.0
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        return self._now() < self._closed_again_at

    def may_ask(self) -> bool:
        """Whoever is allowed to ask must tell how it went. After a pause one alone is."""
        if self.is_open or self._is_probing:
            return False
        self._is_probing = self._failures >= FAILURES
        return True

    def succeeded(self) -> None:
        self._failures, self._pause_s, self._is_probing = 0, FIRST_PAUSE_S, False

    def failed(self) -> None:
        self._failures += 1
        self._is_probing = False
        if self._failures >= FAILURES:
            self.rest(self._pause_s)
            self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)

    def gave_up(self) -> None:
        """Whoever asked stopped waiting; that says nothing about the service."""
        self._is_probing = False

    def rest(self, seconds: float) -> None:
        """Nobody asks for so long: the service may say so itself."""
        self._closed_again_at = max(self._closed_again_at, self._now() + min(seconds, LONGEST_PAUSE_S))
