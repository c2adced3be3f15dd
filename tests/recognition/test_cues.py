"""The form of a post: what tells asking from telling, beside the words."""

import pytest

from bot.extraction import read
from bot.recognition.cues import cues
from bot.recognition.segments import Segmenter
from tests.tiny_knowledge import tiny


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("> it broke\n\nset the other one", "form:quote"),
        ("# Guide\nfirst", "form:heading"),
        ("- a\n- b\n- c", "form:long list"),
        ("@you set it lower", "form:named"),
        ("why does it stop?", "form:last a question"),
        ("it stopped and I do not know why", "form:no question"),
        ("Solved\n\nit was the key", "title:solved"),
        ("lamp\n\nMy lamp is out. Set it up again", "opens:my lamp"),
        ("lamp\n\nMy lamp is out. Set it up again", "sentence:set"),
        ("lamp\n\nthanks to you all", "ends:all you"),
    ],
)
def test_the_form_is_told_beside_the_words(text: str, cue: str) -> None:
    assert cue in cues(text)


def test_a_long_first_paragraph_is_no_title() -> None:
    assert not any(cue.startswith("title:") for cue in cues("word " * 60 + "\n\nand more"))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("1. no oil\n2. the wick is short", True),
        ("q1: oil? q2: wick?", True),
        ("No oil. Another thing: the wick", True),
        ("Zwei Fragen zur Lampe", True),
        ("第一，没油。第二，灯芯短", True),
        ("The lamp is out since 2. May", False),
        ("no oil in my lamp", False),
    ],
)
def test_a_second_thing_is_announced(text: str, more: bool) -> None:
    report = read("", text, tiny().knowledge.vocabulary, tiny().base.catalogue)
    assert Segmenter(tiny().base.phrases).announces_more(report) is more
