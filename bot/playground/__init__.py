"""A Discord on this machine: unmodified clients connect to it and cannot tell. It knows nothing of any bot."""

from bot.playground.call import Exchange, Observer
from bot.playground.config import PlaygroundConfig, RateLimits, RouteLimit
from bot.playground.control import Control
from bot.playground.interactions import Interaction
from bot.playground.model import Channel, Message, Thread
from bot.playground.people import User
from bot.playground.permissions import Permission
from bot.playground.playground import Playground
from bot.playground.world import Event, World

__all__ = [
    "Channel",
    "Control",
    "Event",
    "Exchange",
    "Interaction",
    "Message",
    "Observer",
    "Permission",
    "Playground",
    "PlaygroundConfig",
    "RateLimits",
    "RouteLimit",
    "Thread",
    "User",
    "World",
]
