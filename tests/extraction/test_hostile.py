"""Posts that were made to be slow: half a second for a megabyte, and time that grows no faster than the text."""

import random
import time

import pytest

from bot.extraction import CAP_BYTES, Catalogue, Vocabulary, read

MEGABYTE = 1_000_000
#: What one bait may take; the machine that runs the tests may be busy, so processor time counts.
LIMIT_S = 0.5

BAITS = {
    "letters": "a",
    "at signs": "@",
    "mail addresses": "a@b.",
    "key prefixes": "sk-or-v1-",
    "key in pieces": "sk-or-v1-ab12 ab12 ",
    "token starts": "eyJ",
    "private keys": "-----BEGIN PRIVATE KEY-----\n",
    "named values": "token=",
    "addresses with passwords": "http://a:b",
    "digits": "1234567890",
    "hexadecimal": "ab12 ",
    "base64": "QUJDRA",
    "quotes": '"',
    "escaped quotes": '\\"',
    "doubly escaped quotes": '\\\\"',
    "back-ticks": "`",
    "opening braces": "{",
    "opening brackets": "[",
    "nested objects": '{"error":',
    "nested messages": '{"error":{"message":"',
    "nested reprs": "{'error': {'message': '",
    "escaped bodies": '{\\"error\\":{\\"message\\":\\"',
    "whole bodies": '{"error":{"message":"x","code":429}}',
    "empty objects": "{}",
    "loose keys": '"raw":"',
    "entities": "&quot;message&quot;:",
    "codes": "404 ",
    "keyed codes": '"code":404,',
    "error lines": "error: ",
    "classes": "A.Error: ",
    "words of a sentence": "rate limit exceeded ",
    "one word": "error ",
    "whole sentences": "no endpoints found matching your data policy ",
    "ends of a sentence": " is not a valid model ID",
    "upstream": "Upstream error from A: ",
    "model ids": "openai/gpt-",
    "slashes": "a/b ",
    "links": "https://openrouter.ai/a/b ",
    "providers": "groq, ",
    "cues": "provider: ",
    "spoken names": "kimi k2 ",
    "dots": "a.",
    "quoted lines": "> x\n",
    "line feeds": "\n",
    "spaces": " ",
    "invisible": "\u200b",
    "letters that grow": "İ",
    "another script": "错误",
    "accents": "e\u0301\u0301\u0301\u0301",
}


def seconds(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> float:
    start = time.process_time()
    read("help", text, vocabulary, catalogue)
    return time.process_time() - start


def repeated(bait: str, size: int) -> str:
    return (bait * (size // len(bait) + 1))[:size]


@pytest.mark.parametrize("bait", BAITS.values(), ids=BAITS.keys())
def test_a_hostile_megabyte_takes_no_longer_than_half_a_second(
    bait: str, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    text = repeated(bait, MEGABYTE)
    # Processor time grows with what else runs on the machine: one quiet try of several is enough.
    assert any(seconds(text, vocabulary, catalogue) < LIMIT_S for _ in range(5))


@pytest.mark.parametrize("bait", BAITS.values(), ids=BAITS.keys())
def test_twice_the_text_takes_at_most_three_times_as_long(
    bait: str, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    def ratio() -> float:
        half = seconds(repeated(bait, CAP_BYTES // 2), vocabulary, catalogue)
        # Below a few milliseconds the clock says more about the machine than about the text.
        return seconds(repeated(bait, CAP_BYTES - 16), vocabulary, catalogue) / max(0.015, half)

    assert any(ratio() <= 3 for _ in range(3))


def test_sixty_thousand_quotes_around_a_body_do_not_hide_it(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = '{"error":{"message":"Insufficient credits","code":402}}\n\n' + '"' * 60_000
    assert [error.message for error in read("", text, vocabulary, catalogue).errors] == ["Insufficient credits"]


def test_noise_of_signs_is_read_in_time(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    dice = random.Random(7)
    text = "".join(dice.choice("{}[]\"\\':,ea/1@. \n`>#") for _ in range(MEGABYTE))
    assert seconds(text, vocabulary, catalogue) < LIMIT_S


def test_a_body_a_thousand_objects_deep_raises_nothing(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    depth = 1200
    text = '{"error":' * depth + '{"message":"Provider returned error","code":502}' + "}" * depth
    report = read("", text, vocabulary, catalogue)
    assert [code.value for code in report.status_codes] == [502]
    assert [error.message for error in report.errors] == ["Provider returned error"]
