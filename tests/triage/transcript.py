"""Conversations as one reads them: who says or presses what, and in the next line what Heron does about it.

    asker: it says [exact upstream-dim]
    Heron answers upstream-dim
    asker presses not_solved
    Heron tells more of upstream-dim

What a message means is scripted in it, as in `thread`. `(6 hours pass)` lets time go by.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.posts import Role, Verb
from bot.triage.decision import Decision
from bot.triage.plans import Action, Answer, Form, Part, Question, Words
from bot.triage.view import View
from tests.triage.thread import Thread

_SAYS = re.compile(r"(?P<who>asker|staff|other|bot|asker to Heron): (?P<text>.*)")
_PRESSES = re.compile(r"(?P<who>asker|staff|other) presses (?P<verb>\w+)(?: (?P<article>[\w-]+))?")
_EDITS = re.compile(r"asker edits (?P<number>\d+): (?P<text>.*)")
_DELETES = re.compile(r"asker deletes (?P<number>\d+)")
_PASSES = re.compile(r"\((?P<count>\d+) (?P<unit>minute|hour|day|week)s? pass(?:es)?\)")
_HERON = "Heron "


def replayed(transcript: str, view: View) -> str:
    """The same conversation with what Heron really does in it."""
    thread = Thread(view)
    return "\n".join(_lines(transcript, thread))


def _lines(transcript: str, thread: Thread) -> Iterator[str]:
    for line in filter(None, map(str.strip, transcript.splitlines())):
        if line.startswith(_HERON):
            continue
        yield line
        yield _HERON + told(_play(thread, line))


def _play(thread: Thread, line: str) -> Decision:
    if found := _SAYS.fullmatch(line):
        match found["who"]:
            case "asker":
                return thread.says(*found["text"].split(" / "))
            case "asker to Heron":
                return thread.is_addressed_with(found["text"])
            case who:
                return thread.somebody_says(Role(who), found["text"])
    if found := _PRESSES.fullmatch(line):
        return thread.presses(Verb(found["verb"]), found["article"], by=Role(found["who"]))
    if found := _EDITS.fullmatch(line):
        return thread.edits(int(found["number"]), found["text"])
    if found := _DELETES.fullmatch(line):
        return thread.deletes(int(found["number"]))
    found = _PASSES.fullmatch(line)
    assert found is not None, f"nobody knows how to play {line!r}"
    by = timedelta(**{f"{found['unit']}s": int(found["count"])})
    thread.view = replace(thread.view, now=thread.view.now + by)
    return thread.waits()


def told(decision: Decision) -> str:
    """What it did, in the order in which the thread shows it."""
    if Action.SOLVED in decision.actions:
        done = ["notes that it is solved"]
    elif decision.said is None and Action.RETRACT in decision.actions:
        done = ["takes it back"]
    else:
        done = []
    if decision.said is not None and decision.said.plan is not None:
        done += map(_part, decision.said.plan.parts)
    if decision.cards:
        done.append("shows people a card")
    return ", ".join(done) or "says nothing"


def _part(part: Part) -> str:
    match part:
        case Answer(form=Form.FULL):
            return f"answers {part.article_id}"
        case Answer(form=Form.BRIEF):
            return f"answers {part.article_id} briefly"
        case Answer():
            return f"tells more of {part.article_id}"
        case Question(candidates=()):
            return "asks openly"
        case Question():
            return f"asks whether {' or '.join(part.candidates)}"
        case Words():
            return f"says *{part.name}*"
