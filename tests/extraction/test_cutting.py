"""What is too long to read keeps its head and its tail, and never half a credential."""

import pytest

from bot.extraction import CAP_BYTES, Catalogue, Vocabulary, mask, read
from tests.extraction.samples import FAKE_KEY, FAKE_TAIL


def test_a_long_post_keeps_head_and_tail(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = "first words\n" + "filler line\n" * 40_000 + "402 Insufficient credits"
    report = read("title", text, vocabulary, catalogue)
    assert report.was_cut
    assert len(report.text.encode()) <= CAP_BYTES
    assert report.text.startswith("title\n\nfirst words")
    assert [error.message for error in report.errors] == ["Insufficient credits"]
    assert [code.value for code in report.status_codes] == [402]


def test_a_post_below_the_cap_is_whole(vocabulary: Vocabulary) -> None:
    masked = mask("ä" * (CAP_BYTES // 2), vocabulary)
    assert not masked.was_cut
    assert len(masked.text) == CAP_BYTES // 2


@pytest.mark.parametrize("offset", range(-90, 20, 3))
def test_a_key_across_either_cut_leaves_nothing_behind(offset: int, vocabulary: Vocabulary) -> None:
    cap = 2000
    for place in (cap // 2, 60_000 - cap // 2):
        filler = "x " * ((place + offset) // 2)
        text = filler + FAKE_KEY + " y" * ((60_000 - len(filler)) // 2)
        masked = mask(text, vocabulary, cap_bytes=cap)
        assert masked.was_cut
        assert not any(FAKE_TAIL[at : at + 6] in masked.text for at in range(0, len(FAKE_TAIL) - 6, 2))


@pytest.mark.parametrize("offset", range(-40, 40, 2))
def test_a_value_whose_header_is_beyond_the_cut_is_gone(offset: int, vocabulary: Vocabulary) -> None:
    cap, secret = 2000, "FAKE9s8d7f6g5h4j3k2l1q0w"
    end = "y " * ((cap // 2 + offset) // 2)
    masked = mask("x " * 30_000 + f"Authorization: Bearer {secret} " + end, vocabulary, cap_bytes=cap)
    assert not any(secret[at : at + 6] in masked.text for at in range(len(secret) - 6))


def test_secrets_of_both_ends_have_their_places(vocabulary: Vocabulary) -> None:
    masked = mask(f"a {FAKE_KEY} b " + "x " * 40_000 + f" c {FAKE_KEY} d", vocabulary, cap_bytes=4000)
    assert len(masked.secrets) == 2
    for secret in masked.secrets:
        assert masked.text[secret.span.start : secret.span.end] == "‹key removed›"


def test_one_endless_token_is_not_shown_from_its_middle(vocabulary: Vocabulary) -> None:
    masked = mask("A1b2" * 100_000 + " end", vocabulary)
    assert masked.text.endswith("[…]\n end")


def test_placeholders_that_are_longer_than_what_they_replace_stay_below_the_cap(vocabulary: Vocabulary) -> None:
    masked = mask("x://a:fak1@b " * 5000, vocabulary)
    assert len(masked.text.encode()) <= CAP_BYTES
