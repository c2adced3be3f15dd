"""The only place that builds the whole: settings and knowledge in, a Heron that serves Discord out."""

from bot.app.heron import Heron, World
from bot.app.mind import read_mind
from bot.app.run import run
from bot.app.store import Store
from bot.helpdesk.mind import Mind

__all__ = ["Heron", "Mind", "Store", "World", "read_mind", "run"]
