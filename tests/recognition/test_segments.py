"""Where a post goes on to a further thing: signs and numbers in any language, and the words of a community's own."""

import pytest

from bot.extraction import read
from bot.extraction.report import Report
from bot.knowledge.phrases import Phrases
from bot.recognition.segments import Segmenter
from tests.tiny_knowledge import tiny

#: A community that speaks otherwise than the shipped one, and says little.
PHRASES = Phrases(
    solved=(),
    not_helped=(),
    wants_person=(),
    stop=(),
    agrees=(),
    shares=(),
    goes_on=("y además", "ET", "それから"),
    announces_more=("dwie * lampy", "erstens:", "na *", "*lampen*", "二点"),
)


def report(text: str) -> Report:
    return read("", text, tiny().knowledge.vocabulary, tiny().base.catalogue)


def parts(segmenter: Segmenter, text: str) -> list[str]:
    found = report(text)
    return [found.text[span.start : span.end] for span in segmenter.segments(found)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("the lamp is out y además the wick is short", "the lamp is out"),
        ("the lamp is out, y además the wick is short", "the lamp is out"),
        ("the lamp is out ET the wick is short", "the lamp is out"),
        ("ランプが消えました、それから芯も短いです", "ランプが消えました、"),
    ],
)
def test_words_of_the_community_part_a_sentence(text: str, left: str) -> None:
    assert parts(Segmenter(PHRASES), text)[0] == left
    assert parts(Segmenter(), text) == []


@pytest.mark.parametrize(
    "text", ["the lamp is out et the wick is short", "the lamp is out ETERNALLY the wick is short"]
)
def test_case_counts_and_a_word_is_whole(text: str) -> None:
    assert parts(Segmenter(PHRASES), text) == []


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("mam dwie stare lampy", True),
        ("mam Dwie Stare Lampy", True),
        ("mam dwie lampy", False),  # the star is a word
        ("mam dwie bardzo stare lampy", False),
        ("erstens: kein Öl", True),
        ("erstens kein Öl", False),
        ("na ja", True),
        ("na", False),
        ("die Öllampenfrage", True),
        ("die Ölfrage", False),
        ("关于灯的二点问题", True),
    ],
)
def test_words_of_the_community_announce_more_and_a_star_stands_for_a_word_or_its_rest(text: str, more: bool) -> None:
    assert Segmenter(PHRASES).announces_more(report(text)) is more
    assert not Segmenter().announces_more(report(text))


def test_without_words_numbers_and_ends_of_sentences_do() -> None:
    text = "1. The lamp is out. 2. The wick is short"
    assert len(parts(Segmenter(), text)) == 2
    assert Segmenter().announces_more(report(text))
    assert not Segmenter().announces_more(report("The lamp is out. The wick is short, too"))
