"""Buttons under Heron's messages: acknowledged at once, whoever presses them and whenever the message was posted."""

import asyncio
import io
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord

from bot.cogs.client import Client
from bot.cogs.delivery import view_of
from bot.cogs.refusals import translated
from bot.helpdesk import press
from bot.helpdesk.arrivals import ButtonPressed
from bot.helpdesk.press import Picture, Privately
from bot.helpdesk.servers import Servers
from bot.helpdesk.threads import NotDone
from bot.moderation import presses
from bot.moderation.drafts import DraftForm
from bot.moderation.presses import CardPressed
from bot.moderation.staff import Person, Wish
from bot.posts import ChannelId, GuildId, UserId, Verb
from bot.replies.message import Message

log = logging.getLogger(__name__)

Interaction = discord.Interaction[discord.Client]
OnPress = Callable[[Interaction, re.Match[str]], Awaitable[None]]

#: Discord gives up on a press after three seconds; from then on there is nobody to acknowledge it to.
ACKNOWLEDGED_WITHIN_S = 2.5
#: How long the library keeps a form in mind; what is sent later is read all the same.
FORM_KEPT_S = 900


class Buttons:
    """`on_told` is called behind every press that Discord told of."""

    def __init__(
        self,
        client: Client,
        *,
        servers: Servers,
        pressed: Callable[[ButtonPressed, Privately], None],
        pressed_card: Callable[[CardPressed], None],
        form: Callable[[CardPressed], Awaitable[DraftForm | Message]],
        on_told: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._servers = servers
        self._pressed = pressed
        self._pressed_card = pressed_card
        self._form = form
        self._on_told = on_told
        client.buttons += (
            pressable(press.CUSTOM_ID, self._told(self._on_press)),
            pressable(presses.CUSTOM_ID, self._told(self._on_card)),
        )
        client.forms.append((presses.CUSTOM_ID, self._told(self._on_form)))

    async def _on_press(self, interaction: Interaction, custom_id: re.Match[str]) -> None:
        wish = await self._wish(interaction)
        if wish is None or interaction.channel_id is None or wish.person.guild_id not in self._servers.known_ids:
            return
        pressed = ButtonPressed(
            guild_id=wish.person.guild_id,
            thread_id=ChannelId(interaction.channel_id),
            press_id=wish.wish_id,
            by=wish.person.user_id,
            is_moderator=wish.person.is_moderator,
            key=custom_id["key"],
            verb=Verb(custom_id["verb"]),
            detail=custom_id["detail"],
        )
        self._pressed(pressed, wish.privately)

    async def _on_card(self, interaction: Interaction, custom_id: re.Match[str]) -> None:
        if custom_id["verb"] == Verb.EDIT:
            await self._open_form(interaction, custom_id)
            return
        wish = await self._wish(interaction)
        if wish is not None and custom_id["verb"] in frozenset(Verb):
            key, verb, detail = custom_id["key"], Verb(custom_id["verb"]), custom_id["detail"]
            self._pressed_card(CardPressed(wish=wish, key=key, verb=verb, detail=detail))

    async def _open_form(self, interaction: Interaction, custom_id: re.Match[str]) -> None:
        """A form is an acknowledgement of its own; where none is to be had, the press is acknowledged and told why."""
        wish = await wish_of(interaction, self._servers)
        if wish is None:
            return
        press = CardPressed(wish=wish, key=custom_id["key"], verb=Verb.EDIT, detail=custom_id["detail"])
        found = await self._form(press)
        try:
            if isinstance(found, Message):
                await acknowledge(interaction)
                await wish.privately.tell(found)
            else:
                with translated():
                    await interaction.response.send_modal(form_of(found, custom_id.group()))
        except NotDone as no:
            log.info("a form was not opened: %s: %s", type(no).__name__, no)

    async def _on_form(self, interaction: Interaction, custom_id: re.Match[str]) -> None:
        wish = await self._wish(interaction)
        if wish is not None and custom_id["verb"] == Verb.EDIT:
            key, detail, text = custom_id["key"], custom_id["detail"], typed_in(interaction.data)
            self._pressed_card(CardPressed(wish=wish, key=key, verb=Verb.EDIT, detail=detail, text=text))

    async def _wish(self, interaction: Interaction) -> Wish | None:
        await acknowledge(interaction)
        return await wish_of(interaction, self._servers)

    def _told(self, on_press: OnPress) -> OnPress:
        async def told(interaction: Interaction, custom_id: re.Match[str]) -> None:
            try:
                if self._client.takes(interaction):
                    await on_press(interaction, custom_id)
            finally:
                self._on_told()

        return told


async def wish_of(interaction: Interaction, servers: Servers) -> Wish | None:
    """Who wants it, what they are in this server, and how they are told; None where Heron serves nobody."""
    guild, user = interaction.guild, interaction.user
    if guild is None or not isinstance(user, discord.Member):
        return None
    owns = guild.get_channel
    settings = await servers.settings_of_staff(GuildId(guild.id), lambda forum_id: owns(forum_id) is not None)
    if settings is None:
        return None
    roles = {role.id for role in user.roles}
    person = Person(
        guild_id=GuildId(guild.id),
        user_id=UserId(user.id),
        is_moderator=not roles.isdisjoint(settings.moderator_role_ids),
        is_helper=not roles.isdisjoint(settings.helper_role_ids),
    )
    return Wish(wish_id=interaction.id, person=person, privately=_Private(interaction))


async def acknowledge(interaction: Interaction, *, is_command: bool = False) -> None:
    """Discord waits three seconds for this and nothing else. A press whose acknowledgement is lost is a press all the
    same: what it does, it does once, however often it is pressed again."""
    try:
        async with asyncio.timeout(ACKNOWLEDGED_WITHIN_S):
            with translated():
                await interaction.response.defer(ephemeral=is_command, thinking=is_command)
    except (NotDone, TimeoutError) as no:
        log.warning("a press was not acknowledged: %s: %s", type(no).__name__, no)


class _Private:
    """`Privately`: a new private message, or the one whose button was pressed, changed."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction

    async def tell(self, message: Message, *, picture: Picture | None = None) -> None:
        pressed, view = self._interaction.message, view_of(message)
        with translated():
            if pressed is not None and pressed.flags.ephemeral:
                await self._interaction.edit_original_response(content=message.content, view=view)
            else:
                await self._interaction.followup.send(
                    message.content,
                    ephemeral=True,
                    suppress_embeds=True,
                    view=view or discord.utils.MISSING,
                    file=_file(picture) if picture is not None else discord.utils.MISSING,
                )


def _file(picture: Picture) -> discord.File:
    return discord.File(io.BytesIO(picture.png), picture.filename, description=picture.description)


def pressable(template: re.Pattern[str], on_press: OnPress) -> type[discord.ui.DynamicItem[Any]]:
    """What the library makes of a press: found by the custom id alone, so that it outlives every restart."""

    class PressedButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=template):
        custom: re.Match[str]

        @classmethod
        async def from_custom_id(cls, _: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
            assert isinstance(item, discord.ui.Button)
            made = cls(item)
            made.custom = match
            return made

        async def callback(self, interaction: Interaction) -> None:
            await on_press(interaction, self.custom)

    return PressedButton


def form_of(form: DraftForm, custom_id: str) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=form.title, custom_id=custom_id, timeout=FORM_KEPT_S)
    words: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph, custom_id="text", default=form.text, max_length=form.most
    )
    modal.add_item(discord.ui.Label(text=form.label, component=words))
    return modal


def typed_in(sent: Any) -> str:
    """The one text of a form, wherever it stands in it."""
    if isinstance(sent, dict):
        below = [*sent.get("components", ()), *([sent["component"]] if "component" in sent else ())]
        return str(sent["value"]) if "value" in sent else next(filter(None, map(typed_in, below)), "")
    return ""
