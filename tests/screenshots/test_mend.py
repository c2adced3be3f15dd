"""What reading a picture gets wrong is put right, and what it got right stays."""

import pytest

from bot.extraction import mask
from bot.screenshots.mend import mended
from tests.shipped_knowledge import shipped

KEY = "sk-or-v1-" + "0123456789abcdef" * 4  # FAKE: no key of anybody


def mend(*lines: str) -> str:
    return mended(lines, shipped().base.catalogue, shipped().knowledge.vocabulary)


@pytest.mark.parametrize(
    ("read", "is_in_the_picture"),
    [
        (("openai/ol-pro is not a valid model ID",), "openai/o1-pro is not a valid model ID"),
        (("model: deepseek/deepseek-rl",), "model: deepseek/deepseek-r1"),
        (("model: Qwen/Qwen3-Coder:free",), "model: qwen/qwen3-coder:free"),
        (("moonshotai/kimi-k2: free is full",), "moonshotai/kimi-k2:free is full"),
        (("HTTP 4O4 Not Found",), "HTTP 404 Not Found"),
        (("Error S: 50l",), "Error S: 501"),
        (("moderation on OpenAl",), "moderation on OpenAI"),
        (("for deepseek/deepseek-chat-", "v3-0324:free."), "for deepseek/deepseek-chat-v3-0324:free."),
        (('"raw":"qwen/qwen3-', "coder:free is full"), '"raw":"qwen/qwen3-coder:free is full'),
        (("model=qwen/", "qwen3-coder"), "model=qwen/qwen3-coder"),
        (("qwen/qwen3-coder", ":free"), "qwen/qwen3-coder:free"),
        (('"code', '":402}}'), '"code":402}}'),
        (("gen-1732438721-AbCd", "EfGhIjKlMnOpQrSt"), "gen-1732438721-AbCdEfGhIjKlMnOpQrSt"),
    ],
)
def test_what_was_misread_is_put_right(read: tuple[str, ...], is_in_the_picture: str) -> None:
    assert mend(*read) == is_in_the_picture


@pytest.mark.parametrize(
    "lines",
    [
        ("anthropic/claude-sonet-4.5 is not a valid model ID",),
        ("openai/gpt-4o", "openai/gpt-4o-mini"),
        ("model: qwen/qwen3-coder", "Tokens: 429"),
        ("see docs/guide-", "line two"),
        ("Olli 4all 500 000 and 45O000",),
        ("https://openrouter.ai/settings/credits",),
        ("a - b", "- c"),
        ("",),
    ],
)
def test_what_is_right_stays(lines: tuple[str, ...]) -> None:
    assert mend(*lines) == "\n".join(lines)


@pytest.mark.parametrize("read", [KEY, KEY.replace("-v1-", "-vl-"), KEY.replace("-v1-", "-vI-")])
@pytest.mark.parametrize("cuts", [(), (40,), (30, 50)])
def test_a_key_in_a_picture_is_masked_whatever_became_of_it(read: str, cuts: tuple[int, ...]) -> None:
    pieces = [read[start:end] for start, end in zip((0, *cuts), (*cuts, None), strict=True)]
    masked = mask(mend("my key", *pieces, "is refused"), shipped().knowledge.vocabulary)
    assert [secret.kind for secret in masked.secrets] == ["service-key"]
    assert not any(piece in masked.text for piece in pieces)
