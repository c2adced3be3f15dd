"""Asks the service over HTTP: bounded in time and size, tried again where that helps, never trusted."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from bot.openrouter.breaker import Breaker

T = TypeVar("T")

TRIES = 3
FIRST_PAUSE_S = 0.2
#: Statuses after which the same question may get another answer.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})


class Unavailable(Exception):
    """No answer, or none that can be used; its text is for the log."""


class Unknown(Exception):
    """The service answered: there is no such thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    seconds: float  # over all tries
    max_bytes: int


class _Passing(Exception):
    def __init__(self, reason: str, *, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Api:
    """`random` and `pause` are handed in, so that a test waits for nothing."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        random: Callable[[], float],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._random = random
        self._pause = pause
        self._now = now
        self._breakers: dict[str, Breaker] = {}

    async def json(self, address: str, bounds: Bounds) -> object:
        """What the service says; raises `Unavailable` or `Unknown`."""
        return await self._asked(address, bounds, json.loads)

    async def body(self, address: str, bounds: Bounds) -> bytes:
        return await self._asked(address, bounds, bytes)

    def breaker(self, address: str) -> Breaker:
        """One a host."""
        return self._breakers.setdefault(httpx.URL(address).host, Breaker(self._now))

    async def _asked(self, address: str, bounds: Bounds, read: Callable[[bytes], T]) -> T:
        breaker = self.breaker(address)
        if not breaker.may_ask():
            raise Unavailable("left alone for a while after it failed")
        try:
            async with asyncio.timeout(bounds.seconds):
                body = await self._tried(address, bounds, breaker)
                # A list of all models has a megabyte: it is read beside the event loop.
                answer = await asyncio.to_thread(read, body)
        except Unknown:
            breaker.succeeded()
            raise
        except (TimeoutError, _Passing, Unavailable) as error:
            breaker.failed()
            raise Unavailable(str(error) or "it takes too long") from None
        except (ValueError, RecursionError):
            breaker.failed()
            raise Unavailable("no JSON") from None
        except BaseException:
            breaker.gave_up()
            raise
        breaker.succeeded()
        return answer

    async def _tried(self, address: str, bounds: Bounds, breaker: Breaker) -> bytes:
        ends_at = self._now() + bounds.seconds
        for number in range(1, TRIES + 1):
            try:
                return await self._once(address, bounds)
            except _Passing as refusal:
                jittered = FIRST_PAUSE_S * 2 ** (number - 1) * (0.5 + self._random() / 2)
                wait_s = max(jittered, refusal.after_s)
                if refusal.after_s > bounds.seconds:
                    breaker.rest(refusal.after_s)
                if number == TRIES or self._now() + wait_s >= ends_at:
                    raise
                await self._pause(wait_s)
        raise AssertionError("the last try returns or raises")

    async def _once(self, address: str, bounds: Bounds) -> bytes:
        try:
            async with self._client.stream("GET", address) as response:
                status = response.status_code
                if status in _PASSING:
                    raise _Passing(f"status {status}", after_s=_retry_after_s(response.headers.get("retry-after", "")))
                if status == httpx.codes.NOT_FOUND:
                    raise Unknown
                if status != httpx.codes.OK:
                    raise Unavailable(f"status {status}")
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > bounds.max_bytes:
                        raise Unavailable(f"more than {bounds.max_bytes} bytes")
                return bytes(body)
        except httpx.DecodingError:
            raise Unavailable("cannot be unpacked") from None
        except httpx.HTTPError as error:
            raise _Passing(type(error).__name__) from None


def _retry_after_s(header: str) -> float:
    """Seconds or a date; 0 for what is neither."""
    if header.isascii() and header.isdecimal():
        return float(header[:6])
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
