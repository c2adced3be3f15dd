"""Drafts through real discord.py: sent, changed and discarded by the right and the wrong person, twice at once, after a
restart, and void when nobody needs them any more."""

from datetime import timedelta

import pytest

from bot.playground import Message, Permission, Thread
from bot.playground.people import User
from tests.databases import rows_of
from tests.end_to_end.commands import commands
from tests.end_to_end.conftest import OpenHouse
from tests.end_to_end.house import DIM, WICK, House, labels
from tests.end_to_end.test_moderators_cards import second_moderator

#: The tiny community's article on money drafts.
MONEY = "please refund the oil that I bought, can I get my money back"
ANSWER = "**Lantern support decides on money.**"
FAKE_KEY = "lk-fakefakefake0123456789ab"
BUTTONS = ["Send", "Edit…", "Discard"]
ONLY_MODERATORS = "Only moderators can do that here."


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """One whose desk follows at once."""
    return await open_house(desk_rest=timedelta())


@pytest.fixture
async def thread(house: House) -> Thread:
    return await house.asks(MONEY)


def card(house: House) -> Message:
    told = house.control.answers(house.playground.world.moderators)
    (card,) = [message for message in told if str(message.nonce).endswith("-f")]
    return card


async def presses(house: House, *presses: tuple[str, User]) -> None:
    """All at once."""
    message = card(house)
    for button, who in presses:
        house.control.press(message, button, by=who)
    await house.settle()


async def writes(house: House, text: str, who: User | None = None) -> None:
    person = who or house.cast.moderator
    opened = house.control.press(card(house), "Edit…", by=person)
    await house.settle()
    house.control.submit(opened, {"text": text})
    await house.settle()


def told(house: House, who: User) -> list[str]:
    return [m.content for m in house.control.whispers(house.playground.world.moderators, to=who)]


async def audit(database_url: str) -> list[tuple[str, int]]:
    rows = await rows_of(database_url, "SELECT action, actor_id FROM audit ORDER BY entry_id")
    return [(str(row["action"]), int(str(row["actor_id"]))) for row in rows]


async def findings(database_url: str) -> list[tuple[str, str]]:
    rows = await rows_of(database_url, "SELECT article_id, state FROM findings ORDER BY case_id, position")
    return [(str(row["article_id"]), str(row["state"])) for row in rows]


async def test_a_draft_is_shown_to_moderators_and_to_nobody_else(
    house: House, thread: Thread, database_url: str
) -> None:
    assert house.answers(thread) == []
    assert house.tags(thread) == []
    assert labels(card(house)) == BUTTONS
    content = card(house).content
    for piece in ("Draft: money-back", f"<#{thread.id}>", f"<@{house.cast.asker.id}>", f"> {ANSWER}", "> 1. Write to"):
        assert piece in content, piece
    assert card(house).mentions.user_ids == ()
    assert "Drafts that wait for one of you: 1" in house.desk.content
    assert await findings(database_url) == [("money-back", "drafted")]


async def test_sent_it_is_herons_answer_and_the_card_says_who_sent_it(
    house: House, thread: Thread, database_url: str
) -> None:
    await presses(house, ("Send", house.cast.moderator))
    answer = house.only_answer(thread)
    assert answer.content.startswith(ANSWER)
    assert answer.reply_to_id == thread.id
    assert str(house.cast.moderator.id) not in answer.content
    assert labels(answer) == ["Solved", "Still stuck", "Ask a person"]
    assert card(house).content.startswith("📝 Draft of money-back")
    assert f"sent by <@{house.cast.moderator.id}>" in card(house).content
    assert "\n" not in card(house).content
    assert labels(card(house)) == []
    assert "Drafts" not in house.desk.content
    assert told(house, house.cast.moderator) == ["It goes into the thread as my answer."]
    assert await audit(database_url) == [("send", house.cast.moderator.id)]
    assert await findings(database_url) == [("money-back", "answered")]
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 2  # nobody but Heron spoke


async def test_what_was_sent_can_be_solved(house: House, thread: Thread, database_url: str) -> None:
    await presses(house, ("Send", house.cast.moderator))
    house.control.press(house.only_answer(thread), "Solved")
    await house.settle()
    assert house.tags(thread) == ["Solved"]
    (outcome,) = await rows_of(database_url, "SELECT article_id, kind FROM outcomes")
    assert (outcome["article_id"], outcome["kind"]) == ("money-back", "solved")


async def test_a_moderator_begins_with_the_draft_and_sends_their_own_words(
    house: House, thread: Thread, database_url: str
) -> None:
    opened = house.control.press(card(house), "Edit…", by=house.cast.moderator)
    await house.settle()
    assert opened.form is not None
    assert opened.form["components"][0]["component"]["value"] == f"{ANSWER}\n1. Write to help@lantern.example.com."
    mention = f"<@{house.cast.another.id}> @everyone"
    house.control.submit(opened, {"text": f"**Ask support.** {mention} My key is {FAKE_KEY}"})
    await house.settle()
    answer = house.only_answer(thread)
    assert answer.content.startswith(f"**Ask support.** {mention} My key is ‹key removed›")
    assert f"-# <@{house.cast.moderator.id}> wrote this answer" in answer.content
    assert answer.mentions.user_ids in ((), (house.cast.asker.id,))
    assert not answer.mentions.everyone
    assert labels(answer) == ["Solved", "Still stuck", "Ask a person"]
    assert f"sent in other words by <@{house.cast.moderator.id}>" in card(house).content
    assert await audit(database_url) == [("edit", house.cast.moderator.id)]
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1  # a person has the thread


async def test_more_links_than_heron_would_write_stay_as_they_were_written(house: House, thread: Thread) -> None:
    text = " ".join(f"[{n}](https://lantern.example.com/{n})" for n in range(4))
    await writes(house, text)
    assert house.only_answer(thread).content.startswith(text)


@pytest.mark.parametrize(
    ("text", "why"), [("  \n ", "There is nothing in it"), ("x" * 1801, "That is 1801 characters")]
)
async def test_what_cannot_be_posted_leaves_the_draft_as_it_is(
    house: House, thread: Thread, text: str, why: str
) -> None:
    await writes(house, text)
    assert told(house, house.cast.moderator)[-1].startswith(why)
    assert house.answers(thread) == []
    assert labels(card(house)) == BUTTONS


async def test_the_longest_words_fit_into_one_message(house: House, thread: Thread) -> None:
    await writes(house, "x" * 1800)
    assert "x" * 1800 in house.only_answer(thread).content
    assert "wrote this answer" in house.only_answer(thread).content


async def test_discarded_nothing_is_posted_and_it_counts_as_wrong(
    house: House, thread: Thread, database_url: str
) -> None:
    await presses(house, ("Discard", house.cast.moderator))
    assert house.answers(thread) == []
    assert f"discarded by <@{house.cast.moderator.id}>" in card(house).content
    assert labels(card(house)) == []
    (outcome,) = await rows_of(database_url, "SELECT article_id, kind FROM outcomes")
    assert (outcome["article_id"], outcome["kind"]) == ("money-back", "corrected")
    assert await audit(database_url) == [("discard", house.cast.moderator.id)]
    await house.says(thread, "please, I want my money back, refund the oil")
    assert "decides" not in "".join(answer.content for answer in house.answers(thread))
    assert labels(card(house)) == []


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("who", ["helper", "another"])
async def test_whoever_is_no_moderator_changes_nothing(
    house: House, thread: Thread, database_url: str, who: str, button: str
) -> None:
    person = getattr(house.cast, who)
    house.control.set_permissions(house.playground.world.moderators, allow=Permission.VIEW_CHANNEL, who=person)
    opened = house.control.press(card(house), button, by=person)
    await house.settle()
    assert opened.form is None
    assert told(house, person) == [ONLY_MODERATORS]
    assert house.answers(thread) == []
    assert labels(card(house)) == BUTTONS
    assert await audit(database_url) == []


async def test_a_form_that_a_former_moderator_still_has_open_does_nothing(house: House, thread: Thread) -> None:
    opened = house.control.press(card(house), "Edit…", by=house.cast.moderator)
    await house.settle()
    house.playground.world.guild.members[house.cast.moderator.id].role_ids.clear()
    house.control.submit(opened, {"text": "too late"})
    await house.settle()
    assert told(house, house.cast.moderator) == [ONLY_MODERATORS]
    assert house.answers(thread) == []


@pytest.mark.parametrize(("first", "second"), [("Send", "Send"), ("Send", "Discard"), ("Discard", "Send")])
async def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who(
    house: House, thread: Thread, database_url: str, first: str, second: str
) -> None:
    other = await second_moderator(house)
    await presses(house, (first, house.cast.moderator), (second, other))
    (done,) = await audit(database_url)
    loser = other if done[1] == house.cast.moderator.id else house.cast.moderator
    word = {"send": "sent", "discard": "discarded"}[done[0]]
    assert told(house, loser) == [f"<@{done[1]}> was faster: {word}."]
    assert len(house.answers(thread)) == (done[0] == "send")


async def test_who_writes_while_another_sends_is_told_who_was_faster(house: House, thread: Thread) -> None:
    other = await second_moderator(house)
    opened = house.control.press(card(house), "Edit…", by=other)
    await house.settle()
    await presses(house, ("Send", house.cast.moderator))
    house.control.submit(opened, {"text": "mine"})
    await house.settle()
    assert told(house, other) == [f"<@{house.cast.moderator.id}> was faster: sent."]
    assert house.only_answer(thread).content.startswith(ANSWER)


@pytest.mark.parametrize("button", BUTTONS)
async def test_drafts_outlive_a_restart(house: House, thread: Thread, button: str) -> None:
    await house.restart()
    if button == "Edit…":
        await writes(house, "after the restart")
        assert house.only_answer(thread).content.startswith("after the restart")
    else:
        await presses(house, (button, house.cast.moderator))
        assert len(house.answers(thread)) == (button == "Send")
    assert labels(card(house)) == []


async def test_a_form_that_was_opened_before_a_restart_is_read_after_it(house: House, thread: Thread) -> None:
    opened = house.control.press(card(house), "Edit…", by=house.cast.moderator)
    await house.settle()
    await house.restart()
    house.control.submit(opened, {"text": "opened long ago"})
    await house.settle()
    assert house.only_answer(thread).content.startswith("opened long ago")


async def test_the_askers_next_message_shows_on_the_card_and_the_old_draft_can_no_longer_be_sent(
    house: House, thread: Thread
) -> None:
    old = next(str(b["custom_id"]) for b in card(house).buttons)
    opened = house.control.press(card(house), "Edit…", by=house.cast.moderator)
    await house.settle()
    await house.says(thread, f"and my lamp says {DIM}")
    assert old not in [b["custom_id"] for b in card(house).buttons]
    house.control.submit(opened, {"text": "about the old one"})
    await house.settle()
    assert told(house, house.cast.moderator) == ["That draft is not what it was: look at the card."]
    assert "about the old one" not in "".join(answer.content for answer in house.answers(thread))
    assert labels(card(house)) == BUTTONS
    await presses(house, ("Send", house.cast.moderator))
    assert "decides" in "".join(answer.content for answer in house.answers(thread))


async def test_a_draft_that_the_asker_needs_no_more_is_void(house: House, thread: Thread) -> None:
    await house.says(thread, "it works now, thanks")
    assert "says that it works" in card(house).content
    assert labels(card(house)) == []
    assert house.answers(thread) == []


async def test_a_draft_is_void_when_staff_speaks(house: House, thread: Thread, database_url: str) -> None:
    house.control.reply(thread, "I take this", by=house.cast.helper)
    await house.settle()
    assert "staff speaks" in card(house).content
    assert labels(card(house)) == []
    assert await findings(database_url) == []


async def test_what_somebody_else_says_leaves_the_draft_with_the_moderators(house: House, thread: Thread) -> None:
    house.control.reply(thread, "did you try another lamp there?", by=house.cast.another)
    await house.settle()
    assert labels(card(house)) == BUTTONS


async def test_a_draft_is_void_when_its_thread_is_muted(house: House, thread: Thread) -> None:
    await commands(house, thread, "heron mute", by=house.cast.asker)
    assert "muted" in card(house).content
    assert labels(card(house)) == []


async def test_a_draft_is_void_when_its_thread_is_deleted(house: House, thread: Thread) -> None:
    house.control.delete_thread(thread)
    await house.asks()  # what comes behind in the same stream has arrived
    assert "the question is gone" in card(house).content
    assert labels(card(house)) == []
    assert "money" not in card(house).content.replace("money-back", "")


async def test_a_draft_that_is_sent_into_a_thread_that_is_gone_troubles_nobody(house: House, thread: Thread) -> None:
    house.control.delete_thread(thread)
    await presses(house, ("Send", house.cast.moderator))
    assert labels(card(house)) == []
    assert house.notices == [card(house)]


async def test_a_question_that_is_rewritten_changes_its_draft(house: House, thread: Thread) -> None:
    house.control.edit(thread.messages[thread.id], DIM)
    await house.settle()
    assert labels(card(house)) == []
    assert house.only_answer(thread).content.startswith("**The provider refused")


async def test_a_draft_is_void_after_a_day(house: House, thread: Thread, database_url: str) -> None:
    await house.after(86_000)
    assert labels(card(house)) == BUTTONS
    await house.after(1_000)
    assert "no moderator looked at it for a day" in card(house).content
    assert labels(card(house)) == []
    assert house.answers(thread) == []
    assert await findings(database_url) == []
    await house.after(200_000)
    assert house.answers(thread) == []  # nothing was said, so nothing is asked about either


async def test_a_day_that_passes_while_heron_is_away_voids_it_as_well(house: House, thread: Thread) -> None:
    await house.stop()
    house.clock.pass_time(90_000)
    await house.start()
    await house.after(1)
    assert "no moderator looked at it for a day" in card(house).content
    assert house.answers(thread) == []


async def test_an_article_that_is_only_watched_is_shown_to_nobody(house: House, database_url: str) -> None:
    room = house.playground.world.moderators
    await commands(house, room, "desk articles set", article="money-back", level="watch")
    thread = await house.asks(MONEY)
    assert house.answers(thread) == []
    assert [m for m in house.control.answers(room) if str(m.nonce).endswith("-f")] == []
    assert await findings(database_url) == [("money-back", "open")]
    await house.after(100_000)
    assert house.answers(thread) == []


async def test_an_article_that_a_moderator_lowered_to_draft_waits_for_one(house: House) -> None:
    room = house.playground.world.moderators
    await commands(house, room, "desk articles set", article="upstream-dim", level="draft")
    thread = await house.asks(DIM)
    assert house.answers(thread) == []
    await commands(house, room, "desk articles set", article="upstream-dim", level="answer")
    assert house.answers(thread) == []  # it waits for whoever reads the card
    await presses(house, ("Send", house.cast.moderator))
    assert "upstream is dim" in house.only_answer(thread).content


async def test_a_leaked_key_is_told_about_at_once_while_the_answer_waits(house: House) -> None:
    thread = await house.asks(f"my key is {FAKE_KEY}. {MONEY}")
    warning = house.only_answer(thread)
    assert "decides" not in warning.content
    assert FAKE_KEY not in card(house).content
    await presses(house, ("Send", house.cast.moderator))
    assert house.only_answer(thread) is warning
    assert ANSWER in warning.content
    assert labels(warning) == ["Solved", "Still stuck", "Ask a person"]
