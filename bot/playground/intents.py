"""Gateway intents: which events a session asked for, which intents need a switch in the developer portal."""

from enum import IntFlag

from bot.playground.config import PlaygroundConfig


class Intent(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    MESSAGE_CONTENT = 1 << 15


# Bits 17, 18, 19, 22 and 23 are unassigned.
_KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))

_NEEDED = {
    "GUILD": Intent.GUILDS,
    "CHANNEL": Intent.GUILDS,
    "THREAD": Intent.GUILDS,
    "MESSAGE": Intent.GUILD_MESSAGES,
    "TYPING": Intent.GUILD_MESSAGE_TYPING,
}

_LIMITED_PRESENCE, _LIMITED_MEMBERS, _LIMITED_CONTENT = 1 << 13, 1 << 15, 1 << 19


def is_valid(intents: int) -> bool:
    return intents >= 0 and not intents & ~_KNOWN


def are_allowed(intents: int, config: PlaygroundConfig) -> bool:
    switches = {
        Intent.GUILD_MEMBERS: config.server_members,
        Intent.GUILD_PRESENCES: config.presences,
        Intent.MESSAGE_CONTENT: config.message_content,
    }
    return all(switched_on for intent, switched_on in switches.items() if intents & intent)


def wants(intents: int, event_name: str) -> bool:
    if event_name.startswith("MESSAGE_REACTION_"):
        return bool(intents & Intent.GUILD_MESSAGE_REACTIONS)
    if event_name == "INTERACTION_CREATE":
        return True
    return bool(intents & _NEEDED.get(event_name.partition("_")[0], 0))


def application_flags(config: PlaygroundConfig) -> int:
    """Unverified applications carry the `limited` flags; that is how a bot reads its own switches."""
    flags = _LIMITED_CONTENT if config.message_content else 0
    flags |= _LIMITED_MEMBERS if config.server_members else 0
    return flags | (_LIMITED_PRESENCE if config.presences else 0)
