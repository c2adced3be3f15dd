"""Discord's rate limits: headers on every answer, 429 when a route or the whole bot is too fast."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.config import RateLimits, RouteLimit
from bot.playground.refusals import RefusalError, too_fast

_UNLIMITED = RouteLimit(limit=10_000, per_s=1.0)
_POST_MESSAGE = "POST /channels/{channel_id}/messages"
_WRITE_LIMIT = 20028
#: Answers to interactions do not count against the bot as a whole.
_OUTSIDE = ("/interactions/", "/webhooks/")


@dataclass(slots=True, kw_only=True)
class _Window:
    ends_at: float
    used: int = 0


class RateLimiter:
    """Fixed windows, as Discord counts. Time here is the machine's: the client really waits."""

    def __init__(self, config: RateLimits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.config = config
        self.refused: Counter[str] = Counter()
        self._monotonic = monotonic
        self._windows: dict[str, _Window] = {}

    def count(
        self, method: str, route: str, major_id: int | None, *, renames: bool
    ) -> tuple[dict[str, str], RefusalError | None]:
        """The headers of the answer, and what to answer instead when there is no room."""
        name = f"{method} {route}"
        enforced = self.config.enforced
        counts = enforced and not route.startswith(_OUTSIDE)
        if counts and (wait_s := self._spend("global", self.config.overall)):
            self.refused["global"] += 1
            return _refused(wait_s, "global") | {"X-RateLimit-Global": "true"}, too_fast(wait_s, is_global=True)
        limit = self.config.routes.get(name, self.config.default) if enforced else _UNLIMITED
        bucket = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        wait_s = self._spend(f"{bucket}/{major_id}", limit)
        if not wait_s and enforced and renames:
            wait_s = self._spend(f"rename/{major_id}", self.config.renames)
        headers = self._headers(f"{bucket}/{major_id}", limit) | {"X-RateLimit-Bucket": bucket}
        if not wait_s:
            return headers, None
        self.refused[name] += 1
        return headers | _refused(wait_s, "user"), too_fast(wait_s, code=_WRITE_LIMIT if name == _POST_MESSAGE else 0)

    def _spend(self, key: str, limit: RouteLimit) -> float:
        """Seconds to wait; nothing when there was room."""
        now = self._monotonic()
        window = self._windows.get(key)
        if window is None or now >= window.ends_at:
            window = self._windows[key] = _Window(ends_at=now + limit.per_s)
        if window.used >= limit.limit:
            return window.ends_at - now
        window.used += 1
        return 0.0

    def _headers(self, key: str, limit: RouteLimit) -> dict[str, str]:
        window = self._windows[key]
        reset_after = max(0.0, window.ends_at - self._monotonic())
        return {
            "X-RateLimit-Limit": str(limit.limit),
            "X-RateLimit-Remaining": str(limit.limit - window.used),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
        }


def _refused(wait_s: float, scope: str) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(wait_s))), "X-RateLimit-Scope": scope}
