"""The events of a thread as people of the playground act them."""

from pathlib import Path

from bot.demo.stage import CannotPlay, DemoFailed, Stage
from bot.helpdesk.arrivals import TimePassed
from bot.lines import ThreadEvent, ThreadLine
from bot.playground import Message, Thread
from bot.posts import ChannelId, GuildId

#: What stands for an attachment whose file is not there: a picture of one pixel.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636000000002000148afa471"
    "0000000049454e44ae426082"
)


def check_playable(thread: ThreadLine) -> None:
    if not thread.events or (thread.events[0].type, thread.events[0].by) != ("message", "asker"):
        raise CannotPlay(f"thread {thread.id}: event 0: a thread on Discord opens with a message of its asker")
    deleted: set[int | str | None] = set()
    for number, event in enumerate(thread.events):
        where = f"thread {thread.id}: event {number}"
        if event.type == "button":
            raise CannotPlay(f"{where}: nobody can press buttons in the playground; leave it out, or use heron replay")
        if event.type in ("edit", "delete") and event.target in deleted:
            raise CannotPlay(f"{where}: target {event.target} was deleted before; name a message that is still there")
        if event.type == "delete":
            deleted.add(event.target)


class Actors:
    """Plays one thread. An event happens at once; what comes of it, the stage tells."""

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

    def act(self, number: int) -> None:
        event = self._line.events[number]
        control = self._stage.playground.control
        match event.type:
            case "message":
                self._write(number, event)
            case "edit":
                control.edit(self._written[int(event.target or 0)], event.text)
            case "delete":
                control.delete(self._written[int(event.target or 0)])
            case "wait":
                self._stage.clock.put_forward(event.seconds)
                passed = TimePassed(guild_id=GuildId(self.thread.guild_id), thread_id=ChannelId(self.thread.id))
                self._stage.heron.desk.hear(passed)

    def _write(self, number: int, event: ThreadEvent) -> None:
        cast, control = self._stage.playground.world.cast, self._stage.playground.control
        if self._thread is None:
            self._thread = control.create_post(self._line.title, event.text, attachments=_files(event))
            self._written[number] = self._thread.messages[self._thread.id]
            return
        by = {"asker": cast.asker, "staff": cast.moderator, "other": cast.another}[event.by]
        self._written[number] = control.reply(self._thread, event.text, by=by, attachments=_files(event))


def _files(event: ThreadEvent) -> list[tuple[str, bytes]]:
    return [(file.filename, _content(Path(file.location))) for file in event.files]


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else _PIXEL
