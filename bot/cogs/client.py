"""The connection to Discord: who connects, with which intents, and how it ends.

What is done with events is beside it.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.helpdesk.allowance import Allowance
from bot.posts import GuildId, UserId

log = logging.getLogger(__name__)

#: Of one person in one server; whoever presses by hand never gets there.
PRESSES_A_MINUTE = 30

OnForm: TypeAlias = Callable[[discord.Interaction[discord.Client], re.Match[str]], Awaitable[None]]

_AUTHENTICATION_FAILED, _DISALLOWED_INTENTS = 4004, 4014

INTENT_MISSING = (
    "Discord delivers every post to this application with an empty text: Message Content Intent is off.\n"
    "  cure:  Discord developer portal (https://discord.com/developers/applications) → your application → Bot → "
    "Privileged Gateway Intents → switch on Message Content Intent → Save Changes; then start Heron again."
)
TOKEN_REFUSED = (
    "Discord refused the token.\n"
    "  cure:  Discord developer portal (https://discord.com/developers/applications) → your application → Bot → "
    "Reset Token; write the new one to DISCORD_TOKEN."
)


class CannotConnect(Exception):
    """No use in trying again; the text says what the operator has to do."""


class TokenRefused(CannotConnect):
    pass


class IntentMissing(CannotConnect):
    pass


class ConnectionLost(Exception):
    """The library gave up; a new client may have more luck."""


class Client(discord.AutoShardedClient):
    """Sharded from the first guild on, and with nothing in memory that Heron does not need.

    Without `shard_count` it serves all guilds, on as many shards as Discord advises.
    """

    def __init__(
        self,
        *,
        api_url: str | None = None,
        ready_timeout_s: float = 2.0,
        shard_ids: Sequence[int] | None = None,
        shard_count: int | None = None,
    ) -> None:
        self._api_url = api_url
        self._has_begun = False
        self._presses = Allowance(most=PRESSES_A_MINUTE, within=timedelta(minutes=1))
        self.buttons: list[type[discord.ui.DynamicItem[Any]]] = []  # what presses come to; set before it connects
        self.forms: list[tuple[re.Pattern[str], OnForm]] = []  # what forms that are sent come to
        self.is_known = asyncio.Event()  # to Discord: from then on calls can be made
        if api_url is not None:
            Route.BASE = api_url
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = intents.guild_typing = True
        super().__init__(
            intents=intents,
            shard_ids=None if shard_ids is None else list(shard_ids),  # type: ignore[arg-type]  # None is its default
            shard_count=shard_count,
            max_messages=None,
            max_ratelimit_timeout=30.0,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=ready_timeout_s,
        )

    def takes(self, interaction: "discord.Interaction[discord.Client]") -> bool:
        """Whether somebody's press or command is to be looked at; of a flood of them not one costs a call."""
        guild_id, user_id = GuildId(interaction.guild_id or 0), UserId(interaction.user.id)
        return self._presses.take(guild_id, user_id, interaction.created_at)

    @property
    def own_id(self) -> int:
        return self.user.id if self.user is not None else 0

    @property
    def share(self) -> float:
        """The part of the bot's shards that this process serves."""
        return len(self.shards) / self.shard_count if self.shards else 1.0

    async def setup_hook(self) -> None:
        """Runs once after the log-in and before the first event; waiting for readiness in here would never end."""
        flags = self.application_flags
        if not (flags.gateway_message_content or flags.gateway_message_content_limited):
            raise IntentMissing(INTENT_MISSING)
        self.add_dynamic_items(*self.buttons)
        self.is_known.set()
        if self._api_url is not None:
            # The library comes back here after a lost session, without asking again where the gateway is.
            _, url, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = type(DiscordWebSocket.DEFAULT_GATEWAY)(url)

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """The library knows only forms that this very process opened; these are found by their custom id alone."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        sent: Any = interaction.data
        for template, on_form in self.forms:
            if found := template.fullmatch(sent["custom_id"]):
                await on_form(interaction, found)

    async def close(self) -> None:
        if self._has_begun:  # before that the library has nothing to close, and trips over it
            await super().close()

    async def serve(self, token: str) -> None:
        """Connects and stays until it is closed; raises `CannotConnect` or `ConnectionLost`."""
        self._has_begun = True
        try:
            await self.start(token)
        except discord.LoginFailure:
            raise TokenRefused(TOKEN_REFUSED) from None
        except discord.PrivilegedIntentsRequired:
            raise IntentMissing(INTENT_MISSING) from None
        except CannotConnect:
            raise
        except discord.ConnectionClosed as closed:
            if closed.code == _AUTHENTICATION_FAILED:
                raise TokenRefused(TOKEN_REFUSED) from None
            if closed.code == _DISALLOWED_INTENTS:
                raise IntentMissing(INTENT_MISSING) from None
            raise ConnectionLost(f"the gateway closed with {closed.code}") from closed
        except Exception as error:
            # A broken first connection shows itself in many ways, an AttributeError of the library among them.
            log.info("the connection ended", exc_info=error)
            raise ConnectionLost(f"{type(error).__name__}: {error}") from error
