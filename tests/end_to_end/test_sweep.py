"""A sweep through real discord.py: what it would do is shown in private, and a button does it, also after a restart."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground import Message, Playground, Thread
from bot.storage.upkeep import purge
from tests.databases import rows_of
from tests.end_to_end.commands import commands, offered
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import DIM, WICK, House, labels
from tests.tiny_knowledge import made_ready, write_tiny_templates

OLD, NEW = "All lamps share one wick.", "All lamps hang on one chain."
#: The tiny community's article on money drafts.
MONEY = "please refund the oil that I bought, can I get my money back"
Learn = Callable[[str, str], None]


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(desk_rest=timedelta())


@pytest.fixture
def rewrite(house: House, tmp_path: Path) -> Learn:
    """Somebody corrects the article in which these words stand."""

    def rewritten(old: str, new: str) -> None:
        templates = write_tiny_templates(tmp_path)
        (article,) = [a for a in (templates / "articles").iterdir() if old in a.read_text("utf-8")]
        article.write_text(article.read_text("utf-8").replace(old, new), "utf-8")
        ready = made_ready(templates)
        house.mind.learn(ready.knowledge, ready.templates)

    return rewritten


def shown(house: House) -> Message:
    """The newest private answer in the moderators' channel."""
    return house.control.whispers(house.playground.world.moderators, to=house.cast.moderator)[-1]


async def sweep(house: House, since: str = "1d", article: str = "upstream-dim") -> str:
    return await commands(house, house.playground.world.moderators, "desk sweep", article=article, since=since)


async def presses(house: House) -> str:
    house.control.press(shown(house), "Edit them", by=house.cast.moderator)
    await house.settle()
    return shown(house).content


async def words(house: House, *threads: Thread) -> list[str]:
    await house.after(60)
    return [house.only_answer(thread).content for thread in threads]


async def test_standing_answers_are_counted_shown_and_edited_in_place(
    house: House, rewrite: Learn, database_url: str
) -> None:
    threads, other = [await house.asks(DIM) for _ in range(3)], await house.asks(WICK)
    before = [house.only_answer(thread) for thread in threads]
    rewrite(OLD, NEW)
    said = await sweep(house)
    assert said.startswith("**upstream-dim** since <t:")
    assert "3 of my answers stand, 3 of them read otherwise today" in said
    assert NEW in said
    assert labels(shown(house)) == ["Edit them"]
    assert all(OLD in text for text in await words(house, *threads))
    assert (await presses(house)).startswith("**upstream-dim:** 3 answers are being edited")
    assert labels(shown(house)) == []
    assert all(NEW in text and OLD not in text for text in await words(house, *threads))
    assert [house.only_answer(thread) for thread in threads] == before
    assert labels(before[0]) == ["Solved", "Still stuck", "Ask a person"]
    assert house.only_answer(other).edited_at is None
    (entry,) = await rows_of(database_url, "SELECT action, actor_id, detail FROM audit")
    assert (entry["action"], entry["actor_id"]) == ("sweep", house.cast.moderator.id)
    assert '"edited": 3' in str(entry["detail"]) or "'edited': 3" in str(entry["detail"])


async def test_answers_that_read_the_same_are_left_alone(house: House) -> None:
    thread = await house.asks(DIM)
    assert "1 of my answers stand, 0 of them read otherwise" in await sweep(house)
    assert labels(shown(house)) == []
    assert house.only_answer(thread).edited_at is None


async def test_edits_are_spread_over_time(house: House, rewrite: Learn) -> None:
    threads = [await house.asks(DIM) for _ in range(4)]
    rewrite(OLD, NEW)
    await sweep(house)
    await presses(house)
    assert sum(NEW in house.only_answer(thread).content for thread in threads) == 1
    await house.after(0.4)
    assert sum(NEW in house.only_answer(thread).content for thread in threads) == 3
    assert all(NEW in text for text in await words(house, *threads))


async def test_a_sweep_that_was_shown_before_a_restart_is_done_after_it(house: House, rewrite: Learn) -> None:
    thread = await house.asks(DIM)
    rewrite(OLD, NEW)
    await sweep(house)
    await house.restart()
    assert "1 answers are being edited" in await presses(house)
    assert NEW in (await words(house, thread))[0]


async def test_edits_that_were_due_at_a_stop_are_made_after_it(house: House, rewrite: Learn) -> None:
    threads = [await house.asks(DIM) for _ in range(3)]
    rewrite(OLD, NEW)
    await sweep(house)
    await presses(house)
    await house.restart()
    assert all(NEW in text for text in await words(house, *threads))


async def test_two_who_press_at_once_edit_each_answer_once(house: House, rewrite: Learn, database_url: str) -> None:
    thread = await house.asks(DIM)
    rewrite(OLD, NEW)
    await sweep(house)
    for _ in range(2):
        house.control.press(shown(house), "Edit them", by=house.cast.moderator)
    await house.settle()
    assert NEW in (await words(house, thread))[0]
    (row,) = await rows_of(database_url, "SELECT want_rev, have_rev FROM replies WHERE purpose = 'reply'")
    assert row["want_rev"] == row["have_rev"]


async def test_older_answers_than_asked_for_stay_as_they_are(house: House, rewrite: Learn) -> None:
    old = await house.asks(DIM)
    await house.after(7_200)
    new = await house.asks(DIM)
    rewrite(OLD, NEW)
    assert "1 of my answers stand" in await sweep(house, "1h")
    await presses(house)
    assert [NEW in text for text in await words(house, old, new)] == [False, True]


async def test_answers_whose_words_were_purged_are_left_alone_and_counted(house: House, rewrite: Learn) -> None:
    purged = await house.asks(DIM)
    await house.after(7_200)
    assert await purge(house.engine, house.clock.now() - timedelta(hours=1)) == 1
    kept = await house.asks(DIM)
    rewrite(OLD, NEW)
    said = await sweep(house)
    assert "2 of my answers stand, 1 of them read otherwise" in said
    assert "1 stay as they are: what they were made from is no longer kept" in said
    assert "1 were left alone" in await presses(house)
    assert [NEW in text for text in await words(house, purged, kept)] == [False, True]


async def test_a_draft_that_was_sent_is_swept_and_what_a_moderator_wrote_is_left_alone(
    house: House, rewrite: Learn
) -> None:
    sent, written = await house.asks(MONEY), await house.asks(MONEY)
    for thread, words_of_theirs in ((sent, None), (written, "Ask the oil company.")):
        card = next(c for c in drafts(house) if f"<#{thread.id}>" in c.content)
        opened = house.control.press(card, "Edit…" if words_of_theirs else "Send", by=house.cast.moderator)
        await house.settle()
        if words_of_theirs:
            house.control.submit(opened, {"text": words_of_theirs})
            await house.settle()
    rewrite("decides on money.**", "decides on refunds.**")
    said = await sweep(house, article="money-back")
    assert "2 of my answers stand, 1 of them read otherwise" in said
    await presses(house)
    swept, theirs = await words(house, sent, written)
    assert "decides on refunds" in swept
    assert theirs.startswith("Ask the oil company.")


def drafts(house: House) -> list[Message]:
    told = house.control.answers(house.playground.world.moderators)
    return [message for message in told if str(message.nonce).endswith("-f")]


async def test_a_deleted_thread_does_not_hold_up_the_others(house: House, rewrite: Learn) -> None:
    gone, kept = await house.asks(DIM), await house.asks(DIM)
    rewrite(OLD, NEW)
    await sweep(house)
    house.control.delete_thread(gone)
    await presses(house)
    assert NEW in (await words(house, kept))[0]


async def test_an_answer_that_a_moderator_has_lowered_since_is_corrected_all_the_same(
    house: House, rewrite: Learn, playground: Playground
) -> None:
    thread = await house.asks(DIM)
    room = playground.world.moderators
    await commands(house, room, "desk articles set", article="upstream-dim", level="watch")
    rewrite(OLD, NEW)
    await sweep(house)
    await presses(house)
    assert NEW in (await words(house, thread))[0]


async def test_who_is_no_moderator_any_more_edits_nothing(house: House, rewrite: Learn, playground: Playground) -> None:
    thread = await house.asks(DIM)
    rewrite(OLD, NEW)
    await commands(house, thread, "desk sweep", article="upstream-dim", since="1d")  # where everybody sees it
    playground.world.guild.members[house.cast.moderator.id].role_ids.clear()
    (private,) = house.control.whispers(thread, to=house.cast.moderator)
    house.control.press(private, "Edit them", by=house.cast.moderator)
    await house.settle()
    assert private.content == "Only moderators can do that here."
    assert OLD in (await words(house, thread))[0]


@pytest.mark.parametrize("since", ["yesterday", "3w", "2026-13-01", "-3d", ""])
async def test_a_time_that_is_none_is_an_error_with_examples(house: House, since: str) -> None:
    assert (await sweep(house, since)).startswith("That is no time that I can read. Write a date such as `2026-11-20`")


async def test_a_date_is_a_time(house: House) -> None:
    await house.asks(DIM)
    assert "1 of my answers stand" in await sweep(house, "2026-11-24")
    assert "0 of my answers stand" in await sweep(house, "2026-11-25")


async def test_an_article_that_is_none_is_an_error_and_articles_are_offered(house: House) -> None:
    assert (await sweep(house, article="no-such")).startswith("There is no article")
    room = house.playground.world.moderators
    (choice,) = await offered(house, room, "desk sweep", article="wick")
    assert choice["value"] == "wick-limit"
