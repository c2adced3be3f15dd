"""What is too long to read keeps its head and its tail, and never half a credential."""

import pytest

from bot.extraction import CAP_BYTES, Catalogue, Vocabulary, mask, masking, read
from bot.extraction.masking import CUT_MARK, MARGIN
from bot.extraction.secret_hits import Hit, find_hits
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


#: Short of twice the margin, so that it is looked at as a whole, and beyond it, where head and tail are.
LENGTHS = (CAP_BYTES + 2_000, CAP_BYTES + 2 * MARGIN - 1_000, CAP_BYTES + 2 * MARGIN + 1_000, 3 * CAP_BYTES)


def seen_by_masking(text: str, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> int:
    """Characters in which something was looked for, all in all."""
    seen = 0

    def counted(piece: str, vocabulary: Vocabulary) -> list[Hit]:
        nonlocal seen
        seen += len(piece)
        return find_hits(piece, vocabulary)

    with monkeypatch.context() as patch:
        patch.setattr(masking, "find_hits", counted)
        mask(text, vocabulary)
    return seen


@pytest.mark.parametrize("unit", ["x ", "\n", "a\u200b", "\u202e\u2066gpj.exe\u2069\u202c", "错", "😀"])
def test_twice_the_text_is_at_most_three_times_as_much_to_look_through(
    unit: str, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for half in range(4_000, 100_000, 4_000):
        once, twice = (unit * (size // len(unit)) for size in (half, 2 * half))
        most = 3 * seen_by_masking(once, vocabulary, monkeypatch)
        assert seen_by_masking(twice, vocabulary, monkeypatch) <= most, half


def test_what_nobody_sees_does_not_count(vocabulary: Vocabulary) -> None:
    text = "".join(f"w{number}\u202e\u2066 \u2069\u202c" for number in range(8_000))
    assert len(text.encode()) > CAP_BYTES
    masked = mask(text, vocabulary)
    assert not masked.was_cut
    assert masked.text == "".join(f"w{number} " for number in range(8_000))


@pytest.mark.parametrize("offset", range(-60, 30, 6))
@pytest.mark.parametrize("place", [CAP_BYTES // 2, CAP_BYTES // 2 + MARGIN])
@pytest.mark.parametrize("is_head", [True, False])
def test_a_value_among_invisible_characters_leaves_nothing_behind(
    is_head: bool, place: int, offset: int, vocabulary: Vocabulary
) -> None:
    """Cut by what was typed, not by what can be seen, the rest of it would stand at the edge of head or tail."""
    secret = f"Authorization: Bearer {FAKE_TAIL}"
    before, after = "\u200bx\u200b " * ((place + offset) // 4), " \u200by\u200b" * CAP_BYTES
    masked = mask(before + secret + after if is_head else after + secret + before, vocabulary)
    assert not any(FAKE_TAIL[at : at + 6] in masked.text for at in range(len(FAKE_TAIL) - 6))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("word", [f"xx{FAKE_KEY}", "AKIAFAKE8R2Q7T4W1Z5XYZ1", "no4111111111111111", f"ref {FAKE_KEY}"])
def test_masking_what_was_cut_again_changes_nothing_wherever_the_cut_lies(
    word: str, length: int, vocabulary: Vocabulary
) -> None:
    for shift in range(0, len(word) + 1, 1 + len(word) // 24):
        once = mask("." * shift + f"{word} " * (length // (len(word) + 1)), vocabulary)
        again = mask(once.text, vocabulary)
        assert (again.text, again.secrets) == (once.text, ()), shift
        for secret in once.secrets:
            assert once.text[secret.span.start : secret.span.end] in ("‹key removed›", "‹card number removed›")


@pytest.mark.parametrize("shift", range(19))
def test_far_from_the_cut_nothing_is_taken_for_a_secret_because_it_was_looked_at_from_its_middle(
    shift: int, vocabulary: Vocabulary
) -> None:
    harmless = "." * shift + "no4111111111111111 " * 1_300
    filler = "x " * ((CAP_BYTES // 2 - len(harmless)) // 2)
    masked = mask(harmless + filler + "y " * CAP_BYTES + filler + harmless, vocabulary)
    assert masked.was_cut
    assert masked.secrets == ()
    assert masked.text.startswith(harmless)
    assert masked.text.endswith(harmless)
    assert masked.text.count(CUT_MARK) == 1
