"""One storm on one database: rounds of posts, trouble and kills, then calm; and what it showed."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.playground import Playground, PlaygroundConfig
from bot.playground.ids import shard_of
from chaos.databases import fill_in_servers, unsettled
from chaos.fleet import Alone, Fleet, Shared
from chaos.forum import Forum
from chaos.history import History
from chaos.questions import Questions
from chaos.trigger import Moment, Trigger, choose
from chaos.trouble import Trouble

GUILDS = SHARDS = 2
THREADS, POSTS, KILLS = 50, 200, 30
#: How often somebody's act comes with trouble on the gateway.
DISTURBED = 0.12
#: Longest wait for a start, for a blow, for calm, for the last corrections, and for the whole storm.
START_S, BLOW_S, CALM_S, REST_S, STORM_S = 30.0, 3.0, 130.0, 20.0, 330.0
LOOKS = 40
TAKE_OVER_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    database: str
    seed: int
    kills: int
    blows: dict[str, int]
    troubles: dict[str, int]
    done: dict[str, int]
    deserved: int
    answers: int
    take_overs_s: list[float]
    calm_after_s: float
    duration_s: float
    violations: list[str] = field(default_factory=list)


class Storm:
    def __init__(self, *, database: str, url: str, seed: int, folder: Path, questions: Questions) -> None:
        self._database = database
        self._url = url
        self._seed = seed
        # One stream of chance for each, so that none moves the others.
        self._moments, self._acts, forum, trouble = (Random(f"{seed} {database} {i}") for i in range(4))
        self._blows: Counter[str] = Counter()
        is_shared = database == "postgresql"
        self._trigger = Trigger(self._strike, lambda exchange: self._history.called(exchange))
        self._playground = Playground(
            seed=seed,
            config=PlaygroundConfig(bot_name="Heron", guilds=GUILDS, shards=SHARDS if is_shared else 1),
            observer=self._trigger,
        )
        self._history = History(self._playground)
        self._trouble = Trouble(self._playground, trouble)
        self._forum = Forum(self._playground, questions, forum, most_threads=THREADS, most_posts=POSTS)
        self._folder = folder
        self._is_shared = is_shared
        self._fleet: Fleet

    async def run(self, say: Callable[[str], None]) -> Report:
        began, calm_after_s = time.monotonic(), STORM_S
        async with self._playground as playground:
            await fill_in_servers(self._url, list(playground.world.guilds.values()))
            self._fleet = self._new_fleet()
            try:
                async with asyncio.timeout(STORM_S):
                    await self._fleet.start()
                    while self._fleet.kills < KILLS:
                        await self._round()
                    say(f"{self._database}: storm over after {time.monotonic() - began:.0f} s: {self._summary()}")
                    calm_after_s = await self._calm()
                violations = await self._violations()
            except TimeoutError:
                violations = ["the storm did not come to its end in time", *self._forum.wrong()]
            finally:
                await self._fleet.end()
                self._history.write(self._folder / "history.log")
        return Report(
            database=self._database,
            seed=self._seed,
            kills=self._fleet.kills,
            blows=dict(sorted(self._blows.items())),
            troubles=self._trouble.counts,
            done=dict(self._forum.done),
            deserved=self._forum.deserved,
            answers=self._forum.answers,
            take_overs_s=[round(seconds, 2) for seconds in self._fleet.take_overs_s],
            calm_after_s=round(calm_after_s, 1),
            duration_s=round(time.monotonic() - began, 1),
            violations=violations,
        )

    def _new_fleet(self) -> Fleet:
        environment = {
            "DISCORD_TOKEN": self._playground.token,
            "DISCORD_API_URL": self._playground.api_url,
            "ANSWERS_PER_HOUR": "0",  # one asker writes all of it
            "DATABASE_URL": self._url,
        }
        if self._is_shared:
            return Shared(self._playground, self._folder, environment, shards=SHARDS, chance=self._moments)
        return Alone(self._playground, self._folder, environment)

    # The storm

    async def _round(self) -> None:
        """Posts come while somebody serves, and between the kill and the READY of the next, which nobody hears of."""
        await self._fleet.settled()
        self._trouble.prepare(self._moments.randint(1, 4))
        moment = choose(self._moments)
        acting = asyncio.create_task(self._act())
        try:
            await self._wait_for(moment)
        finally:
            acting.cancel()
            await asyncio.wait({acting})
        self._blows[moment.name] += 1
        if not acting.cancelled():
            acting.result()  # it never ends by itself, so this raises
        for _ in range(self._acts.randint(0, 3)):
            self._forum.act()
            await asyncio.sleep(self._acts.uniform(0.0, 0.15))
        await self._fleet.restore()

    async def _wait_for(self, moment: Moment) -> None:
        """Until the blow has fallen; when no such call comes, it falls all the same."""
        self._trigger.arm(moment)
        if moment.is_while_starting:
            await asyncio.sleep(moment.after_s)
        else:
            # A call that outlived the process which made it may bring the blow down before anybody is connected again.
            control, struck = self._playground.control, self._trigger.struck
            await control.wait_for(lambda: struck.is_set() or control.live_connections(), START_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(moment.after_s if moment.call is None else BLOW_S):
                    await self._trigger.struck.wait()
        if not self._trigger.struck.is_set():
            self._trigger.pull()

    async def _act(self) -> None:
        await self._playground.control.connected(timeout_s=START_S)
        while True:
            self._forum.act()
            if self._acts.random() < DISTURBED:
                self._trouble.disturb()
            await asyncio.sleep(self._acts.uniform(0.0, 0.6))

    def _strike(self, channel_id: int | None) -> None:
        self._history.note("KILL")
        place = self._playground.world.places.get(channel_id or 0)
        self._fleet.kill(shard_of(place.guild_id, SHARDS) if place is not None else None)

    # Afterwards

    async def _calm(self) -> float:
        """The rest of the posts without trouble, until all that is owed stands; how long that took."""
        began = time.monotonic()
        self._trouble.end()
        await self._fleet.settled()
        control = self._playground.control
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_S):
                while not self._forum.is_full:
                    await control.wait_for(self._forum.can_write, CALM_S)
                    self._forum.act()
                    await asyncio.sleep(0.02)
                await control.wait_for(self._forum.is_right, CALM_S)
        return time.monotonic() - began

    async def _violations(self) -> list[str]:
        left = await self._left()
        statuses = await self._fleet.stop()
        return [
            *self._forum.wrong(),
            *self._forum.duplicates,
            *left,
            *(f"a process ended by itself with status {status}" for status in self._fleet.fallen),
            *(f"a process ended with status {status} when it was asked to stop" for status in statuses if status),
            *(f"a take-over took {s:.1f} s" for s in self._fleet.take_overs_s if s > TAKE_OVER_S),
            *(f"the playground does not play {what}" for what in self._playground.unimplemented),
        ]

    async def _left(self) -> list[str]:
        """Rows that are not settled although there was time: buttons that should go, answers that were given up."""
        for _ in range(LOOKS):
            if not (left := await unsettled(self._url)):
                break
            await asyncio.sleep(REST_S / LOOKS)
        return left

    def _summary(self) -> str:
        done = self._forum.done
        return f"{self._fleet.kills} kills, {done['posts']} posts, {done['edits']} edits, {done['deletes']} deletions"
