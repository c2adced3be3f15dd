"""The command itself: plays each thread event by event, and prints what came of it."""

import asyncio
import json
import logging
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from bot.app import Mind, read_mind
from bot.demo.acting import Actors, check_playable
from bot.demo.narrator import Narrator
from bot.demo.stage import CannotPlay, DemoClock, DemoFailed, Stage, open_stage
from bot.helpdesk.handle import Handled
from bot.knowledge.source import KnowledgeError
from bot.lines import ThreadLine, thread_json
from bot.playground import Playground, PlaygroundConfig, Thread
from bot.playground.page import Sample
from bot.replies.cards import render_card
from bot.replies.compile import Templates
from bot.settings import Settings
from bot.storage.migrate import upgrade
from bot.triage.decision import Decision
from bot.triage.drafts import drafts_of
from bot.triage.plans import Action

PLAYED, FAILED, UNUSABLE = 0, 1, 2

#: A decision, the case's state after it, the message as it stands in the playground, the cards.
Said = tuple[Decision, str, str | None, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """What is played, and how."""

    threads: Sequence[ThreadLine]
    samples: Sequence[Sample]
    exit_after: bool
    as_json: bool
    port: int


def play(threads: Sequence[ThreadLine], settings: Settings, *, exit_after: bool, as_json: bool, port: int) -> int:
    """Returns the exit status."""
    clock = DemoClock()
    logging.getLogger("bot.screenshots").setLevel(logging.ERROR)  # what stands for a picture is none: no news
    try:
        for thread in threads:
            check_playable(thread)
        samples = read_samples(settings.templates_dir / "demo" / "samples.jsonl")
        show = Show(threads=threads, samples=samples, exit_after=exit_after, as_json=as_json, port=port)
        mind = hurried(read_mind(settings, clock=clock, salt=b""))
        with tempfile.TemporaryDirectory(prefix="heron-demo-") as folder:
            settings = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{Path(folder) / 'demo.db'}"})
            upgrade(settings.database_url)
            with suppress(KeyboardInterrupt, asyncio.CancelledError):
                asyncio.run(_play(show, settings, mind, clock))
    except (CannotPlay, KnowledgeError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    except DemoFailed as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    return PLAYED


def read_samples(path: Path) -> list[Sample]:
    """Posts to press on the page; a templates folder without any is none the worse."""
    if not path.is_file():
        return []
    samples = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            samples.append(Sample(title=str(row["title"]), text=str(row["text"])))
        except (ValueError, KeyError, TypeError):
            raise CannotPlay(f'{path}:{number}: not a sample; write {{"title": "…", "text": "…"}}') from None
    return samples


def hurried(mind: Mind) -> Mind:
    """Nobody at a demo wants to wait until the asker has stopped typing."""
    return replace(mind, view=replace(mind.view, policy=replace(mind.view.policy, quiet_s=0.0)))


async def _play(show: Show, settings: Settings, mind: Mind, clock: DemoClock) -> None:
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    playground = Playground(clock=clock.now, port=show.port, config=PlaygroundConfig(bot_name="Heron"))
    narrator = Narrator(Console(highlight=False, quiet=show.as_json), playground.world, mind.templates)
    narrator.begin()
    async with open_stage(
        playground, settings, mind, clock, samples=show.samples, on_handled=narrator.handled
    ) as stage:
        address = None if show.exit_after else playground.base_url
        narrator.opened(address)
        for line in show.threads:
            said = await play_thread(stage, line, mind.templates)
            if show.as_json:
                sys.stdout.write(json.dumps(thread_json(line, said), ensure_ascii=False) + "\n")
                sys.stdout.flush()
        narrator.end(sum(len(line.events) for line in show.threads), address)
        if address is not None:
            if show.as_json:
                sys.stderr.write(f"{address}\n")
            await stage.while_served(asyncio.Event().wait())


async def play_thread(stage: Stage, line: ThreadLine, templates: Templates) -> list[Said]:
    """One decision an event, in order; everything about an event is said before the next happens."""
    actors = Actors(stage, line)
    said: list[Said] = []
    handled_before = 0
    for number in range(len(line.events)):
        await actors.act(number)
        await stage.settle()
        await _send_drafts(stage, actors.thread)
        handled = stage.record.of(actors.thread.id)
        if len(handled) == handled_before:
            raise DemoFailed(f"thread {line.id}: event {number} came to no decision")
        done = _decisive(handled[handled_before:])
        handled_before = len(handled)
        said.append(_said(stage, actors.thread, done, templates, state=handled[-1].case.state.value))
    return said


async def _send_drafts(stage: Stage, thread: Thread) -> None:
    """Those whose card still waits until the moderators' channel has room for it; a play does not."""
    handled = stage.record.of(thread.id)
    for reply in handled[-1].case.replies if handled else ():
        if drafts_of(reply):
            stage.send_draft(thread, reply)
            await stage.settle()


def _decisive(handled: Sequence[Handled]) -> Handled:
    """What an event came to. Beside it a timer may have fired, or a private choice been opened: these say nothing."""
    spoke = (done for done in handled if done.decisions[-1].action is not Action.SILENT)
    return next(spoke, handled[-1])


def _said(stage: Stage, thread: Thread, done: Handled, templates: Templates, *, state: str) -> Said:
    decision = done.decisions[-1]
    cards = [render_card(card, case=done.case, templates=templates) for card in decision.cards]
    return decision, state, _posted(stage, thread, decision), cards


def _posted(stage: Stage, thread: Thread, decision: Decision) -> str | None:
    """The words that a decision put into the thread, as they stand there."""
    if decision.said is None:
        return None
    own = stage.playground.control.answers(thread)
    return next((message.content for message in own if message.nonce == decision.said.key), None)
