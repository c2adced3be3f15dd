"""The demo in the terminal: what people write, what Heron decides and posts, in the order in which it happens."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from bot.helpdesk.handle import Handled
from bot.playground import Event, Message, Thread, World
from bot.playground.model import MessageType, Payload
from bot.replies.cards import render_card
from bot.replies.compile import Templates

INDENT = 2
_COLOURS = {"asker": "cyan", "helper": "magenta", "moderator": "magenta", "another": "blue"}
#: The part of Discord's dialect that Heron writes: small print, links, bold, italics, code.
_STYLED = re.compile(
    r"^-# (?P<small>.+)$|\[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)\)|\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`"
    r"|(?<![\w*])\*(?P<italic>[^*\s][^*]*)\*(?![\w*])"
)


class Narrator:
    """Watches a playground and is told what Heron decided. Colours appear only where the output is a terminal."""

    def __init__(self, console: Console, world: World, templates: Templates) -> None:
        self._console = console
        self._world = world
        self._templates = templates
        self._thread_id: int | None = None  # whose heading was printed last
        self._shown: dict[int, Message] = {}
        self._tags: dict[int, list[int]] = {}
        self._own: set[int] = set()
        self._changed = self._taken_back = 0
        world.listen(self._happened)

    def begin(self) -> None:
        self._print("[bold]A Discord help forum on this machine, and Heron in it.[/] Nothing leaves the machine.")
        self._print("[dim]Heron is connected with discord.py, as it would be to the real Discord.[/]")

    def opened(self, address: str | None) -> None:
        if address is not None:
            self._print(f"Watch in a browser: [bold underline]{address}[/]")

    def end(self, events: int, address: str | None) -> None:
        counts = [f"posted {_count(len(self._own), 'message')}"]
        if self._changed:
            counts.append(f"changed {self._changed}")
        if self._taken_back:
            counts.append(f"took back {self._taken_back}")
        self._print(f"\n[bold]{_count(events, 'event')} played; Heron {', '.join(counts)}.[/]")
        if address is None:
            self._print("A thread of your own: heron demo --thread FILE.jsonl. Without --exit: a page to try it on.")
        else:
            self._print(f"Go on at {address}: press a sample post, or write your own. Ctrl-C ends it.")

    def handled(self, done: Handled) -> None:
        self._head(int(done.thread_id))
        for decision in done.decisions:
            actions = " + ".join(action.value for action in decision.actions)
            self._print(Text(f"→ {actions}: {decision.reason}", style="dim"))
            for card in decision.cards:
                self._print("[yellow]For the moderators' list[/]")
                self._say(render_card(card, case=done.case, templates=self._templates))

    def _happened(self, event: Event) -> None:
        match event.name:
            case "MESSAGE_CREATE" if event.message is not None:
                self._written(event.message)
            case "MESSAGE_UPDATE" if event.message is not None:
                self._rewritten(event.message)
            case "MESSAGE_DELETE":
                self._deleted(int(event.data["id"]), int(event.data["channel_id"]))
            case "MESSAGE_REACTION_ADD":
                self._head(int(event.data["channel_id"]))
                self._print(
                    f"{self._name(int(event.data['user_id']))} [dim]reacts with[/] {event.data['emoji']['name']}"
                )
            case "THREAD_UPDATE":
                self._tagged(int(event.data["id"]))
            case "INTERACTION_CREATE":
                self._pressed(event.data)
            case "WHISPER" if event.message is not None:
                self._whispered(event.message)

    def _pressed(self, press: Payload) -> None:
        self._head(int(press["channel_id"]))
        buttons = [button for row in press["message"]["components"] for button in row["components"]]
        label = next((b["label"] for b in buttons if b["custom_id"] == press["data"]["custom_id"]), "")
        who = Text.from_markup(self._name(int(press["member"]["user"]["id"])))
        self._print(Text("\n") + who + Text(" presses ", "dim") + Text(f"[ {label} ]", "bold"))

    def _whispered(self, message: Message) -> None:
        if message.seen_by is None or message.id not in self._world.places[message.channel_id].whispers:
            return
        self._print(f"\n{self._name(message.author_id)} [dim]to[/] {self._name(message.seen_by)} [dim]alone[/]")
        self._show(message)

    def _written(self, message: Message) -> None:
        self._head(message.channel_id)
        if message.type is MessageType.PINNED:
            self._print("[dim]that message is pinned[/]")
            return
        self._print(f"\n{self._name(message.author_id)}")
        self._show(message)
        is_to_asker = isinstance(self._world.places[message.channel_id], Thread)
        if message.author_id == self._world.cast.bot.id and is_to_asker:
            self._own.add(message.id)

    def _rewritten(self, message: Message) -> None:
        self._head(message.channel_id)
        shown = self._shown.get(message.id)
        if shown is None or message.content != shown.content:
            self._print(f"\n{self._name(message.author_id)} [dim]changes a message to[/]")
            self._show(message)
            self._changed += message.id in self._own
        elif len(message.buttons) < len(shown.buttons):
            self._print(Text("the buttons of an earlier message are gone", style="dim"))
            self._keep(message)

    def _deleted(self, message_id: int, channel_id: int) -> None:
        self._head(channel_id)
        if (shown := self._shown.pop(message_id, None)) is None:
            return
        words = styled(shown.content.split("\n")[0])
        words.truncate(60, overflow="ellipsis")
        self._print(Text("\n") + Text.from_markup(self._name(shown.author_id)) + Text(" loses a message: ") + words)
        self._taken_back += message_id in self._own

    def _tagged(self, thread_id: int) -> None:
        thread = self._world.places.get(thread_id)
        if not isinstance(thread, Thread) or thread.applied_tags == self._tags.get(thread_id, []):
            return
        self._tags[thread_id] = list(thread.applied_tags)
        tags = [
            f"{tag.emoji} {tag.name}" for tag in self._world.parent_of(thread).tags if tag.id in thread.applied_tags
        ]
        self._print(Text(f"tag of the thread: {', '.join(tags) or 'none'}", style="dim"))

    def _head(self, channel_id: int) -> None:
        if channel_id == self._thread_id:
            return
        self._thread_id = channel_id
        place = self._world.places.get(channel_id)
        if place is not None:
            parent = f"{self._world.parent_of(place).name} › " if isinstance(place, Thread) else ""
            self._print(Text(f"\n# {parent}{place.name}", style="bold reverse"))

    def _name(self, user_id: int) -> str:
        user = self._world.users[user_id]
        if user.bot:
            return f"[bold green]{user.display_name}[/] [reverse green] APP [/]"
        return f"[bold {_COLOURS.get(user.username, 'white')}]{user.display_name}[/]"

    def _show(self, message: Message) -> None:
        if message.content:
            self._say(message.content)
        for file in message.attachments:
            self._say(f"📎 {file.filename}")
        self._buttons([f"[ {button.get('label', '')} ]" for button in message.buttons])
        self._keep(message)

    def _keep(self, message: Message) -> None:
        # The playground changes a message in place.
        self._shown[message.id] = replace(message)

    def _buttons(self, labels: Sequence[str]) -> None:
        """Side by side, and none of them broken."""
        row = ""
        for label in labels:
            if row and len(row) + len(label) + 1 > self._console.width - INDENT:
                self._lines(Text(row, style="bold"))
                row = ""
            row = f"{row} {label}".strip()
        if row:
            self._lines(Text(row, style="bold"))

    def _say(self, words: str) -> None:
        for line in words.strip().split("\n"):
            self._lines(styled(line))

    def _lines(self, text: Text) -> None:
        """Indented, and without the blanks with which a console fills its lines."""
        for line in text.wrap(self._console, self._console.width - INDENT):
            line.rstrip()
            self._print(Text(" " * INDENT) + line if line else "")

    def _print(self, text: str | Text) -> None:
        self._console.print(text, soft_wrap=True)


def styled(line: str) -> Text:
    """One line of a message as Discord would show it."""
    text, at = Text(), 0
    for found in _STYLED.finditer(line):
        text.append(line[at : found.start()])
        at = found.end()
        match found.lastgroup:
            case "url":
                text.append(found["label"], "underline").append(f" ({found['url']})", "dim")
            case "bold":
                inner = styled(found["bold"])
                inner.stylize("bold")
                text.append_text(inner)
            case "code":
                text.append(found["code"], "bold cyan")
            case "italic":
                text.append(found["italic"], "italic")
            case _:
                text.append(found["small"], "dim italic")
    return text.append(line[at:])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
