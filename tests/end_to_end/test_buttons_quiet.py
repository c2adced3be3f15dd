"""What happens without a message: signs, tags and the clock. And the few words that time alone brings."""

from bot.playground import Message, Thread
from tests.end_to_end.house import DIM, WICK, House, labels

HOUR = 3600.0
ANSWER_ROW = ["Solved", "Still stuck", "Ask a person"]


def signs(house: House, message: Message) -> list[str]:
    """Heron's own, under a message."""
    return [emoji for emoji, who in message.reactions.items() if house.cast.bot.id in who]


async def person_wanted(house: House) -> Thread:
    thread = await house.asks()
    house.control.press(house.only_answer(thread), "Ask a person")
    await house.settle()
    return thread


async def thread_with_somebody_elses_error(house: House) -> Thread:
    """Answered, and somebody else asks about an error of their own in it."""
    thread = await house.asks()
    house.control.reply(thread, f"what about mine? {WICK}", by=house.cast.another)
    await house.settle()
    return thread


async def test_thanks_get_a_sign_and_a_tag_and_no_sentence(house: House) -> None:
    thread = await house.asks()
    thanks = await house.says(thread, "works now, thanks")
    assert signs(house, thanks) == ["✅"]
    assert house.tags(thread) == ["Solved"]
    assert labels(house.only_answer(thread)) == []


async def test_stop_in_words_gets_a_sign_and_holds(house: House) -> None:
    thread = await house.asks()
    word = await house.says(thread, "please stop")
    assert signs(house, word) == ["🔇"]
    await house.says(thread, WICK)
    assert len(house.answers(thread)) == 1


async def test_an_answer_without_a_word_gets_the_tag_for_help_after_six_hours(house: House) -> None:
    thread = await house.asks()
    assert house.tags(thread) == ["Answered"]
    await house.after(6 * HOUR + 1)
    assert house.tags(thread) == ["Needs help"]
    assert len(house.answers(thread)) == 1
    await house.says(thread, "works now, thanks")
    assert house.tags(thread) == ["Solved"]


async def test_where_a_person_is_at_it_no_help_is_called(house: House) -> None:
    thread = await house.asks()
    house.control.reply(thread, "have you tried another lamp?", by=house.cast.another)
    await house.settle()
    await house.after(30 * HOUR)
    assert house.tags(thread) == ["Answered"]
    assert len(house.answers(thread)) == 1


async def test_the_next_day_one_question_takes_the_buttons_along(house: House) -> None:
    thread = await house.asks()
    await house.after(25 * HOUR)
    answer, question = house.answers(thread)
    assert question.content.startswith("Does it work by now?")
    assert (labels(answer), labels(question)) == ([], ANSWER_ROW)
    await house.after(25 * HOUR)
    assert len(house.answers(thread)) == 2
    house.control.press(question, "Solved")
    await house.settle()
    assert house.tags(thread) == ["Solved"]


async def test_people_who_do_not_come_are_excused_once_with_other_ways(house: House) -> None:
    thread = await person_wanted(house)
    await house.after(25 * HOUR)
    _, excuse = house.answers(thread)
    assert excuse.content.startswith("Nobody has picked this up since <t:")
    assert "@" in excuse.content
    await house.restart()
    await house.after(50 * HOUR)
    assert len(house.answers(thread)) == 2
    assert house.tags(thread) == ["Handed over"]


async def test_people_who_came_need_no_excuse(house: House) -> None:
    thread = await person_wanted(house)
    house.control.reply(thread, "I am here", by=house.cast.moderator)
    await house.settle()
    await house.after(50 * HOUR)
    assert len(house.answers(thread)) == 1


async def test_time_goes_by_while_nobody_serves(house: House) -> None:
    thread = await person_wanted(house)
    await house.stop()
    house.clock.pass_time(25 * HOUR)
    await house.start()
    await house.after(1)
    assert len(house.answers(thread)) == 2


async def test_somebody_elses_error_gets_a_line_after_ten_minutes_and_only_that(house: House) -> None:
    thread = await thread_with_somebody_elses_error(house)
    assert len(house.answers(thread)) == 1
    await house.after(601)
    assert house.answers(thread)[-1].content.startswith("-# This post belongs to somebody else.")
    await house.after(601)
    assert len(house.answers(thread)) == 2


async def test_a_question_that_still_waits_is_not_asked_once_the_asker_wants_quiet(house: House) -> None:
    thread = house.control.create_post("The lamp", "my lamp gives a 503, please help")
    house.control.reply(thread, "!mute")
    await house.settle()
    await house.after(120)
    assert house.answers(thread) == []


async def test_a_key_of_somebody_else_is_told_about_even_in_a_muted_thread(house: House) -> None:
    thread = await house.asks()
    await house.says(thread, "!mute")
    house.control.reply(thread, "mine is lk-fakefakefake0123456789ab", by=house.cast.another)
    await house.settle()
    warning = house.answers(thread)[-1]
    assert "There is an API key in your message" in warning.content
    assert "lk-fake" not in warning.content


async def test_a_key_that_is_edited_away_stays_told(house: House) -> None:
    thread = await house.asks(f"my key is lk-fakefakefake0123456789ab, {DIM}")
    house.control.edit(thread.messages[thread.id], "I built a lamp shelf this weekend, look at it")
    await house.settle()
    only = house.only_answer(thread)
    assert only.content.startswith("**There is an API key in your message.")
    assert (labels(only), "upstream" in only.content) == ([], False)
