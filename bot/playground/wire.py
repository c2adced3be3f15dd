"""How the nouns of the playground look in Discord's JSON. Reads the world, changes nothing."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.playground.model import Attachment, Channel, ChannelType, Guild, Message, Payload, Place, Tag, Thread
from bot.playground.people import Role, User

if TYPE_CHECKING:
    from bot.playground.world import World

_THREAD_MEMBERS_SHOWN = 50


def timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def user_payload(user: User) -> Payload:
    unset = ("avatar", "avatar_decoration_data", "collectibles", "banner", "accent_color", "primary_guild")
    payload: Payload = dict.fromkeys(unset) | {
        "id": str(user.id),
        "username": user.username,
        "discriminator": "0000" if user.bot else "0",
        "public_flags": 0,
        "flags": 0,
        "global_name": None if user.bot else user.display_name,
    }
    return payload | {"bot": True} if user.bot else payload


def member_payload(world: "World", guild: Guild, user_id: int, *, with_user: bool = True) -> Payload:
    member = guild.members[user_id]
    unset = ("avatar", "banner", "communication_disabled_until", "nick", "premium_since")
    payload: Payload = dict.fromkeys(unset) | {
        "flags": 0,
        "joined_at": timestamp(member.joined_at),
        "pending": False,
        "roles": [str(role_id) for role_id in member.role_ids],
        "mute": False,
        "deaf": False,
    }
    return payload | {"user": user_payload(world.users[user_id])} if with_user else payload


def attachment_payload(world: "World", channel_id: int, attachment: Attachment) -> Payload:
    url = world.cdn.link(channel_id, attachment)
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.data),
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
    }


def message_payload(world: "World", message: Message, *, with_reference: bool = True) -> Payload:
    """A message as REST shows it; `message_event` adds what only the gateway says."""
    place = world.places[message.channel_id]
    payload: Payload = {
        "id": str(message.id),
        "type": message.type,
        "channel_id": str(message.channel_id),
        "author": user_payload(world.users[message.author_id]),
        "content": message.content,
        "timestamp": timestamp(message.created_at),
        "edited_timestamp": timestamp(message.edited_at) if message.edited_at else None,
        "flags": message.flags,
        "mentions": [user_payload(world.users[user_id]) for user_id in message.mentions.user_ids],
        "mention_roles": [str(role_id) for role_id in message.mentions.role_ids],
        "mention_everyone": message.mentions.everyone,
        "attachments": [attachment_payload(world, message.channel_id, item) for item in message.attachments],
        "embeds": list(message.embeds),
        "components": message.components,
        "pinned": message.is_pinned,
        "tts": False,
    }
    if message.reactions:
        payload["reactions"] = [reaction_payload(world, emoji, who) for emoji, who in message.reactions.items()]
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.position is not None:
        payload["position"] = message.position
    if message.reply_to_id is not None:
        ids = {"guild_id": str(place.guild_id), "channel_id": str(place.id), "message_id": str(message.reply_to_id)}
        payload["message_reference"] = {"type": 0} | ids
        if with_reference:
            answered = place.messages.get(message.reply_to_id)
            payload["referenced_message"] = answered and message_payload(world, answered, with_reference=False)
    return payload


def reaction_payload(world: "World", emoji: str, user_ids: list[int]) -> Payload:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(user_ids),
        "count_details": {"burst": 0, "normal": len(user_ids)},
        "burst_colors": [],
        "me_burst": False,
        "me": world.cast.bot.id in user_ids,
    }


def message_event(world: "World", message: Message) -> Payload:
    place = world.places[message.channel_id]
    guild = world.guilds[place.guild_id]
    payload = message_payload(world, message)
    payload["mentions"] = [
        user_payload(world.users[user_id]) | {"member": member_payload(world, guild, user_id, with_user=False)}
        for user_id in message.mentions.user_ids
    ]
    return payload | {
        "guild_id": str(guild.id),
        "channel_type": place.type,
        "member": member_payload(world, guild, message.author_id, with_user=False),
    }


def tag_payload(tag: Tag) -> Payload:
    return {"id": str(tag.id), "name": tag.name, "moderated": tag.moderated, "emoji_id": None, "emoji_name": tag.emoji}


def channel_payload(world: "World", channel: Channel) -> Payload:
    payload: Payload = {
        "id": str(channel.id),
        "type": channel.type,
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": channel.position,
        "flags": 0,
        "parent_id": None,
        "topic": channel.topic,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": str(channel.last_message_id) if channel.last_message_id else None,
        "permission_overwrites": [
            {
                "id": str(target_id),
                "type": 0 if target_id in world.guilds[channel.guild_id].roles else 1,
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for target_id, overwrite in channel.overwrites.items()
        ],
    }
    if channel.type == ChannelType.FORUM:
        payload |= {
            "available_tags": [tag_payload(tag) for tag in channel.tags],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "default_thread_rate_limit_per_user": 0,
        }
    return payload


def thread_payload(world: "World", thread: Thread) -> Payload:
    payload: Payload = {
        "id": str(thread.id),
        "type": thread.type,
        "guild_id": str(thread.guild_id),
        "parent_id": str(thread.parent_id),
        "owner_id": str(thread.owner_id),
        "name": thread.name,
        "flags": thread.flags,
        "last_message_id": str(thread.last_message_id) if thread.last_message_id else None,
        "rate_limit_per_user": thread.slowmode_s,
        "bitrate": 64_000,
        "user_limit": 0,
        "rtc_region": None,
        "message_count": max(0, len(thread.messages) - (thread.starter is not None)),
        "member_count": min(len(thread.joined), _THREAD_MEMBERS_SHOWN),
        "total_message_sent": max(0, thread.messages_sent - 1),
        "applied_tags": [str(tag_id) for tag_id in thread.applied_tags],
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": timestamp(thread.archive_changed_at),
            "auto_archive_duration": thread.auto_archive_minutes,
            "locked": thread.locked,
            "create_timestamp": timestamp(thread.created_at),
        },
    }
    if world.cast.bot.id in thread.joined:
        payload["member"] = thread_member_payload(thread, world.cast.bot.id)
    return payload


def thread_member_payload(thread: Thread, user_id: int) -> Payload:
    return {
        "id": str(thread.id),
        "user_id": str(user_id),
        "join_timestamp": timestamp(thread.joined[user_id]),
        "flags": 0,
    }


def place_payload(world: "World", place: Place) -> Payload:
    return thread_payload(world, place) if isinstance(place, Thread) else channel_payload(world, place)


def role_payload(role: Role) -> Payload:
    payload: Payload = {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed_by is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return payload | {"tags": {"bot_id": str(role.managed_by)}} if role.managed_by is not None else payload


_UNSET = (
    "icon description home_header splash discovery_splash banner application_id afk_channel_id system_channel_id "
    "widget_channel_id vanity_url_code rules_channel_id safety_alerts_channel_id public_updates_channel_id "
    "premium_progress_bar_enabled_user_updated_at max_presences incidents_data"
)
_ZERO = (
    "system_channel_flags verification_level mfa_level explicit_content_filter premium_tier "
    "premium_subscription_count nsfw_level"
)


def guild_payload(guild: Guild) -> Payload:
    return {
        **dict.fromkeys(_UNSET.split()),
        **dict.fromkeys(_ZERO.split(), 0),
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "roles": [role_payload(role) for role in guild.roles.values()],
        "features": ["COMMUNITY"],
        "emojis": [],
        "stickers": [],
        "region": "us-west",
        "afk_timeout": 300,
        "widget_enabled": False,
        "default_message_notifications": 1,
        "max_members": 250_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "preferred_locale": "en-US",
        "premium_progress_bar_enabled": False,
        "nsfw": False,
    }


def guild_event(world: "World", guild: Guild) -> Payload:
    """GUILD_CREATE: the guild with its channels, its active threads and, of its members, the bot alone."""
    bot_id = world.cast.bot.id
    return guild_payload(guild) | {
        "joined_at": timestamp(guild.members[bot_id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member_payload(world, guild, bot_id)],
        "channels": [channel_payload(world, channel) for channel in guild.channels],
        "threads": [thread_payload(world, thread) for thread in world.active_threads(guild.id)],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
