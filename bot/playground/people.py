"""Who is there and what they may do: users, their roles and membership, exceptions for single channels."""

from dataclasses import dataclass
from datetime import datetime

from bot.playground.permissions import NOTHING, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: int
    username: str
    display_name: str
    bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people that every guild of the playground has, and the bot."""

    asker: User
    another: User
    helper: User
    moderator: User
    owner: User
    bot: User


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    id: int
    name: str
    permissions: Permission
    position: int
    managed_by: int | None = None


@dataclass(slots=True, kw_only=True)
class Member:
    user_id: int
    role_ids: list[int]
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    allow: Permission = NOTHING
    deny: Permission = NOTHING
