"""Commands and menus through real discord.py: by a moderator, a helper, a stranger, and after a restart."""

import io
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.moderation import chart
from bot.playground import Playground, Thread
from bot.playground.model import Payload
from bot.storage import tables
from tests.databases import rows_of
from tests.end_to_end.commands import chooses, commands, offered
from tests.end_to_end.conftest import OpenHouse, Watcher
from tests.end_to_end.house import CHATTER, DIM, WICK, House, labels

REGISTER = ("PUT", "/applications/{application_id}/commands")
ONLY_MODERATORS = "Only moderators can do that here."
#: Every line that is for moderators, with what it needs.
MODERATORS_LINES: tuple[tuple[str, dict[str, str | float]], ...] = (
    ("post show", {}),
    ("post claim", {}),
    ("post resolve", {}),
    ("post reopen", {}),
    ("post answer", {"article": "wick-limit"}),
    ("post correct", {}),
    ("post why", {}),
    ("desk queue", {}),
    ("desk stats", {}),
    ("desk pause", {"hours": 1.0}),
    ("desk resume", {}),
    ("desk log", {}),
    ("desk sweep", {"article": "upstream-dim", "since": "1d"}),
    ("desk articles list", {}),
    ("desk articles set", {"article": "upstream-dim", "level": "watch"}),
)


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(desk_rest=timedelta())


async def handed_over(house: House) -> Thread:
    thread = await house.asks()
    house.control.press(house.only_answer(thread), "Ask a person")
    await house.settle()
    return thread


async def test_commands_are_registered_once_and_not_again_after_a_restart(house: House, watcher: Watcher) -> None:
    await house.restart()
    assert watcher.of(*REGISTER) == []
    thread = await handed_over(house)
    assert await commands(house, thread, "post claim") == "It is yours."


async def test_a_start_without_discords_consent_to_commands_answers_all_the_same(
    playground: Playground, open_house: OpenHouse
) -> None:
    playground.control.fault("PUT", "/applications/*", refuse=50001, times=None)
    house = await open_house()
    assert len(house.answers(await house.asks())) == 1


async def test_a_helper_brings_a_thread_before_the_moderators_with_a_reason(house: House) -> None:
    thread = await house.asks(CHATTER)
    said = await commands(house, thread, "escalate", by=house.cast.helper, reason="this one is *odd* <@1>")
    assert said.startswith("It is on the list now")
    (card,) = house.cards
    assert "odd" in card.content
    assert "<@1>" not in card.content
    assert house.answers(thread) == []
    assert f"<#{thread.id}>" in house.desk.content


async def test_a_stranger_cannot_escalate(house: House) -> None:
    thread = await house.asks()
    said = await commands(house, thread, "escalate", by=house.cast.another)
    assert said == "Only moderators and helpers can do that here."
    assert house.cards == []


async def test_escalating_from_a_messages_menu(house: House) -> None:
    thread = await house.asks()
    said = await chooses(house, house.only_answer(thread), "Escalate", by=house.cast.helper)
    assert said.startswith("It is on the list now")
    assert len(house.cards) == 1
    assert await chooses(house, house.only_answer(thread), "Escalate") == "It is on the list already."


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is Discord that refuses
@pytest.mark.parametrize("who", ["helper", "another"])
@pytest.mark.parametrize(("line", "options"), MODERATORS_LINES)
async def test_discord_does_not_offer_moderators_commands_to_others(
    house: House, who: str, line: str, options: dict[str, str | float]
) -> None:
    thread = await house.asks()
    with pytest.raises(ValueError, match="is offered no command"):
        await commands(house, thread, line, by=getattr(house.cast, who), **options)


@pytest.mark.parametrize(("line", "options"), MODERATORS_LINES)
async def test_where_a_server_offers_them_to_everybody_heron_still_refuses(
    house: House, playground: Playground, database_url: str, line: str, options: dict[str, str | float]
) -> None:
    thread = await handed_over(house)
    for one in playground.registered_commands:
        one["default_member_permissions"] = None
    before = (house.cards[0].content, house.desk.content, len(house.answers(thread)))
    assert await commands(house, thread, line, by=house.cast.helper, **options) == ONLY_MODERATORS
    assert (house.cards[0].content, house.desk.content, len(house.answers(thread))) == before
    assert await rows_of(database_url, "SELECT action FROM audit") == []


async def test_claim_resolve_and_reopen_from_inside_the_thread(house: House) -> None:
    thread = await handed_over(house)
    assert await commands(house, thread, "post claim") == "It is yours."
    assert f"Claimed by <@{house.cast.moderator.id}>" in house.cards[0].content
    assert await commands(house, thread, "post resolve") == "Resolved."
    assert house.cards[0].content.startswith("✅")
    assert (await commands(house, thread, "post reopen")).startswith("It is on the list now")
    assert labels(house.cards[0])[0] == "Claim"


async def test_elsewhere_the_thread_is_offered_by_its_title(house: House, playground: Playground) -> None:
    thread, room = await handed_over(house), playground.world.moderators
    (choice,) = await offered(house, room, "post claim", thread="lam")
    assert choice == {"name": "The lamp", "value": str(thread.id)}
    assert await offered(house, room, "post claim", thread="nothing like it") == []
    assert await commands(house, room, "post claim", thread=choice["value"]) == "It is yours."
    assert (await commands(house, room, "post claim", thread="the lamp")).startswith("I know nothing of that")
    assert (await commands(house, room, "post resolve", thread="the lamp")).startswith("I know nothing of that")


async def test_an_answer_by_name_says_who_chose_it(house: House) -> None:
    thread = await house.asks(CHATTER)
    names = [choice["value"] for choice in await offered(house, thread, "post answer", article="wick")]
    assert names == ["wick-limit"]
    said = await commands(house, thread, "post answer", article="wick-limit")
    assert said.startswith("Posted in the thread")
    answer = house.only_answer(thread)
    assert f"<@{house.cast.moderator.id}> chose this answer" in answer.content
    assert labels(answer) == ["Solved", "Still stuck", "Ask a person"]
    await house.says(thread, DIM)
    assert house.only_answer(thread) is answer


async def test_an_answer_by_a_name_that_is_none_says_nothing(house: House) -> None:
    thread = await house.asks(CHATTER)
    assert (await commands(house, thread, "post answer", article="no-such")).startswith("There is no article")
    assert house.answers(thread) == []


async def test_a_correction_puts_the_right_answer_there_and_counts_the_other_as_wrong(
    house: House, database_url: str
) -> None:
    thread = await house.asks(DIM)
    said = await commands(house, thread, "post correct", article="wick-limit")
    assert said.startswith("Corrected")
    assert "your wick is at its limit" in house.only_answer(thread).content
    assert f"<@{house.cast.moderator.id}> chose this answer" in house.only_answer(thread).content
    rows = await rows_of(database_url, "SELECT article_id, kind FROM outcomes")
    assert [(row["article_id"], row["kind"]) for row in rows] == [("upstream-dim", "corrected")]
    assert "0 solved or confirmed, 1 corrected" in await commands(house, await house.asks(DIM), "post why")


async def test_a_correction_keeps_features_and_the_label_and_the_text_is_forgotten_with_its_message(
    house: House, database_url: str
) -> None:
    thread = await house.asks(f"zebra crossing {DIM}")
    await commands(house, thread, "post correct", article="wick-limit")
    kept = "SELECT article_id, features, knowledge_hash FROM decisions WHERE reason LIKE 'staff put another%'"
    (label,) = await rows_of(database_url, kept)
    assert label["article_id"] == "wick-limit"
    assert "503" in str(label["features"])
    assert await tables_with(database_url, "zebra") == ["messages"]
    house.control.delete(thread.messages[thread.id])
    await house.settle()
    assert await tables_with(database_url, "zebra") == []
    assert await rows_of(database_url, kept) == [label]
    (wrong,) = await rows_of(database_url, "SELECT article_id, kind FROM outcomes")
    assert (wrong["article_id"], wrong["kind"]) == ("upstream-dim", "corrected")


async def tables_with(database_url: str, word: str) -> list[str]:
    return [
        name for name in tables.METADATA.tables if word in str(await rows_of(database_url, f"SELECT * FROM {name}"))
    ]


async def test_an_answer_that_is_taken_back_leaves_one_line(house: House) -> None:
    thread = await house.asks(DIM)
    await commands(house, thread, "post correct")
    assert house.only_answer(thread).content.startswith(f"<@{house.cast.moderator.id}> took this answer back")
    assert await commands(house, thread, "post correct") == "No answer of mine stands there."


async def test_why_tells_evidence_thresholds_article_and_version(house: House) -> None:
    thread = await house.asks(DIM)
    for said in (
        await commands(house, thread, "post why"),
        await chooses(house, house.only_answer(thread), "Why this answer?"),
    ):
        assert said.startswith("**upstream-dim** with ")
        assert "Proved by `" in said
        assert "Needed to speak: " in said
        assert "checked on 20" in said
        assert "with version `" in said
        assert any(line.startswith("> ") and "`upstream is dim" in line for line in said.splitlines())


async def test_why_of_a_place_that_is_no_case_says_so(house: House, playground: Playground) -> None:
    assert (await commands(house, playground.world.general, "post why")) == "Nothing was decided there yet."


async def test_show_brings_the_card_or_the_reason(house: House) -> None:
    thread = await handed_over(house)
    assert await commands(house, thread, "post show") == house.cards[0].content
    assert (await commands(house, await house.asks(WICK), "post show")).startswith("**wick-limit**")


async def test_who_did_what_is_kept_and_shown(house: House, playground: Playground) -> None:
    thread, room, who = await handed_over(house), playground.world.moderators, f"<@{house.cast.moderator.id}>"
    assert await commands(house, room, "desk log") == "Nobody did anything with me here yet."
    await commands(house, thread, "post claim")
    await commands(house, thread, "post answer", article="wick-limit")
    shown = await commands(house, thread, "post show")
    assert f"{who} · answer: wick-limit" in shown
    assert f"{who} · claim" in shown
    await commands(house, room, "desk articles set", article="wick-limit", level="draft")
    await commands(house, room, "desk pause")
    log = (await commands(house, room, "desk log")).splitlines()
    assert [line.partition(f"{who} · ")[2] for line in log] == [
        "pause",
        "set article: wick-limit, draft",
        f"answer: wick-limit · <#{thread.id}>",
        f"claim · <#{thread.id}>",
    ]
    assert "pause" not in await commands(house, thread, "post show")


async def test_the_queue_and_the_figures(house: House) -> None:
    thread = await handed_over(house)
    solved = await house.asks(WICK)
    house.control.press(house.only_answer(solved), "Solved")
    await house.settle()
    assert f"<#{thread.id}>" in await commands(house, thread, "desk queue")
    figures = await commands(house, thread, "desk stats")
    assert "2 posts · 2 answered · 0 asked back · 0 passed on · 0 left alone" in figures
    assert "1 solved · 🔴 **1 asked for people, and nobody came**" in figures
    assert "First answer: median 0 s · p90 0 s" in figures
    assert "Most told: upstream-dim 1, wick-limit 1" in figures
    assert "Right: 100 % of the 1 answers that somebody judged (likely between 21 % and 100 %)" in figures
    assert "may be higher or lower" in figures


async def test_a_draft_counts_as_an_answer_once_it_was_sent(house: House, playground: Playground) -> None:
    room = playground.world.moderators
    thread = await house.asks("please refund the oil that I bought, can I get my money back")
    assert "1 posts · 0 answered" in await commands(house, thread, "desk stats")
    (draft,) = [m for m in house.control.answers(room) if str(m.nonce).endswith("-f")]
    house.control.press(draft, "Send", by=house.cast.moderator)
    await house.settle()
    assert "1 posts · 1 answered" in await commands(house, thread, "desk stats")


async def test_the_figures_come_with_a_picture(house: House) -> None:
    thread = await house.asks()
    await commands(house, thread, "desk stats")
    (said,) = house.control.whispers(thread, to=house.cast.moderator)
    (picture,) = said.attachments
    assert picture.filename == "week.png"
    assert Image.open(io.BytesIO(picture.data)).size == (chart.WIDTH, chart.HEIGHT)
    assert "charts" not in said.content


async def test_without_the_charts_extra_the_figures_come_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)  # as if it were not installed
    thread = await house.asks()
    assert "With the `charts` extra installed" in await commands(house, thread, "desk stats")
    assert house.control.whispers(thread, to=house.cast.moderator)[0].attachments == []


async def test_a_pause_holds_at_once_shows_at_the_desk_and_ends_by_itself(house: House, playground: Playground) -> None:
    room = playground.world.moderators
    assert (await commands(house, room, "desk pause", hours=1.0)).startswith("Paused, on again <t:")
    assert "⏸️ **Paused**" in house.desk.content
    thread = await house.asks()
    assert house.answers(thread) == []
    house.clock.pass_time(3_700)
    await house.control.wait_for(lambda: house.answers(thread), 10)
    await house.settle()
    assert len(house.answers(thread)) == 1


async def test_a_pause_without_an_end_is_ended_by_resume(house: House, playground: Playground) -> None:
    room = playground.world.moderators
    await commands(house, room, "desk pause")
    thread = await house.asks()
    await house.after(100_000)
    assert house.answers(thread) == []
    assert (await commands(house, room, "desk resume")).startswith("On again")
    await house.after(60)
    assert len(house.answers(await house.asks(WICK))) == 1
    assert "Paused" not in house.desk.content


async def test_a_lowered_article_stays_silent_in_that_server_even_after_a_restart(
    house: House, playground: Playground
) -> None:
    room = playground.world.moderators
    assert "upstream-dim" in [c["value"] for c in await offered(house, room, "desk articles set", article="dim")]
    said = await commands(house, room, "desk articles set", article="upstream-dim", level="watch")
    assert said == "Here upstream-dim may from now on: watch. Its file allows at most: answer."
    assert "upstream-dim: watch (its file allows answer)" in await commands(house, room, "desk articles list")
    assert house.answers(await house.asks(DIM)) == []
    assert len(house.answers(await house.asks(WICK))) == 1
    await house.restart()
    assert house.answers(await house.asks(DIM)) == []
    await commands(house, room, "desk articles set", article="upstream-dim", level="answer")
    assert len(house.answers(await house.asks(DIM))) == 1


async def test_askers_mute_their_own_thread_and_strangers_cannot(house: House) -> None:
    thread = await house.asks(CHATTER)
    assert (await commands(house, thread, "heron mute", by=house.cast.another)).startswith("Only the person who asked")
    assert (await commands(house, thread, "heron mute", by=house.cast.asker)).startswith("I say nothing more")
    await house.says(thread, DIM)
    assert house.answers(thread) == []
    assert (await commands(house, thread, "heron unmute", by=house.cast.asker)).startswith("I answer in that thread")
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize(("line", "begins"), [("heron about", "**I recognise"), ("heron privacy", "**What I keep")])
async def test_everybody_can_ask_what_heron_is_and_keeps(house: House, line: str, begins: str) -> None:
    thread = await house.asks()
    assert (await commands(house, thread, line, by=house.cast.another)).startswith(begins)


def lines_of(command: Payload, before: str = "") -> Iterator[tuple[str, str]]:
    """Every line that can be written, with what Discord shows for it."""
    name = f"{before} {command['name']}".strip()
    below = [option for option in command.get("options", []) if option["type"] in (1, 2)]
    if not below:
        yield name, command["description"]
    for option in below:
        yield from lines_of(option, name)


@pytest.mark.usefixtures("house")
async def test_the_page_about_commands_names_all_of_them_and_no_other(playground: Playground) -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
    rows = re.findall(r"^\| (?:`/([a-z ]+)`|menu \*(.+)\*) \| ([a-z, ]+) \| (.*)\|$", page, re.MULTILINE)
    written = {(line or menu): (who, what.strip()) for line, menu, who, what in rows}
    registered = dict(line for command in playground.registered_commands for line in lines_of(command))
    assert {name: what for name, (_, what) in written.items()} == registered
    hidden = {c["name"] for c in playground.registered_commands if c["default_member_permissions"]}
    for name, (who, _) in written.items():
        assert (name in hidden or name.split()[0] in hidden) == (who == "moderators"), name
