"""`heron demo`: threads played through Discord's own protocol, playground and real bot in one process."""

from bot.demo.play import play

__all__ = ["play"]
