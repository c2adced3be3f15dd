"""What happened when, as one line each: for whoever has to find out why a promise was broken."""

import time
from collections.abc import Iterator
from pathlib import Path

from bot.playground import Event, Exchange, Playground

_TOLD = ("THREAD_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE")


class History:
    def __init__(self, playground: Playground) -> None:
        self._began = time.monotonic()
        self._bot_id = playground.world.cast.bot.id
        self._lines: list[str] = []
        playground.world.listen(self._happened)

    def note(self, what: str) -> None:
        self._lines.append(f"{time.monotonic() - self._began:8.3f} {what}")

    def called(self, exchange: Exchange) -> None:
        if exchange.status >= 400 or exchange.method != "GET":
            self.note(f"    {exchange.method} {exchange.path} {exchange.status}")

    def write(self, path: Path) -> None:
        path.write_text("\n".join([*self._lines, ""]), "utf-8")

    def _happened(self, event: Event) -> None:
        if event.name in _TOLD:
            self.note(" ".join(self._told(event)))

    def _told(self, event: Event) -> Iterator[str]:
        message = event.message
        yield event.name
        yield f"{event.data.get('channel_id', '')}/{event.data['id']}"
        if message is not None:
            yield "Heron" if message.author_id == self._bot_id else "asker"
            if message.reply_to_id is not None:
                yield f"to {message.reply_to_id}"
            yield repr(" ".join(message.content.split())[:160])
