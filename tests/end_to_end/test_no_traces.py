"""After a whole evening of hostile posts: no secret, no personal id and nobody's words where they do not belong."""

import logging
import re

import pytest
import structlog

from bot.app.logs import configure_logs, log_handled
from bot.storage.tables import METADATA
from tests.databases import execute, rows_of
from tests.end_to_end.commands import commands
from tests.end_to_end.house import DIM, House
from tests.hostile.corpus import ATTACKS
from tests.replies.hostile_posts import KEYS, digits
from tests.replies.messages import content_faults
from tests.replies.test_hostile_posts import leaked

SECRETS = [str(KEYS[kind](digits(n))) for n, kind in enumerate(sorted(KEYS))]
#: Stands beside every secret, so that a test can tell where somebody's words went.
WORDS = "overheard at the lamp fair"
#: How Discord writes a moment; Heron's own.
TIME = re.compile(r"<t:\d+(?::[a-zA-Z])?>")


def everything_said(house: House) -> str:
    places = house.playground.world.places.values()
    messages = [m for place in places for m in house.answers(place)]
    return "\n".join(f"{m.content} {m.buttons}" for m in messages)


async def everything_kept(database_url: str) -> str:
    rows = [row for t in METADATA.sorted_tables for row in await rows_of(database_url, f"SELECT * FROM {t.name}")]
    return "\n".join(map(str, rows))


async def an_evening_of_hostile_posts(house: House) -> None:
    for number, secret in enumerate(SECRETS):
        attack = ATTACKS[number * 3 % len(ATTACKS)]
        thread = house.control.create_post(f"{secret} {attack}"[:100], f"{WORDS}: {secret}\n{attack}\n{DIM}")
        await house.settle()
        house.control.reply(thread, f"and {secret} again, {attack[:500]}")
        await house.settle()
        if answers := [a for a in house.answers(thread) if a.buttons]:
            house.control.press(answers[-1], str(answers[-1].buttons[-1]["custom_id"]))
        await house.settle()
        await commands(house, thread, "escalate", by=house.cast.moderator, reason=f"{secret} {attack[:80]}")


async def test_no_secret_is_kept_or_said_and_every_message_is_valid(house: House, database_url: str) -> None:
    await an_evening_of_hostile_posts(house)
    kept, said = await everything_kept(database_url), everything_said(house)
    assert [secret for secret in SECRETS if leaked(secret, kept)] == []
    assert [secret for secret in SECRETS if leaked(secret, said)] == []
    assert WORDS in kept  # the posts themselves are there
    people = (house.cast.asker, house.cast.moderator)  # who asked, and who sees to it, stand on cards
    own = [f"<@{one.id}>" for one in people] + [f"<#{place}>" for place in house.playground.world.places]
    for place in house.playground.world.places.values():
        for message in house.answers(place):
            if not message.content:  # Discord's own word that something was pinned
                continue
            content = TIME.sub("", message.content)
            for name in own:
                content = content.replace(name, "")
            assert list(content_faults(content, limit=2000)) == [], message.content


async def test_logs_hold_no_secret_no_word_and_nobodys_id_even_when_all_goes_wrong(
    house: House, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs()
    try:
        await an_evening_of_hostile_posts(house)
        for handled in house.handled:
            log_handled(handled)
        await every_unit_of_work_fails(house, database_url)
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()
    log = capsys.readouterr().err
    assert "event=handled" in log
    assert "a unit of work of lane" in log
    assert [secret for secret in SECRETS if leaked(secret, log)] == []
    assert WORDS not in log
    assert str(house.cast.asker.id) not in log


async def every_unit_of_work_fails(house: House, database_url: str) -> None:
    await execute(database_url, "ALTER TABLE findings RENAME TO mislaid")
    for secret in SECRETS[:3]:
        house.control.create_post(secret, f"{WORDS}: {secret} {DIM}")
    await house.control.wait_for(lambda: house._is_level)
    await house.heron.desk.idle()
    await execute(database_url, "ALTER TABLE mislaid RENAME TO findings")
