"""The page on which one can watch and try the playground: its forum as Discord shows it, served on the same port."""

from bot.playground.page.explanation import Explanation, Mark, Ranked
from bot.playground.page.routes import Page, Sample

__all__ = ["Explanation", "Mark", "Page", "Ranked", "Sample"]
