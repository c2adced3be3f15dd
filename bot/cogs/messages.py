"""Discord's messages as posts: which text counts, and who somebody is in this server."""

from collections.abc import Collection, Iterator

import discord

from bot.posts import Attachment, MessageId, Post, Role, UserId

#: What people write; joins, pins and renames are not among it.
_WRITTEN = (discord.MessageType.default, discord.MessageType.reply)


def is_written(message: discord.Message) -> bool:
    return message.type in _WRITTEN


def post_of(message: discord.Message, *, own_id: int, is_staff: bool, title: str = "") -> Post:
    return Post(
        message_id=MessageId(message.id),
        author_id=UserId(message.author.id),
        role=_role(message, is_staff=is_staff),
        text=_text(message),
        at=message.created_at,
        title=title,
        attachments=tuple(_attachments(message)),
        mentions_bot=any(user.id == own_id for user in message.mentions),
        replies_to_bot=_answered_author(message) == own_id,
    )


def is_of_staff(message: discord.Message, role_ids: Collection[int]) -> bool:
    """Only what comes through the gateway tells its author's roles."""
    author = message.author
    return isinstance(author, discord.Member) and any(role.id in role_ids for role in author.roles)


def _role(message: discord.Message, *, is_staff: bool) -> Role:
    if message.author.bot or message.webhook_id is not None:
        return Role.BOT
    return Role.STAFF if is_staff else Role.OTHER


def _text(message: discord.Message) -> str:
    """What somebody typed, then what they forwarded. Previews of links are Discord's words, not theirs."""
    return "\n\n".join(text for text in (message.content, *_forwarded(message)) if text)


def _forwarded(message: discord.Message) -> Iterator[str]:
    for snapshot in message.message_snapshots:
        yield snapshot.content
        for embed in snapshot.embeds:  # an app's error message is often nothing but an embed
            if embed.type == "rich":
                yield from filter(None, (embed.title, embed.description))


def _attachments(message: discord.Message) -> Iterator[Attachment]:
    snapshots = [file for snapshot in message.message_snapshots for file in snapshot.attachments]
    for file in (*message.attachments, *snapshots):
        yield Attachment(
            filename=file.filename,
            location=file.url,
            content_type=file.content_type,
            size_bytes=file.size,
            is_forwarded=file in snapshots,
        )


def _answered_author(message: discord.Message) -> int | None:
    reference = message.reference
    resolved = reference.resolved if reference is not None else None
    return resolved.author.id if isinstance(resolved, discord.Message) else None
