"""The events of a thread as people of the playground act them."""

from collections.abc import Sequence
from pathlib import Path

from bot.demo.stage import CannotPlay, DemoFailed, Stage
from bot.helpdesk.arrivals import ButtonPressed, TimePassed
from bot.lines import ThreadEvent, ThreadLine
from bot.playground import Message, Thread, User
from bot.posts import ChannelId, GuildId, UserId, Verb
from bot.triage.presses import PRIVATE_CHOICE

#: What stands for an attachment whose file is not there: nobody can read it, as nobody can in a replay.
_NO_FILE = b"\0"


def check_playable(thread: ThreadLine) -> None:
    if not thread.events or (thread.events[0].type, thread.events[0].by) != ("message", "asker"):
        raise CannotPlay(f"thread {thread.id}: event 0: a thread on Discord opens with a message of its asker")
    deleted: set[int | str | None] = set()
    for number, event in enumerate(thread.events):
        where = f"thread {thread.id}: event {number}"
        if event.type in ("edit", "delete") and event.target in deleted:
            raise CannotPlay(f"{where}: target {event.target} was deleted before; name a message that is still there")
        if event.type == "delete":
            deleted.add(event.target)


class Actors:
    """Plays one thread. An event happens at once; what comes of it, the stage tells. Only behind *Still stuck* people
    wait for what they are shown."""

    def __init__(self, stage: Stage, line: ThreadLine) -> None:
        self._stage = stage
        self._line = line
        self._written: dict[int, Message] = {}
        self._thread: Thread | None = None

    @property
    def thread(self) -> Thread:
        if self._thread is None:
            raise DemoFailed("the thread is not open yet")
        return self._thread

    async def act(self, number: int) -> None:
        event = self._line.events[number]
        control = self._stage.playground.control
        match event.type:
            case "message":
                self._write(number, event)
            case "edit":
                control.edit(self._written[int(event.target or 0)], event.text)
            case "delete":
                control.delete(self._written[int(event.target or 0)])
            case "button":
                await self._press(event)
            case "wait":
                self._stage.clock.put_forward(event.seconds)
                passed = TimePassed(guild_id=GuildId(self.thread.guild_id), thread_id=ChannelId(self.thread.id))
                self._stage.heron.desk.hear(passed)

    def _write(self, number: int, event: ThreadEvent) -> None:
        control = self._stage.playground.control
        if self._thread is None:
            self._thread = control.create_post(self._line.title, event.text, attachments=_files(event))
            self._written[number] = self._thread.messages[self._thread.id]
            return
        self._written[number] = control.reply(
            self._thread, event.text, by=self._person(event), attachments=_files(event)
        )

    async def _press(self, event: ThreadEvent) -> None:
        verb, _, choice = str(event.target).partition(":")
        control, by = self._stage.playground.control, self._person(event)
        if verb in PRIVATE_CHOICE:
            self._press_where(control.answers(self.thread), Verb.STUCK, by)
            await self._stage.settle()
            self._press_where(control.whispers(self.thread, to=by), verb, by)
        else:
            self._press_where(control.answers(self.thread), verb, by, choice)

    def _press_where(self, messages: Sequence[Message], verb: str, by: User, choice: str = "") -> None:
        """The newest message that has the button: its custom id is `h1:<key>:<verb>[:<choice>]`."""
        for message in reversed(messages):
            for button in message.buttons:
                _, _, does, *what = str(button.get("custom_id", "")).split(":")
                if does == verb and (not choice or what == [choice]):
                    self._stage.playground.control.press(message, button["custom_id"], by=by)
                    return
        # Nobody can press what is not there; a press that a thread tells of all the same goes to Heron as it is told.
        pressed = ButtonPressed(
            guild_id=GuildId(self.thread.guild_id),
            thread_id=ChannelId(self.thread.id),
            press_id=0,
            by=UserId(by.id),
            is_moderator=by == self._stage.playground.world.cast.moderator,
            key=None,
            verb=Verb(verb),
            detail=choice or None,
        )
        self._stage.heron.desk.hear(pressed)

    def _person(self, event: ThreadEvent) -> User:
        cast = self._stage.playground.world.cast
        return {"asker": cast.asker, "staff": cast.moderator, "other": cast.another}[event.by]


def _files(event: ThreadEvent) -> list[tuple[str, bytes]]:
    return [(file.filename, _content(Path(file.location))) for file in event.files]


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else _NO_FILE
