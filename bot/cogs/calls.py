"""Every call to Discord waits for its turn, whoever makes it: `marked` says how urgent the calls inside it are."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.cogs.client import Client
from bot.helpdesk.pace import CALLS_PER_SECOND, Pace, Urgency

_URGENCY: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.SAY)


@contextmanager
def marked(urgency: Urgency) -> Iterator[None]:
    token = _URGENCY.set(urgency)
    try:
        yield
    finally:
        _URGENCY.reset(token)


def pace_calls(client: Client, *, per_second: float = CALLS_PER_SECOND) -> None:
    """All processes of a bot share one limit, in the proportion of the shards that they serve."""
    pace = Pace(lambda: per_second * client.share)
    request = client.http.request

    async def in_turn(*args: object, **kwargs: object) -> object:
        await pace.turn(_URGENCY.get())
        return await request(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    client.http.request = in_turn  # type: ignore[method-assign]  # the one way that all calls go
