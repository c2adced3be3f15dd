"""A thousand posts that were missed: how much of what Discord allows is used to answer them, and what memory it takes.

The posts are there before Heron starts, and nobody answered them. Each costs three calls: it is read, it is answered,
its tag is set when nothing is left to be said.
"""

import asyncio

from benchmarks.crowd import SEND, Answered, Calls, memory_mb, serving, strict_playground
from benchmarks.first_answer import ERROR
from bot.app import read_mind
from bot.helpdesk.clock import SystemClock
from bot.settings import Settings

MISSED = 1_000
PATIENCE_S = 300.0
#: When memory is looked at, by answers: once all machinery has run, and at the end.
WARM, DONE = MISSED // 4, MISSED


def measure(settings: Settings) -> dict[str, object]:
    return asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> dict[str, object]:
    mind, calls = read_mind(settings, clock=SystemClock(), salt=b""), Calls()
    async with strict_playground(calls) as playground:
        for number in range(MISSED):
            playground.control.create_post(f"Rate limited {number}", ERROR.format(number=number))
        answered = Answered(playground)
        async with serving(settings, mind, playground) as serves:
            memory = {}
            for number in (WARM, DONE):
                await answered.wait_for(number, patience_s=PATIENCE_S)
                memory[f"memory_mb_after_{number}"] = memory_mb()
            await serves.heron.idle()
        begin = next(at for at, (_, route) in calls.made if route.endswith("/threads/active"))
        return {
            "missed": MISSED,
            "answered_once": answered.once,
            **calls.figures(begin=begin, end=calls.last(SEND)),
            **memory,
        }
