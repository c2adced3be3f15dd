"""The real discord.py client as the tests use it: it remembers what it was told, and never sleeps before IDENTIFY."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import discord

from bot.playground import Playground


def readable_intents() -> discord.Intents:
    intents = discord.Intents.default()
    intents.message_content = True
    return intents


class Client(discord.AutoShardedClient):
    def __init__(self, playground: Playground, intents: discord.Intents | None = None, **options: Any) -> None:
        self.seen: list[tuple[str, tuple[Any, ...]]] = []
        self.playground = playground
        self.running: asyncio.Task[None] | None = None
        super().__init__(
            intents=intents or readable_intents(),
            max_messages=None,
            max_ratelimit_timeout=30.0,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.02,
            **options,
        )

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        super().dispatch(event, *args, **kwargs)
        self.seen.append((event, args))
        self.playground.world.touch()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library sleeps five seconds here after a lost session."""

    def all(self, event: str) -> list[Any]:
        return [args[0] if args else None for name, args in self.seen if name == event]

    async def saw(self, event: str, matching: Callable[[Any], bool] = lambda _: True, count: int = 1) -> Any:
        """What the event brought, once it has come `count` times."""

        def found() -> list[Any]:
            matches = [thing for thing in self.all(event) if matching(thing)]
            return matches if len(matches) >= count else []

        return (await self.playground.control.wait_for(found))[-1]

    async def thread(self, thread_id: int) -> discord.Thread:
        channel = await self.fetch_channel(thread_id)
        assert isinstance(channel, discord.Thread)
        return channel

    async def run_beside(self) -> None:
        self.running = asyncio.create_task(self.start(self.playground.token))
        await self.saw("ready")

    async def stop(self) -> None:
        await self.close()
        if self.running is not None:
            with suppress(discord.DiscordException):
                await self.running
