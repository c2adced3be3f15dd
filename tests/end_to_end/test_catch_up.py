"""What happened while Heron was not there: answered late, corrected or taken back, and nothing twice."""

from typing import Any

import discord
import pytest

from bot.helpdesk.courtesies import MUTED
from bot.playground import Thread
from tests.end_to_end.conftest import Watcher
from tests.end_to_end.house import CHATTER, DIM, MESSAGES, ONE_MESSAGE, WICK, House

LATE = "I was offline"


def asks(house: House, text: str = DIM, *, title: str = "The lamp") -> Thread:
    """A post of which nobody waits until Heron has heard."""
    return house.control.create_post(title, text)


async def test_a_missed_post_is_answered_late_and_the_answer_says_so(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.clock.pass_time(12 * 60)
    await house.start()
    await house.settle()
    answer = house.only_answer(thread)
    assert answer.content.startswith("**The provider refused")
    assert f"{LATE}; this comes 12 min late" in answer.content
    assert answer.reply_to_id == thread.id
    assert house.tags(thread) == ["Answered"]


async def test_an_answer_that_is_only_seconds_late_makes_no_fuss(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.clock.pass_time(30)
    await house.start()
    await house.settle()
    assert LATE not in house.only_answer(thread).content


async def test_a_late_question_does_not_wait_for_an_asker_who_stopped_typing_long_ago(house: House) -> None:
    await house.stop()
    thread = asks(house, "my lamp gives a 503, please help")
    house.clock.pass_time(600)
    await house.start()
    await house.settle()
    assert len(house.answers(thread)) == 1


async def test_what_was_missed_in_a_known_thread_is_made_up_for(house: House) -> None:
    answered = await house.asks()
    fixed = await house.asks()
    gone = await house.asks(CHATTER)
    question = await house.says(gone, DIM)
    grown = await house.asks(CHATTER)
    await house.stop()
    house.control.edit(answered.messages[answered.id], WICK)
    house.control.edit(fixed.messages[fixed.id], CHATTER)
    house.control.delete(question)
    house.control.reply(grown, DIM)
    await house.start()
    await house.settle()
    assert house.only_answer(answered).content.startswith("**Lantern refused")
    assert house.answers(fixed) == []
    assert house.answers(gone) == []
    assert len(house.answers(grown)) == 1


async def test_a_burst_that_was_missed_gets_one_answer(house: House) -> None:
    await house.stop()
    thread = asks(house, "hello, please help")
    house.control.reply(thread, DIM)
    house.control.reply(thread, "anybody?")
    await house.start()
    await house.settle()
    assert len(house.answers(thread)) == 1


@pytest.mark.parametrize("who", ["helper", "moderator", "another"])
async def test_a_missed_post_that_a_person_answered_is_kept_and_left_alone(house: House, who: str) -> None:
    await house.stop()
    thread = asks(house)
    by = {"helper": house.cast.helper, "moderator": house.cast.moderator, "another": house.cast.another}[who]
    house.control.reply(thread, "turn it off and on again, that helped me", by=by)
    await house.start()
    await house.settle()
    assert house.answers(thread) == []
    await house.restart()
    await house.settle()
    assert house.answers(thread) == []
    house.control.edit(thread.messages[thread.id], CHATTER)  # it is known
    await house.settle()
    assert house.handled[-1].case.message(thread.id) is not None  # type: ignore[arg-type]


async def test_a_word_of_agreement_is_no_answer(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.control.reply(thread, "same here", by=house.cast.another)
    await house.start()
    await house.settle()
    assert len(house.answers(thread)) == 1


async def test_staff_that_spoke_in_the_gap_is_known_as_staff_afterwards(house: House) -> None:
    thread = await house.asks(CHATTER)
    await house.stop()
    house.control.reply(thread, "I take this one", by=house.cast.helper)
    await house.start()
    await house.says(thread, DIM)
    assert house.answers(thread) == []


async def test_what_staff_said_in_the_gap_counts_before_what_the_asker_says_right_after_it(house: House) -> None:
    """Live words come while other threads are still looked at."""
    others = [await house.asks(CHATTER) for _ in range(12)]
    thread = await house.asks(CHATTER)
    await house.stop()
    house.control.reply(thread, "I take this one", by=house.cast.helper)
    for other in others:
        house.control.reply(other, CHATTER)
    held = house.control.fault("GET", MESSAGES, hold=True, when="after")
    await house.start(is_caught_up=False)
    house.control.reply(thread, DIM)
    await held.arrived.wait()
    held.release()
    await house.settle()
    assert house.answers(thread) == []


async def test_a_post_that_its_asker_solved_in_the_gap_needs_no_answer(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.control.reply(thread, "it works now, thanks")
    await house.start()
    await house.settle()
    assert house.answers(thread) == []


async def test_an_old_post_is_kept_and_not_answered(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.clock.pass_time(13 * 3600)
    await house.start()
    await house.settle()
    assert house.answers(thread) == []
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1


async def test_a_post_that_was_archived_in_the_gap_is_not_woken(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.control.archive(thread)
    await house.start()
    await house.settle()
    assert thread.archived
    assert house.answers(thread) == []


async def test_a_leaked_key_is_told_about_however_late(house: House) -> None:
    await house.stop()
    thread = asks(house, "my key lk-0123456789abcdefghij does not work")
    house.control.reply(thread, "look at the docs", by=house.cast.helper)
    await house.start()
    await house.settle()
    assert "key" in house.only_answer(thread).content


async def test_a_command_that_was_missed_is_obeyed(house: House) -> None:
    thread = await house.asks(CHATTER)
    await house.stop()
    command = house.control.reply(thread, "!mute")
    await house.start()
    await house.says(thread, DIM)
    assert house.answers(thread) == []
    assert command.reactions == {MUTED: [house.cast.bot.id]}


async def test_a_thread_that_was_deleted_in_the_gap_is_forgotten(house: House) -> None:
    thread = await house.asks()
    await house.stop()
    house.control.delete_thread(thread)
    await house.start()
    await house.settle()
    assert house.handled[-1].case.messages == ()
    assert house.notices == []


async def test_where_nothing_was_missed_nothing_happens(house: House, watcher: Watcher) -> None:
    thread = await house.asks(f"{DIM} https://example.com/")
    house.control.reply(thread, "same here", by=house.cast.another)
    await house.settle()
    decided, sent = len(house.handled), len(watcher.of("POST", MESSAGES))
    await house.stop()
    house.control.add_preview(thread.messages[thread.id])
    for _ in range(2):
        await house.start()
        await house.settle()
        await house.stop()
    assert len(house.handled) == decided
    assert len(watcher.of("POST", MESSAGES)) == sent
    assert [call for call in watcher.of("PATCH", ONE_MESSAGE) if str(thread.id) in call.path] == []
    await house.start()


async def test_a_reply_that_nobody_remembers_is_found_and_not_sent_again(house: House, watcher: Watcher) -> None:
    """An older backup was restored: the answer stands, and the database never heard of the thread."""
    thread = await house.asks()
    await house.stop()
    await house.forget_everything()
    house.clock.pass_time(3600)  # longer than Discord remembers a nonce
    await house.start()
    await house.settle()
    assert len(house.answers(thread)) == 1
    assert len(watcher.of("POST", MESSAGES)) == 1
    house.control.edit(thread.messages[thread.id], WICK)
    await house.settle()
    assert house.only_answer(thread).content.startswith("**Lantern refused")


async def test_an_answer_that_was_sent_by_a_process_that_died_is_corrected_after_an_edit_in_the_gap(
    house: House, watcher: Watcher
) -> None:
    sent = house.control.fault("POST", MESSAGES, when="after", reset=True)
    thread = await house.asks()
    await house.stop()
    house.control.edit(thread.messages[thread.id], WICK)
    house.clock.pass_time(3600)
    await house.start()
    await house.after(600)
    assert house.only_answer(thread).content.startswith("**Lantern refused")
    assert sent.struck == 1
    assert watcher.of("POST", MESSAGES) == []


async def test_a_unit_of_work_that_fails_is_made_up_for_after_a_pause(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, broken = house.cases.save, [True]

    async def sometimes(*args: Any, **kwargs: Any) -> bool:
        if broken:
            broken.pop()
            raise OSError("the disk is full")
        return await save(*args, **kwargs)

    monkeypatch.setattr(house.cases, "save", sometimes)
    thread = await house.asks()
    assert house.answers(thread) == []
    await house.after(5)
    assert len(house.answers(thread)) == 1


@pytest.fixture
def _a_new_session_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library leaves Discord five seconds before it asks for another session."""

    async def at_once(*_: object, **__: object) -> None: ...

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)


@pytest.mark.usefixtures("_a_new_session_at_once")
async def test_a_gap_that_no_resume_fills_is_made_up_for(house: House) -> None:
    known = await house.asks()
    await house.loses_its_session()
    house.control.edit(known.messages[known.id], WICK)
    missed = asks(house)
    await house.is_back()
    assert house.only_answer(known).content.startswith("**Lantern refused")
    assert len(house.answers(missed)) == 1


async def test_threads_that_cannot_be_listed_are_listed_later(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.control.fault("GET", "/guilds/{guild_id}/threads/active", status=503)
    await house.start()
    await house.settle()
    assert house.answers(thread) == []
    await house.after(5)
    assert len(house.answers(thread)) == 1


async def test_a_thread_that_cannot_be_read_is_read_later(house: House) -> None:
    await house.stop()
    thread = asks(house)
    house.control.fault("GET", MESSAGES, status=503)
    await house.start()
    await house.settle()
    assert house.answers(thread) == []
    await house.after(5)
    assert len(house.answers(thread)) == 1


async def test_what_happens_while_a_thread_is_read_is_neither_lost_nor_doubled(house: House) -> None:
    thread = await house.asks(CHATTER)
    await house.stop()
    house.control.reply(thread, CHATTER)
    held = house.control.fault("GET", MESSAGES, hold=True, when="after")
    await house.start(is_caught_up=False)
    await held.arrived.wait()
    question = house.control.reply(thread, DIM)  # comes live, behind the history that is on its way
    held.release()
    await house.settle()
    answer = house.only_answer(thread)
    assert answer.reply_to_id == question.id
    assert LATE not in answer.content


async def test_no_more_than_ten_late_answers_a_minute_come_while_people_write(house: House) -> None:
    await house.stop()
    threads = [asks(house, title=f"Lamp {number}") for number in range(25)]
    house.clock.pass_time(300)
    house.control.reply(threads[0], "anybody?")
    await house.start()
    await house.settle()

    def answered() -> int:
        return sum(len(house.answers(thread)) for thread in threads)

    assert answered() == 10
    await house.after(60)
    assert answered() == 20
    await house.after(60)
    assert answered() == 25


async def test_in_a_quiet_forum_late_answers_come_at_once(house: House) -> None:
    await house.stop()
    threads = [asks(house, title=f"Lamp {number}") for number in range(15)]
    house.clock.pass_time(3600)
    await house.start()
    await house.settle()
    assert [len(house.answers(thread)) for thread in threads] == [1] * 15


async def test_a_person_who_answers_before_the_late_answer_goes_out_makes_it_unnecessary(house: House) -> None:
    await house.stop()
    threads = [asks(house, title=f"Lamp {number}") for number in range(11)]
    house.control.reply(threads[5], "anybody?")
    await house.start()
    await house.settle()
    (waiting,) = [thread for thread in threads if not house.answers(thread)]
    house.control.reply(waiting, "turn it off and on again", by=house.cast.helper)
    await house.settle()
    await house.after(120)
    assert house.answers(waiting) == []
