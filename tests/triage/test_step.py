"""What holds for every step, whatever happens in whatever order."""

import ast
import copy
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.phrases import Phrases
from bot.posts import MessageId, Role, Verb
from bot.triage import step as step_module
from bot.triage.case import Case
from bot.triage.keys import reply_key
from bot.triage.moods import Mood, Moods
from bot.triage.plans import Action, Answer, Buttons, Form
from bot.triage.view import View
from tests.triage.thread import THREAD, Thread, did, new_case, scripted_view

PURE_ROOMS = ("extraction", "knowledge", "triage", "replies")
IMPURE = re.compile(r"\b(now|today|utcnow|time|perf_counter|monotonic|urandom|uuid4|random|getenv|sleep)\(")
IMPURE_MODULES = {"random", "time", "secrets", "uuid", "socket", "asyncio", "os", "threading", "subprocess"}

SAYINGS = (
    "[exact upstream-dim]",
    "[exact wick-limit] [text money-back 0.9]",
    "[text lost-lamp 0.8]",
    "[torn 503 upstream-dim wick-limit]",
    "it does not work",
    "a nice lamp [chatter]",
    "works now, thanks",
    "that did not help",
    "can I talk to a human",
    "",
    "!mute",
    "!unmute",
    "key lk-fakefakefake0123456789ab",
    '{"error": {"message": "the flux capacitor is out of phase today", "code": 599}}',
)
ARTICLES = ("upstream-dim", "wick-limit", "no-such-article", None)

#: A method of `Thread` and what it is called with.
Happening = tuple[str, tuple[object, ...]]


def happenings() -> st.SearchStrategy[Happening]:
    said, number = st.sampled_from(SAYINGS), st.integers(0, 3)
    return st.one_of(
        st.lists(said, min_size=1, max_size=3).map(lambda texts: ("says", tuple(texts))),
        said.map(lambda text: ("is_addressed_with", (text,))),
        st.tuples(number, said).map(lambda edit: ("edits", edit)),
        number.map(lambda which: ("deletes", (which,))),
        st.tuples(st.sampled_from(list(Verb)), st.sampled_from(ARTICLES)).map(lambda press: ("presses", press)),
        st.tuples(st.sampled_from([Role.STAFF, Role.OTHER, Role.BOT]), said).map(lambda it: ("somebody_says", it)),
        st.just(("waits", ())),
    )


def play(thread: Thread, happening: Happening) -> object:
    name, arguments = happening
    return getattr(thread, name)(*arguments)


def broken_promises(thread: Thread) -> list[str]:
    """What must never be true of a case, as sentences."""
    case, standing = thread.case, thread.standing
    keys = [reply.key for reply in case.replies]
    told = [f.article_id for f in case.findings if f.article_id is not None]
    promises = {
        "two replies share a key": len(set(keys)) == len(keys),
        "a key is longer than a nonce": all(len(key) <= 25 for key in keys),
        "more than one row of buttons is live": sum(p.buttons is not Buttons.NONE for p in standing) <= 1,
        "the way to make Heron stop stands twice": sum(p.has_footer for p in standing) <= 1,
        "a message says nothing": all(p.parts for p in standing),
        "one problem is found twice": len(set(told)) == len(told),
        "somebody else's words are kept": all(m.role is Role.ASKER or not m.text for m in case.messages),
        "a key was kept": "lk-fake" not in repr(case),
    }
    return [said for said, holds in promises.items() if not holds]


@settings(max_examples=500)
@given(st.lists(happenings(), min_size=1, max_size=9), st.booleans())
def test_whatever_happens_in_a_thread_the_promises_hold(happened: list[Happening], is_slow: bool) -> None:
    thread = Thread(scripted_view(), is_slow=is_slow)
    revisions: dict[str, int] = {}
    for happens in happened:
        play(thread, happens)
        assert broken_promises(thread) == []
        for reply in thread.case.replies:
            assert reply.revision >= revisions.get(reply.key, 0), "a revision went backwards"
            revisions[reply.key] = reply.revision


@settings(max_examples=60)
@given(st.lists(happenings(), min_size=1, max_size=6))
def test_a_step_gives_the_same_for_the_same_and_changes_nothing_it_was_given(happened: list[Happening]) -> None:
    one, other = Thread(scripted_view()), Thread(scripted_view())
    for happens in happened:
        before = one.case
        kept = copy.deepcopy(before)
        assert play(one, happens) == play(other, happens)
        assert one.case == other.case
        assert before == kept


class CountedMoods(Moods):
    """Remembers what it was asked to read."""

    def __init__(self, phrases: Phrases) -> None:
        super().__init__(phrases)
        self.asked: list[str] = []

    def read(self, text: str) -> Mood:
        self.asked.append(text)
        return super().read(text)


@pytest.mark.parametrize("said", SAYINGS)
def test_the_mood_of_a_post_is_read_once_at_most(scripted: View, said: str) -> None:
    moods = CountedMoods(scripted.knowledge.base.phrases)
    thread = Thread(replace(scripted, knowledge=replace(scripted.knowledge, moods=moods)))
    thread.says(said)
    first = len(moods.asked)
    thread.says(said)
    assert first <= 1
    assert len(moods.asked) - first <= 1


@settings(max_examples=60)
@given(st.lists(st.sampled_from(SAYINGS), min_size=1, max_size=8))
def test_no_answer_is_written_twice_while_nothing_is_edited_or_solved(said: list[str]) -> None:
    thread = Thread(scripted_view())
    written: list[tuple[str, Form]] = []
    for text in said:
        decision = thread.says(text)
        if Action.SOLVED in decision.actions:
            written.clear()
        new = [r.plan for r in decision.replies if r.plan is not None and r.plan.buttons is not Buttons.NONE]
        written += [(p.article_id, p.form) for plan in new for p in plan.parts if isinstance(p, Answer)]
    full = [article_id for article_id, form in written if form is not Form.MORE]
    assert len(set(full)) == len(full)


@given(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))
def test_a_key_is_made_from_ids_alone_and_fits_a_nonce(one: int, other: int) -> None:
    assert reply_key(MessageId(one)) == reply_key(MessageId(one))
    assert (reply_key(MessageId(one)) == reply_key(MessageId(other))) == (one == other)
    assert re.fullmatch(r"[0-9a-z-]{1,25}", reply_key(MessageId(one)))


def test_two_processes_make_the_same_key_for_the_same_question(scripted: View) -> None:
    first = Thread(scripted).says("[exact upstream-dim]").replies[0]
    second = Thread(scripted).says("another text [exact wick-limit]").replies[0]
    assert first.key == second.key == reply_key(MessageId(THREAD))


def test_every_decision_names_actions_in_order_and_a_reason(thread: Thread) -> None:
    for text in SAYINGS:
        decision = thread.says(text)
        assert did(decision)
        assert decision.reason
        assert decision.action is decision.actions[0]


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_the_pure_rooms_use_no_clock_no_chance_and_no_network(room: str) -> None:
    folder = Path(step_module.__file__).parents[1] / room
    found = []
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        names = {name for node in ast.walk(tree) for name in _imported(node)}
        found += [f"{path.name} imports {name}" for name in sorted(names & IMPURE_MODULES)]
        calls = {ast.unparse(node.func) + "(" for node in ast.walk(tree) if isinstance(node, ast.Call)}
        found += [f"{path.name} calls {call})" for call in sorted(calls) if IMPURE.search(call)]
    assert found == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []


def test_a_case_is_a_value_that_cannot_be_changed(scripted: View) -> None:
    case: Case = new_case(scripted)
    with pytest.raises(AttributeError):
        case.is_muted = True  # type: ignore[misc]
