"""Cards and desks: rows of the one table of wanted replies that stand in the moderators' channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, cast, or_, select, union_all, update
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.helpdesk.ports import Message
from bot.posts import ChannelId, GuildId, MessageId, first_id_at, time_of
from bot.storage.replies import CARD, PENDING, attempts_kept
from bot.storage.serialise import message_json
from bot.storage.statements import insert
from bot.storage.tables import IS_CARD, replies


async def want_card(
    connection: AsyncConnection,
    *,
    key: str,
    guild_id: GuildId,
    case_id: ChannelId | None,
    channel_id: ChannelId,
    body: Message | None,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """What moderators should see under this key from now on; without a body, nothing.

    A new one comes `not_before`, and whatever changes it until then does not bring it sooner.
    """
    if body is None:
        await _take_card_down(connection, key, now)
        return
    row = {
        "key": key,
        "guild_id": guild_id,
        "case_id": case_id,
        "channel_id": channel_id,
        "purpose": CARD,
        "wanted": True,
        "body": message_json(body),
        "want_rev": 1,
        "have_rev": 0,
        "state": PENDING,
        "attempts": 0,
        "not_before": not_before or now,
        "created_at": now,
        "is_urgent": False,
        "case_version": 0,
        "position": 0,
    }
    statement = insert(connection, replies).values(row)
    changes: dict[str, Any] = {name: statement.excluded[name] for name in ("wanted", "body", "state")}
    waits = and_(replies.c.message_id.is_(None), replies.c.wanted, replies.c.not_before > now)
    changes["not_before"] = sql_case((waits, replies.c.not_before), else_=statement.excluded.not_before)
    changes |= {"want_rev": replies.c.want_rev + 1, "attempts": attempts_kept(now)}
    reads_otherwise = cast(replies.c.body, Text).is_distinct_from(cast(statement.excluded.body, Text))
    is_news = or_(~replies.c.wanted, reads_otherwise)
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changes, where=is_news))


async def _take_card_down(connection: AsyncConnection, key: str, now: datetime) -> None:
    """One whose words are gone already stays as it is."""
    stands = replies.c.key == key, replies.c.wanted, replies.c.body.is_not(None)
    down = {"wanted": False, "body": None, "state": PENDING, "not_before": now}
    more = {"want_rev": replies.c.want_rev + 1, "attempts": attempts_kept(now)}
    await connection.execute(update(replies).where(*stands).values(**down, **more))


async def card_times(connection: AsyncConnection, guild_id: GuildId, *, since: datetime) -> Sequence[datetime]:
    """When a card came or will come as a new message; of one that was taken down again, when that was."""
    is_card = replies.c.guild_id == guild_id, IS_CARD, replies.c.case_id.is_not(None)
    columns = replies.c.message_id, replies.c.not_before
    came = select(*columns).where(*is_card, replies.c.message_id >= first_id_at(since))
    will_come = and_(replies.c.wanted, replies.c.state == PENDING)
    went = and_(replies.c.have_rev > 0, replies.c.not_before >= since)
    is_not_there = *is_card, replies.c.message_id.is_(None), or_(will_come, went)
    # Two questions, or both would be looked for among all cards that ever were.
    others = select(*columns).where(*is_not_there)
    rows = await connection.execute(union_all(came, others))
    return [row.not_before if row.message_id is None else time_of(MessageId(row.message_id)) for row in rows]
