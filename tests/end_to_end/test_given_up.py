"""What became of a reply that was given up while nobody knew whether it stands."""

from tests.end_to_end.house import DIM, MESSAGES, WICK, House


async def test_new_words_for_a_reply_that_was_given_up_make_no_second_message(house: House) -> None:
    house.control.fault("POST", MESSAGES, when="after", reset=True)
    deaf = house.control.fault("GET", MESSAGES, reset=True, times=None)
    thread = await house.asks(DIM)
    for _ in range(20):  # far beyond the time for which Discord remembers a nonce
        await house.after(300)
    assert len(house.answers(thread)) == 1
    assert len(house.notices) == 1  # staff was told that it is given up
    house.control.clear_faults(deaf)
    house.control.edit(thread.messages[thread.id], WICK)
    await house.settle()
    assert house.only_answer(thread).content.startswith("**Lantern refused")
