"""The first state of a playground: its people and, as often as asked, a guild with a help forum."""

from datetime import datetime, timedelta
from functools import partial

from bot.playground.ids import Snowflakes, created_at, milliseconds
from bot.playground.model import Channel, ChannelType, Guild, Tag
from bot.playground.people import Cast, Member, Overwrite, Role, User
from bot.playground.permissions import EVERYONE, STAFF, Permission

AGE = timedelta(days=30)
TAGS = (("Answered", "💬"), ("Solved", "✅"), ("Needs help", "🙋"), ("Waiting for you", "⏳"), ("Handed over", "🤝"))
# A multiple of 1 … 10: with up to ten shards the first guild lives on shard 0, the second on shard 1, and so on.
_SHARD_CYCLE = 2_520


class Seeder:
    def __init__(self, ids: Snowflakes, now: datetime) -> None:
        self._ids = ids
        start = milliseconds(now - AGE)
        self._guild_ms = start - start % _SHARD_CYCLE + _SHARD_CYCLE
        self._ms = self._guild_ms + 1_000

    def cast(self, bot_name: str) -> Cast:
        people = ("asker", "another", "helper", "moderator", "owner")
        users = {name: User(id=self._id(), username=name, display_name=name.capitalize()) for name in people}
        return Cast(**users, bot=User(id=self._id(), username="playground-bot", display_name=bot_name, bot=True))

    def guild(self, index: int, cast: Cast) -> Guild:
        guild_id = self._ids.at(self._guild_ms + index)
        roles = self._roles(guild_id, cast)
        by_name = {role.name: role.id for role in roles}
        joined_at = created_at(guild_id) + timedelta(days=1)
        memberships = {
            cast.asker: [],
            cast.another: [],
            cast.owner: [],
            cast.helper: [by_name["Helper"]],
            cast.moderator: [by_name["Moderator"]],
            cast.bot: [by_name[cast.bot.display_name]],
        }
        staff_only = {
            guild_id: Overwrite(deny=Permission.VIEW_CHANNEL),
            by_name["Moderator"]: Overwrite(allow=Permission.VIEW_CHANNEL),
            by_name[cast.bot.display_name]: Overwrite(allow=Permission.VIEW_CHANNEL),
        }
        tags = [Tag(id=self._id(), name=name, emoji=emoji) for name, emoji in TAGS]
        channel = partial(Channel, guild_id=guild_id)
        return Guild(
            id=guild_id,
            name="Playground" if index == 0 else f"Playground {index + 1}",
            owner_id=cast.owner.id,
            roles={role.id: role for role in roles},
            members={
                user.id: Member(user_id=user.id, role_ids=role_ids, joined_at=joined_at)
                for user, role_ids in memberships.items()
            },
            forum=channel(id=self._id(), type=ChannelType.FORUM, name="help", position=0, tags=tags),
            moderators=channel(
                id=self._id(), type=ChannelType.TEXT, name="moderators", position=1, overwrites=staff_only
            ),
            general=channel(id=self._id(), type=ChannelType.TEXT, name="general", position=2),
        )

    def _roles(self, guild_id: int, cast: Cast) -> list[Role]:
        return [
            Role(id=guild_id, name="@everyone", permissions=EVERYONE, position=0),
            Role(id=self._id(), name="Helper", permissions=EVERYONE, position=1),
            Role(id=self._id(), name="Moderator", permissions=STAFF, position=2),
            Role(id=self._id(), name=cast.bot.display_name, permissions=STAFF, position=3, managed_by=cast.bot.id),
        ]

    def _id(self) -> int:
        self._ms += 1_000
        return self._ids.at(self._ms)
