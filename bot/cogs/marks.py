"""Marks on threads and messages: the forum's tag for where a case stands, and reactions."""

from collections.abc import Sequence

import discord

from bot.cogs.client import Client
from bot.cogs.refusals import translated
from bot.helpdesk.standing import Standing
from bot.helpdesk.threads import Place
from bot.posts import MessageId

#: Names under which forums have these tags, in any spelling of case; a forum without one goes without.
TAGS: dict[Standing, tuple[str, ...]] = {
    Standing.ANSWERED: ("answered",),
    Standing.WAITING_FOR_ASKER: ("waiting for you", "waiting for asker", "answered"),
    Standing.UNCONFIRMED: ("needs help",),
    Standing.WITH_PEOPLE: ("handed over", "needs help"),
    Standing.SOLVED: ("solved",),
}
_OURS = frozenset(name for names in TAGS.values() for name in names)
_MOST = 5


class DiscordMarks:
    """`Marks`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def show(self, place: Place, standing: Standing | None) -> None:
        guild = self._client.get_guild(place.guild_id)
        thread = guild.get_thread(place.channel_id) if guild is not None else None
        if thread is None or thread.archived or not isinstance(thread.parent, discord.ForumChannel):
            return
        # `thread.applied_tags` leaves out what it cannot name, and the call replaces the whole list.
        applied = list(thread._applied_tags)
        wanted = _tags(applied, thread.parent.available_tags, standing)
        if wanted == applied or (not wanted and thread.parent.flags.require_tag):
            return
        with translated():
            await self._client.http.edit_channel(thread.id, applied_tags=[str(tag_id) for tag_id in wanted])

    async def nod(self, place: Place, message_id: MessageId, emoji: str) -> None:
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        with translated():
            await channel.get_partial_message(message_id).add_reaction(emoji)


def _tags(applied: list[int], available: Sequence[discord.ForumTag], standing: Standing | None) -> list[int]:
    """People's tags stay; ours give way to the one that holds now. Moderated tags are the moderators'."""
    ours = {tag.name.lower(): tag.id for tag in available if tag.name.lower() in _OURS and not tag.moderated}
    names = TAGS[standing] if standing is not None else ()
    new = next((ours[name] for name in names if name in ours), None)
    kept = [tag_id for tag_id in applied if tag_id not in ours.values()]
    if new is None or len(kept) >= _MOST:
        return kept
    if new in applied:
        return [tag_id for tag_id in applied if tag_id in kept or tag_id == new]
    return [*kept, new]
