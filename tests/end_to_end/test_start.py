"""How Heron begins and ends: `heron run` as a process of its own, and a connection that cannot be made at first."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.supervise import STOPPED, supervise
from bot.playground import Playground, PlaygroundConfig
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import DIM, MESSAGES, HandClock, House

RunHeron = Callable[..., Awaitable[Process]]

#: The shipped templates know this one.
UPSTREAM = (
    "429 Provider returned error. raw: acme/model-1:free is temporarily rate-limited upstream. Please retry shortly"
)


def environment(playground: Playground, folder: Path, **changes: str) -> dict[str, str]:
    guild = playground.world.guild
    return {
        "PATH": os.environ["PATH"],
        "DISCORD_TOKEN": playground.token,
        "DISCORD_API_URL": playground.api_url,
        "FORUM_CHANNEL_IDS": str(guild.forum.id),
        "MODERATOR_ROLE_IDS": str(guild.role("Moderator").id),
        "MODERATOR_CHANNEL_ID": str(guild.moderators.id),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'var' / 'heron.db'}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        **changes,
    }


@pytest.fixture
async def run_heron(tmp_path: Path) -> AsyncIterator[RunHeron]:
    """`heron run` in the test's own folder; what still runs at the end is killed."""
    started: list[Process] = []

    async def run(playground: Playground, **changes: str) -> Process:
        env = environment(playground, tmp_path, **changes)
        command = (sys.executable, "-m", "bot", "run")
        process = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=env, stdout=PIPE, stderr=PIPE)
        started.append(process)
        return process

    yield run
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def time_passes_until(happened: Callable[[], bool], clock: HandClock) -> None:
    async with asyncio.timeout(10):
        while not happened():
            clock.pass_time(0.01)
            await asyncio.sleep(0)


async def ended(process: Process) -> tuple[int | None, str]:
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, errors.decode()


async def test_it_answers_and_stops_cleanly_when_told_to(playground: Playground, run_heron: RunHeron) -> None:
    """In an empty folder: it has to learn first."""
    process = await run_heron(playground)
    await playground.control.connected(timeout_s=30)
    thread = playground.control.create_post("Rate limited", UPSTREAM)
    (answer,) = await playground.control.wait_for(lambda: playground.control.answers(thread), timeout=30)
    assert "refused" in answer.content
    process.send_signal(signal.SIGTERM)
    status, log = await ended(process)
    assert status == 0
    (line,) = [line for line in log.splitlines() if "event=handled" in line]
    for field in (f"thread={thread.id}", "rate-limit-upstream", "reason=", "took_ms="):
        assert field in line
    assert "acme" not in log  # nobody's words


@pytest.mark.usefixtures("has_learnt")
async def test_a_refused_token_ends_it_with_a_status_of_its_own(playground: Playground, run_heron: RunHeron) -> None:
    status, errors = await ended(await run_heron(playground, DISCORD_TOKEN="FAKE.not.the.token"))
    assert status == 78
    assert "Discord refused the token." in errors
    assert "Reset Token" in errors


@pytest.mark.usefixtures("has_learnt")
async def test_without_the_message_content_intent_it_says_where_to_switch_it_on(run_heron: RunHeron) -> None:
    async with Playground(config=PlaygroundConfig(message_content=False)) as playground:
        status, errors = await ended(await run_heron(playground))
    assert status == 2
    assert "Privileged Gateway Intents → switch on Message Content Intent" in errors


async def test_settings_that_cannot_be_used_end_it_before_anything_is_made(
    playground: Playground, run_heron: RunHeron, tmp_path: Path
) -> None:
    status, errors = await ended(await run_heron(playground, DISCORD_TOKEN=""))
    assert status == 2
    assert errors.startswith("DISCORD_TOKEN is not set")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("route", ["/users/@me", "/gateway/bot"])
async def test_a_connection_that_cannot_be_made_at_first_is_made_later(
    playground: Playground, open_house: OpenHouse, clock: HandClock, route: str
) -> None:
    house = await open_house()
    await house.stop()
    fault = playground.control.fault("GET", route, reset=True, times=2)  # the library tries a second time at once
    stop = asyncio.Event()
    supervised = asyncio.create_task(
        supervise(house.build, playground.token, stop=stop, lost=asyncio.Event(), world=house.world)
    )
    await asyncio.wait_for(fault.arrived.wait(), 5)
    await time_passes_until(lambda: bool(playground.control.live_connections()), clock)
    thread = await house.asks()
    assert len(house.answers(thread)) == 1
    stop.set()
    assert await asyncio.wait_for(supervised, 10) == STOPPED


async def test_a_heron_that_is_told_to_stop_before_it_is_connected_stops(
    playground: Playground, open_house: OpenHouse
) -> None:
    house: House = await open_house()
    await house.stop()
    fault = playground.control.fault("GET", "/users/@me", hold=True)
    stop = asyncio.Event()
    supervised = asyncio.create_task(
        supervise(house.build, playground.token, stop=stop, lost=asyncio.Event(), world=house.world)
    )
    await asyncio.wait_for(fault.arrived.wait(), 5)
    stop.set()
    assert await asyncio.wait_for(supervised, 10) == STOPPED


async def test_a_client_that_ends_without_an_error_gets_a_successor_after_a_pause(
    playground: Playground, open_house: OpenHouse, clock: HandClock
) -> None:
    house = await open_house()
    await house.stop()
    stop = asyncio.Event()
    supervised = asyncio.create_task(
        supervise(house.build, playground.token, stop=stop, lost=asyncio.Event(), world=house.world)
    )
    await playground.control.connected()
    await asyncio.wait_for(house.heron.client.wait_until_ready(), 5)
    first = house.heron
    await first.client.close()
    closed_at = clock.now()
    await time_passes_until(lambda: house.heron is not first, clock)
    assert clock.now() - closed_at >= timedelta(seconds=0.5)
    await playground.control.connected()
    stop.set()
    assert await asyncio.wait_for(supervised, 10) == STOPPED


async def test_whoever_lost_its_shards_stops_at_once_even_in_the_middle_of_an_answer(
    playground: Playground, open_house: OpenHouse
) -> None:
    house = await open_house()
    await house.stop()
    stop, lost = asyncio.Event(), asyncio.Event()
    supervised = asyncio.create_task(supervise(house.build, playground.token, stop=stop, lost=lost, world=house.world))
    await playground.control.connected()
    held = playground.control.fault("POST", MESSAGES, hold=True)
    playground.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    lost.set()
    assert await asyncio.wait_for(supervised, 3) is None
    assert playground.control.live_connections() == []


async def test_a_stop_does_not_wait_longer_than_its_patience_for_an_answer_that_does_not_arrive(house: House) -> None:
    held = house.control.fault("POST", MESSAGES, hold=True)
    house.control.create_post("The lamp", DIM)
    await asyncio.wait_for(held.arrived.wait(), 5)
    await asyncio.wait_for(house.heron.stop(patience_s=0.05), 3)
    held.release()
