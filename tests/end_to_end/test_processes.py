"""`heron run` and `heron demo` as processes of their own: how they begin, what they ask Discord for, how they stop."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.playground import Playground
from tests.end_to_end.house import MESSAGES

ROOT = Path(__file__).parents[2]
Start = Callable[..., Awaitable[Process]]

#: The shipped templates know this one.
ERROR = "429 Provider returned error. raw: acme/model-1:free is temporarily rate-limited upstream. Please retry shortly"


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """`heron …` in the test's own folder; what still runs at the end is killed."""
    started: list[Process] = []

    async def start_(*arguments: str, **environment: str) -> Process:
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
        command = (sys.executable, "-m", "bot", *arguments)
        process = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=env, stdout=PIPE, stderr=PIPE)
        started.append(process)
        return process

    yield start_
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


def run_settings(playground: Playground) -> dict[str, str]:
    guild = playground.world.guild
    return {
        "DISCORD_TOKEN": playground.token,
        "DISCORD_API_URL": playground.api_url,
        "FORUM_CHANNEL_IDS": str(guild.forum.id),
        "MODERATOR_CHANNEL_ID": str(guild.moderators.id),
    }


async def ended(process: Process) -> tuple[int | None, str, str]:
    out, errors = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, out.decode(), errors.decode()


@pytest.mark.usefixtures("has_learnt")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_answer_that_is_on_its_way_arrives_before_heron_stops(
    playground: Playground, start: Start, number: signal.Signals
) -> None:
    process = await start("run", **run_settings(playground))
    await playground.control.connected(timeout_s=30)
    room = playground.world.guild.moderators
    await playground.control.wait_for(lambda: playground.control.messages(room), timeout=30)  # the desk
    held = playground.control.fault("POST", MESSAGES, hold=True)
    thread = playground.control.create_post("Rate limited", ERROR)
    await asyncio.wait_for(held.arrived.wait(), 30)
    process.send_signal(number)
    held.release()
    status, _, errors = await ended(process)
    assert (status, len(playground.control.answers(thread))) == (0, 1)
    assert "Traceback" not in errors
    assert playground.control.live_connections() == []


@pytest.mark.usefixtures("has_learnt")
async def test_a_conversation_needs_nothing_that_the_playground_does_not_play(
    playground: Playground, start: Start
) -> None:
    process = await start("run", **run_settings(playground))
    control = playground.control
    await control.connected(timeout_s=30)
    thread = control.create_post("Rate limited", ERROR)
    (answer,) = await control.wait_for(lambda: control.answers(thread), timeout=30)
    control.edit(thread.messages[thread.id], "402 Insufficient credits")
    await control.wait_for(lambda: answer.edited_at, timeout=30)
    command = control.reply(thread, "!mute")
    await control.wait_for(lambda: command.reactions, timeout=30)
    await control.wait_for(lambda: thread.applied_tags, timeout=30)
    process.send_signal(signal.SIGTERM)
    assert (await ended(process))[0] == 0
    assert playground.unimplemented == []


async def test_without_a_token_it_says_which_variable_where_to_get_it_and_which_intent_to_switch_on(
    start: Start, tmp_path: Path
) -> None:
    status, out, errors = await ended(await start("run"))
    assert (status, out) == (2, "")
    assert errors.startswith("DISCORD_TOKEN is not set")
    for piece in ("https://discord.com/developers/applications", "Reset Token", "Message Content Intent", ".env"):
        assert piece in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("has_learnt")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_demo_shows_its_page_until_it_is_told_to_stop(start: Start, number: signal.Signals) -> None:
    process = await start("demo", "--port", "0", "--json")
    assert process.stderr is not None
    address = await asyncio.wait_for(process.stderr.readline(), 60)
    assert re.fullmatch(rb"http://127\.0\.0\.1:\d+\n", address)
    async with aiohttp.ClientSession() as http, http.get(address.decode().strip()) as answer:
        page = await answer.text()
    assert "Still 429 after buying credits" in page
    process.send_signal(number)
    status, _, errors = await ended(process)
    assert (status, errors) == (0, "")
