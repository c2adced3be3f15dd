"""Small readers that recognition rests on: clauses, parts of a post, tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extraction import read
from bot.extraction.report import Span
from bot.recognition.quotes import MAX_QUOTE, clause_around
from bot.recognition.segments import MAX_SEGMENTS, Segmenter
from bot.recognition.tokens import Tokens, words
from tests.shipped_knowledge import Ready


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
    return [report.text[span.start : span.end].strip() for span in Segmenter(ours.base.phrases).segments(report)]


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
