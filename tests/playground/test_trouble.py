"""Trouble on demand: rate limits, errors before and after the work, cut connections, calls that are held back."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
import pytest

from bot.playground import Playground, PlaygroundConfig, RateLimits, RouteLimit
from tests.playground.client import Client
from tests.playground.conftest import Clock, Connect, OpenPlayground

MESSAGES = "/channels/{channel_id}/messages"


async def call(playground: Playground, method: str, path: str) -> tuple[int, Mapping[str, str], Any]:
    """As a client would that looks at no header."""
    headers = {"Authorization": f"Bot {playground.token}"}
    body = {"content": "hello"} if method == "POST" else None
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, playground.api_url + path, json=body) as answer,
    ):
        return answer.status, answer.headers, await answer.json()


async def test_503_before_the_work_leaves_nothing_done(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    thread = await client.thread(post.id)
    playground.control.fault("POST", MESSAGES, status=503)
    with pytest.raises(discord.DiscordServerError):
        await thread.send("answer")
    assert playground.control.answers(post) == []
    await thread.send("answer")
    assert len(playground.control.answers(post)) == 1


async def test_503_after_the_work_loses_only_the_answer(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    thread = await client.thread(post.id)
    playground.control.fault("POST", MESSAGES, status=503, when="after")
    with pytest.raises(discord.DiscordServerError):
        await thread.send("answer", nonce="case-1")
    await thread.send("answer", nonce="case-1")
    assert len(playground.control.answers(post)) == 1


@pytest.mark.parametrize(("when", "answers"), [("before", 0), ("after", 1)])
async def test_a_connection_can_be_cut(when: str, answers: int, playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    thread = await client.thread(post.id)
    playground.control.fault("POST", MESSAGES, reset=True, when="after" if when == "after" else "before")
    with pytest.raises(OSError, match="reset"):
        await thread.send("answer")
    assert len(playground.control.answers(post)) == answers
    await thread.send("again")
    assert len(playground.control.answers(post)) == answers + 1


async def test_a_refusal_can_be_ordered_for_one_place(playground: Playground, client: Client) -> None:
    first, second = (playground.control.create_post("429", "help") for _ in range(2))
    fault = playground.control.fault("POST", f"/channels/{first.id}/*", refuse=50013, times=None)
    for _ in range(2):
        with pytest.raises(discord.Forbidden) as refused:
            await (await client.thread(first.id)).send("answer")
        assert refused.value.code == 50013
    await (await client.thread(second.id)).send("answer")
    playground.control.clear_faults(fault)
    await (await client.thread(first.id)).send("answer")
    assert fault.struck == 2


async def test_a_429_can_be_ordered(playground: Playground, client: Client) -> None:
    fault = playground.control.fault("GET", "/channels/*", retry_after_s=0.01, times=2)
    await client.fetch_channel(playground.world.general.id)
    assert fault.struck == 2


async def test_a_call_can_be_slow(playground: Playground, client: Client) -> None:
    playground.control.fault("GET", "/channels/*", delay_s=0.05)
    started = time.monotonic()
    await client.fetch_channel(playground.world.general.id)
    assert time.monotonic() - started >= 0.05


async def test_a_question_can_be_deleted_while_its_answer_is_on_the_way(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    question = await client.saw("message")
    held = playground.control.fault("POST", MESSAGES, hold=True)
    sending = asyncio.create_task(question.reply("answer"))
    await held.arrived.wait()
    playground.control.delete(playground.control.messages(post)[0])
    held.release()
    with pytest.raises(discord.HTTPException, match="Unknown message"):
        await sending


async def test_without_limits_a_burst_never_waits(playground: Playground, client: Client) -> None:
    post = playground.control.create_post("429", "help")
    thread = await client.thread(post.id)
    started = time.monotonic()
    await asyncio.gather(*(thread.send(str(number)) for number in range(60)))
    assert len(playground.control.answers(post)) == 60
    assert time.monotonic() - started < 2


async def test_a_client_that_reads_the_headers_waits_and_is_never_refused(
    open_playground: OpenPlayground, connect: Connect
) -> None:
    limits = RateLimits(enforced=True, routes={f"POST {MESSAGES}": RouteLimit(limit=2, per_s=0.2)})
    playground = await open_playground(PlaygroundConfig(rate_limits=limits))
    client = await connect(playground)
    thread = await client.thread(playground.control.create_post("429", "help").id)
    started = time.monotonic()
    await asyncio.gather(*(thread.send("x") for _ in range(3)))
    assert time.monotonic() - started >= 0.2
    assert not playground.limiter.refused


async def test_every_channel_has_its_own_limit(open_playground: OpenPlayground) -> None:
    limits = RateLimits(enforced=True, routes={f"POST {MESSAGES}": RouteLimit(limit=1, per_s=60)})
    playground = await open_playground(PlaygroundConfig(rate_limits=limits))
    posts = [playground.control.create_post("429", "help") for _ in range(2)]
    assert [(await call(playground, "POST", f"/channels/{post.id}/messages"))[0] for post in posts] == [200, 200]
    assert (await call(playground, "POST", f"/channels/{posts[0].id}/messages"))[0] == 429


async def test_whoever_ignores_the_headers_gets_429(open_playground: OpenPlayground) -> None:
    limits = RateLimits(enforced=True, routes={f"POST {MESSAGES}": RouteLimit(limit=1, per_s=60)})
    playground = await open_playground(PlaygroundConfig(rate_limits=limits))
    path = f"/channels/{playground.world.general.id}/messages"
    status, headers, _ = await call(playground, "POST", path)
    assert (status, headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == (200, "1", "0")
    assert headers["Content-Type"] == "application/json"
    status, headers, body = await call(playground, "POST", path)
    assert status == 429
    assert {"Via", "Retry-After", "X-RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Bucket"} <= set(headers)
    assert headers["X-RateLimit-Scope"] == "user"
    assert (body["code"], body["global"]) == (20028, False)
    assert 59 < body["retry_after"] <= 60


async def test_the_bot_as_a_whole_has_its_own_limit(open_playground: OpenPlayground) -> None:
    playground = await open_playground(
        PlaygroundConfig(rate_limits=RateLimits(enforced=True, overall=RouteLimit(limit=2, per_s=1.0)))
    )
    answers = [await call(playground, "GET", f"/channels/{channel.id}") for channel in playground.world.guild.channels]
    assert [status for status, _, _ in answers] == [200, 200, 429]
    _, headers, body = answers[-1]
    assert (headers["X-RateLimit-Global"], headers["X-RateLimit-Scope"], body["global"]) == ("true", "global", True)
    assert 0 < body["retry_after"] <= 1


async def test_the_third_rename_in_ten_minutes_is_too_much(open_playground: OpenPlayground, connect: Connect) -> None:
    playground = await open_playground(PlaygroundConfig(rate_limits=RateLimits(enforced=True)))
    client = await connect(playground)
    thread = await client.thread(playground.control.create_post("429", "help").id)
    for name in ("one", "two"):
        await thread.edit(name=name)
    with pytest.raises(discord.RateLimited) as refused:
        await thread.edit(name="three")
    assert 500 < refused.value.retry_after <= 600
    await thread.edit(applied_tags=[])


async def test_two_playgrounds_with_one_seed_and_one_clock_are_the_same(
    open_playground: OpenPlayground, clock: Clock
) -> None:
    first, second, other = [await open_playground(clock=clock, seed=seed) for seed in (7, 7, 8)]
    ids = [playground.control.create_post("429", "help").id for playground in (first, second, other)]
    assert ids[0] == ids[1] != ids[2]
    assert first.world.cast == second.world.cast
    assert first.world.forum.id == second.world.forum.id
