"""What Heron may do in Discord, and needs: all of it, with what it is for. docs/operating.md shows the same list."""

from collections.abc import Iterator
from dataclasses import dataclass

import discord

from bot.helpdesk.ports import GuildSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`flag` is the library's name for it."""

    name: str  # as Discord shows it
    flag: str
    in_forum: bool = False
    in_moderators: bool = False  # their channel
    lost: str  # without it


NEEDS = (
    Need(name="View Channel", flag="view_channel", in_forum=True, in_moderators=True, lost="nothing is heard there"),
    Need(name="Send Messages in Threads", flag="send_messages_in_threads", in_forum=True, lost="nothing is answered"),
    Need(
        name="Read Message History",
        flag="read_message_history",
        in_forum=True,
        in_moderators=True,
        lost="nothing is answered, and nothing that was missed is found",
    ),
    Need(name="Send Messages", flag="send_messages", in_moderators=True, lost="moderators get no cards"),
    Need(name="Attach Files", flag="attach_files", in_moderators=True, lost="the figures come without a picture"),
    Need(name="Add Reactions", flag="add_reactions", in_forum=True, lost="no nod to !mute"),
    Need(name="Manage Threads", flag="manage_threads", in_forum=True, lost="no tags"),
    Need(name="Manage Messages", flag="manage_messages", in_forum=True, lost="moderators cannot delete a leaked key"),
    Need(name="Pin Messages", flag="pin_messages", in_moderators=True, lost="the desk stands unpinned"),
)


def missing(guild: discord.Guild, settings: GuildSettings) -> Iterator[tuple[int, Need]]:
    """What lacks in which channel. A channel that is not to be seen lacks the first of them and no more."""
    watched = [(forum_id, True) for forum_id in settings.forum_ids]
    if settings.moderator_channel_id is not None:
        watched.append((settings.moderator_channel_id, False))
    for channel_id, is_forum in watched:
        channel = guild.get_channel(channel_id)
        may = channel.permissions_for(guild.me) if channel is not None else discord.Permissions.none()
        needed = [need for need in NEEDS if (need.in_forum if is_forum else need.in_moderators)]
        if not may.view_channel:
            yield channel_id, needed[0]
            continue
        yield from ((channel_id, need) for need in needed if not getattr(may, need.flag))
