"""Every attack of the corpus, written where it can be: what the log, figures and reports of trouble show of it.

`test_no_traces` puts a key of every kind through the same house; here it is what attackers write beside it.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import pytest
import structlog

from bot.app.logs import configure_logs, log_handled
from bot.playground.model import Place
from tests.end_to_end.commands import commands
from tests.end_to_end.house import DIM, House
from tests.end_to_end.test_no_traces import (
    SECRETS,
    WORDS,
    every_unit_of_work_fails,
    everything_kept,
    everything_said,
)
from tests.hostile.corpus import ATTACKS
from tests.replies.test_hostile_posts import leaked

#: What a line of the log begins with, and nothing that somebody typed: a line is one event.
LINE = re.compile(r"timestamp=\d{4}-\d\d-\d\dT[\d:.]+Z level=(debug|info|warning|error|critical) event=")
#: What the attacks on a log would have it say.
FORGED = ("token stolen", "\x1b", "owned", "\u2028")
#: Attacks in one post; a thread of its own for each would only take longer.
TOGETHER = 6
#: What moderators ask for; the answer is seen by whoever asked.
FIGURES = ("desk stats", "desk queue", "desk log", "desk articles list")


def batches() -> Iterator[str]:
    """As Discord would carry them: half a character is none."""
    for start in range(0, len(ATTACKS), TOGETHER):
        together = "\n".join(attack[:250] for attack in ATTACKS[start : start + TOGETHER])
        yield together.encode("utf-8", "replace").decode()


async def every_attack(house: House) -> None:
    for secret, attacks in zip(cycle(SECRETS), batches(), strict=False):
        thread = house.control.create_post(attacks.replace("\n", " ")[:100], f"{DIM}\n{WORDS}: {secret}\n{attacks}")
        await house.settle()
        house.control.reply(thread, f"{attacks}\n{secret}", by=house.cast.another)
        await house.settle()
        await commands(house, thread, "escalate", by=house.cast.helper, reason=attacks[:100])
        await commands(house, thread, "post claim")


async def figures_of(house: House, place: Place) -> str:
    return "\n".join([await commands(house, place, line) for line in FIGURES])


@contextmanager
def logged() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs()
    try:
        yield
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()


def test_all_attacks_are_written() -> None:
    written = "\n".join(batches())
    assert [forged for forged in FORGED if forged not in written] == []


async def test_a_line_of_the_log_is_one_event_and_names_nobody(
    house: House, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with logged():
        await every_attack(house)
        for handled in house.handled:
            log_handled(handled)
        await every_unit_of_work_fails(house, database_url)
    lines = capsys.readouterr().err.split("\n")
    assert len(lines) > len(SECRETS)
    assert [line for line in lines[:-1] if not LINE.match(line)] == []
    people = [str(one.id) for one in (house.cast.asker, house.cast.another, house.cast.helper, house.cast.moderator)]
    unwanted = [*FORGED, *people, WORDS, house.playground.token]
    assert [(word, line) for line in lines for word in unwanted if word in line] == []
    assert [line for line in lines for secret in SECRETS if leaked(secret, line)] == []


async def test_figures_and_reports_of_trouble_show_no_secret_no_word_and_no_asker(house: House) -> None:
    house.control.fault("POST", "/channels/{channel_id}/messages", refuse=50013, times=1)
    await every_attack(house)
    room = house.playground.world.moderators
    assert house.notices != []  # staff is told that an answer was refused
    shown = "\n".join([await figures_of(house, room), *(notice.content for notice in house.notices)])
    assert [secret for secret in SECRETS if leaked(secret, shown)] == []
    assert WORDS not in shown
    assert str(house.cast.asker.id) not in shown
    assert [word for word in (*FORGED, "@everyone", "evil.example.com/") if word in shown] == []


async def test_neither_the_database_nor_a_message_holds_the_token(house: House, database_url: str) -> None:
    await every_attack(house)
    token = house.playground.token
    assert len(token) > 20
    assert leaked(token, await everything_kept(database_url)) is None
    assert leaked(token, everything_said(house)) is None
