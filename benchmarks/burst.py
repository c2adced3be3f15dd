"""Two hundred posts at once: whether all are answered, and how much of what Discord allows is used meanwhile."""

import asyncio
import time

from benchmarks.crowd import SEND, Answered, Calls, serving, strict_playground
from benchmarks.first_answer import AT_ONCE, ERROR
from bot.app import read_mind
from bot.helpdesk.clock import SystemClock
from bot.settings import Settings

PATIENCE_S = 60.0
#: Longer than any window in which Discord counts calls: what was called at the start has no part in the figures.
REST_S = 2.0


def measure(settings: Settings) -> dict[str, object]:
    return asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, object]:
    mind, calls = read_mind(settings, clock=SystemClock(), salt=b""), Calls()
    async with strict_playground(calls) as playground, serving(settings, mind, playground) as serves:
        control, answered = playground.control, Answered(playground)
        await control.connected(timeout_s=PATIENCE_S)
        await serves.heron.idle()
        await asyncio.sleep(REST_S)
        begin = time.perf_counter()
        for number in range(AT_ONCE):
            control.create_post(f"Rate limited {number}", ERROR.format(number=number))
        await answered.wait_for(AT_ONCE, patience_s=PATIENCE_S)
        await serves.heron.idle()
        return {
            "posts_at_once": AT_ONCE,
            "answered_once": answered.once,
            **calls.figures(begin=begin, end=calls.last(SEND)),
        }
