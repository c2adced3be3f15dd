"""Small readers that recognition rests on: moods, commands, clauses, parts of a post, tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extraction import read
from bot.extraction.report import Span
from bot.triage.moods import Moods, commands
from bot.triage.quotes import MAX_QUOTE, clause_around
from bot.triage.segments import MAX_SEGMENTS, segments
from bot.triage.tokens import Tokens, words
from tests.shipped_knowledge import Ready


@pytest.fixture(scope="module")
def moods(ours: Ready) -> Moods:
    return Moods(ours.base.phrases)


@pytest.mark.parametrize(
    "said",
    ["it works now", "Solved, thank you", "IT WORKS NOW!!", "geht jetzt, danke", "заработало", "现在好了，可以用了"],
)
def test_who_says_that_it_works_is_understood(moods: Moods, said: str) -> None:
    assert moods.read(said).says_solved


@pytest.mark.parametrize(
    "said", ["it still doesn't work", "nothing works", "does it work for you", "how is it solved?"]
)
def test_who_says_the_opposite_or_asks_is_not_taken_for_solved(moods: Moods, said: str) -> None:
    mood = moods.read(said)
    assert not mood.says_solved or mood.asks


@pytest.mark.parametrize("said", ["+1", "same here", "thanks!", "👍", ""])
def test_agreement_is_only_agreement(moods: Moods, said: str) -> None:
    assert moods.read(said).only_agrees


@pytest.mark.parametrize(
    "said", ["same here, but with Chutes and a different model since this morning", "have you tried turning it off"]
)
def test_more_than_agreement_is_more(moods: Moods, said: str) -> None:
    assert not moods.read(said).only_agrees


@pytest.mark.parametrize("said", ["can I talk to a human", "I want to speak to a moderator please"])
def test_who_wants_a_person_is_understood(moods: Moods, said: str) -> None:
    assert moods.read(said).wants_person


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("!mute", "mute"),
        (" !Unmute ", "unmute"),
        ("!mute\n!unmute", "unmute"),
        ("please !mute this", None),
        ("!muted", None),
        ("", None),
    ],
)
def test_a_command_is_a_line_of_its_own(said: str, command: str | None) -> None:
    assert commands(said) == command


@pytest.mark.parametrize(
    ("text", "proof", "clause"),
    [
        ('{"message":"the lamp is dim today","code":1}', "lamp is dim", "the lamp is dim today"),
        ("First this. Then the lamp is dim. Then that.", "lamp is dim", "Then the lamp is dim"),
        ("Error: the lamp is dim", "lamp is dim", "the lamp is dim"),
        ('{\\"raw\\":\\"x/y:free is dim\\"}', "is dim", "x/y:free is dim"),
        ("它说“the lamp is dim”。", "lamp is dim", "the lamp is dim"),
    ],
)
def test_the_quoted_clause_is_whole_and_without_its_wrapping(text: str, proof: str, clause: str) -> None:
    at = text.index(proof)
    span = clause_around(text, Span(at, at + len(proof)))
    assert text[span.start : span.end] == clause


@given(st.text(max_size=600), st.integers(0, 600), st.integers(1, 300))
def test_a_clause_is_never_longer_than_a_quote_and_lies_in_the_text(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    span = clause_around(text, Span(start, min(len(text), start + length)))
    assert 0 <= span.start <= span.end <= len(text)
    assert span.end - span.start <= MAX_QUOTE


def parts_of(ours: Ready, text: str) -> list[str]:
    report = read("a title of this post", text, ours.knowledge.vocabulary, ours.base.catalogue)
    return [report.text[span.start : span.end].strip() for span in segments(report)]


def test_each_sentence_may_hold_a_question_of_its_own(ours: Ready) -> None:
    said = "My model is slow since noon. Also where can I see my bills?\n- and how do I delete a key"
    assert parts_of(ours, said) == [
        "My model is slow since noon.",
        "Also where can I see my bills?",
        "- and how do I delete a key",
    ]


def test_one_sentence_and_error_bodies_are_no_parts(ours: Ready) -> None:
    assert parts_of(ours, "why is my model so slow") == []
    body = '{"error":{"message":"The lamp is dim. Please wait a while. Then try again.","code":503}}'
    parts = parts_of(ours, f"what does this mean here\n{body}\nand why today of all days")
    assert parts == ["what does this mean here", "and why today of all days"]


def test_a_post_of_a_thousand_sentences_has_few_parts(ours: Ready) -> None:
    assert len(parts_of(ours, "this is one more sentence. " * 1000)) == MAX_SEGMENTS


@given(st.text(max_size=300))
def test_tokens_lie_where_they_say(text: str) -> None:
    tokens = Tokens.of(text)
    assert len(tokens.words) == len(tokens.starts) == len(tokens.ends)
    for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        assert word in (text[start:end], text[start:end].lower())
    assert all(tokens.words[at] == word for word, places in tokens.places.items() for at in places)


def test_words_of_several_scripts_are_apart_and_case_is_gone() -> None:
    assert words("Fehler404: 报错rate-LIMITED") == ("fehler404", "报错", "rate", "limited")
