"""Whom a message reaches: its text, cut down to what `allowed_mentions` permits."""

import re

from bot.playground.model import Guild, Mentions, Payload

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


def read_mentions(content: str, *, guild: Guild, replied_to: int | None, allowed: Payload | None) -> Mentions:
    users = [int(found) for found in _USER.findall(content) if int(found) in guild.members]
    roles = [int(found) for found in _ROLE.findall(content) if int(found) in guild.roles]
    everyone = bool(_EVERYONE.search(content))
    pings_author = True
    if allowed is not None:
        parse = allowed.get("parse") or []
        named_users = {int(user_id) for user_id in allowed.get("users") or []}
        named_roles = {int(role_id) for role_id in allowed.get("roles") or []}
        users = [user_id for user_id in users if "users" in parse or user_id in named_users]
        roles = [role_id for role_id in roles if "roles" in parse or role_id in named_roles]
        everyone = everyone and "everyone" in parse
        pings_author = bool(allowed.get("replied_user", False))
    if replied_to is not None and pings_author:
        users.append(replied_to)
    return Mentions(user_ids=tuple(dict.fromkeys(users)), role_ids=tuple(dict.fromkeys(roles)), everyone=everyone)
