"""The floor: what answering costs with discord.py alone. Nothing is read, decided or kept; posts get a fixed text."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.playground import Playground

TEXT = "Thanks for your post. Somebody will look at it."


class FloorBot(discord.Client):
    def __init__(self, api_url: str, forum_id: int) -> None:
        Route.BASE = api_url
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.1,
        )
        self._forum_id = forum_id

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = type(DiscordWebSocket.DEFAULT_GATEWAY)(url)

    async def on_message(self, message: discord.Message) -> None:
        channel = message.channel
        is_post = isinstance(channel, discord.Thread) and channel.parent_id == self._forum_id
        if is_post and message.id == channel.id:
            await channel.send(TEXT, reference=message)


@asynccontextmanager
async def floor(playground: Playground) -> AsyncIterator[None]:
    bot = FloorBot(playground.api_url, playground.world.guild.forum.id)
    running = asyncio.create_task(bot.start(playground.token))
    try:
        await playground.control.connected(timeout_s=30)
        await asyncio.wait_for(bot.wait_until_ready(), 30)
        yield
    finally:
        await bot.close()
        await asyncio.wait({running}, timeout=5.0)
