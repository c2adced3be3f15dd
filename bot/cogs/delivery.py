"""Writes, changes and takes away messages of Heron's in Discord: plain content, nobody pinged, no link cards."""

import discord

from bot.cogs.client import Client
from bot.cogs.refusals import translated
from bot.helpdesk.threads import NotAllowed, OwnMessage, Place, Recent, ThreadClosed, Uploading
from bot.posts import ChannelId, MessageId
from bot.replies.message import Message

_STYLES = {
    "primary": discord.ButtonStyle.primary,
    "secondary": discord.ButtonStyle.secondary,
    "success": discord.ButtonStyle.success,
    "danger": discord.ButtonStyle.danger,
}
_UNKNOWN_MESSAGE = 10008
#: Messages that one call brings at most.
PAGE = 100


class DiscordThreads:
    """`Threads`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def forum_of(self, place: Place) -> ChannelId:
        thread = self._thread(place)
        return ChannelId(thread.parent_id) if thread is not None else place.channel_id

    async def send(self, place: Place, message: Message, *, nonce: str, question_id: MessageId | None) -> OwnMessage:
        reference = None
        if question_id is not None:
            reference = discord.MessageReference(
                message_id=question_id,
                channel_id=place.channel_id,
                guild_id=place.guild_id,
                fail_if_not_exists=False,
            )
        with translated():
            await self._check(place)
            try:
                sent = await self._channel(place).send(
                    message.content,
                    nonce=nonce,
                    reference=reference,  # type: ignore[arg-type]  # None is its default, which its annotation hides
                    suppress_embeds=True,
                    view=view_of(message) or discord.utils.MISSING,
                )
            except discord.NotFound as error:
                if error.code == _UNKNOWN_MESSAGE:  # the first message, while its files are on their way
                    raise Uploading(error.text) from None
                raise
        return own_message(sent)

    async def edit(self, place: Place, message_id: MessageId, message: Message) -> None:
        with translated():
            partial = self._channel(place).get_partial_message(message_id)
            await partial.edit(content=message.content, view=view_of(message))

    async def delete(self, place: Place, message_id: MessageId) -> None:
        with translated():
            await self._channel(place).get_partial_message(message_id).delete()

    async def pin(self, place: Place, message_id: MessageId) -> None:
        with translated():
            await self._channel(place).get_partial_message(message_id).pin()

    async def recent(self, place: Place) -> Recent:
        with translated():
            await self._check(place)
            newest = [message async for message in self._channel(place).history(limit=PAGE)]
        return Recent(
            own=[own_message(message) for message in newest if message.author.id == self._client.own_id],
            reaches_back_to=MessageId(newest[-1].id) if len(newest) == PAGE else None,
        )

    def _channel(self, place: Place) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)

    def _thread(self, place: Place) -> discord.Thread | None:
        guild = self._client.get_guild(place.guild_id)
        return guild.get_thread(place.channel_id) if guild is not None else None

    async def _check(self, place: Place) -> None:
        """A message would wake a closed thread, and without history nothing is found."""
        thread = await self._known_thread(place)
        if thread is None or thread.parent is None:
            return
        if thread.archived or thread.locked:
            raise ThreadClosed("the thread is archived or locked")
        may = thread.permissions_for(thread.guild.me)
        needed = {
            "View Channel": may.view_channel,
            "Send Messages in Threads": may.send_messages_in_threads,
            "Read Message History": may.read_message_history,
        }
        if missing := [name for name, has in needed.items() if not has]:
            raise NotAllowed(f"missing permission: {', '.join(missing)}")

    async def _known_thread(self, place: Place) -> discord.Thread | None:
        """None for a channel that is no thread. The library forgets threads that are archived: these are looked up."""
        guild = self._client.get_guild(place.guild_id)
        if guild is None:
            return None
        channel = guild.get_channel_or_thread(place.channel_id) or await guild.fetch_channel(place.channel_id)
        return channel if isinstance(channel, discord.Thread) else None


def view_of(message: Message) -> discord.ui.View | None:
    if not message.rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(message.rows):
        for button in row:
            item: discord.ui.Button[discord.ui.View] = discord.ui.Button(
                label=button.label, custom_id=button.custom_id, style=_STYLES[button.style], row=number
            )
            view.add_item(item)
    # The library would keep every live view in memory for ever. Presses find their case by the custom id instead.
    view.stop()
    return view


def own_message(message: discord.Message) -> OwnMessage:
    buttons = (item for row in message.components if isinstance(row, discord.ActionRow) for item in row.children)
    reference = message.reference
    return OwnMessage(
        message_id=MessageId(message.id),
        content=message.content,
        custom_ids=tuple(b.custom_id for b in buttons if isinstance(b, discord.Button) and b.custom_id),
        answers=MessageId(reference.message_id) if reference is not None and reference.message_id else None,
    )
