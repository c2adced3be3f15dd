"""Model ids are told apart from paths, MIME types, repositories and links; a client's prefix is no part of them."""

import pytest

from bot.extraction import Catalogue, Vocabulary, closest_models, read


def models(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> list[str]:
    return [found.value for found in read("", text, vocabulary, catalogue).model_ids]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qwen/qwen3-coder:free fails", ["qwen/qwen3-coder:free"]),
        ("`z-ai/glm-5.2`.", ["z-ai/glm-5.2"]),
        ("model=openrouter/moonshotai/kimi-k2", ["moonshotai/kimi-k2"]),
        ("openrouter,moonshotai/kimi-k2", ["moonshotai/kimi-k2"]),
        ("openrouter.deepseek/deepseek-r1:free", ["deepseek/deepseek-r1:free"]),
        ("openrouter/free and openrouter/auto", ["openrouter/free", "openrouter/auto"]),
        ("openrouter/openrouter/auto", ["openrouter/auto"]),
        ("~anthropic/claude-sonnet-latest", ["~anthropic/claude-sonnet-latest"]),
        ("google/gemini-2.5-flash:nitro", ["google/gemini-2.5-flash:nitro"]),
        ("openai/gpt-4o@preset/my-bot", ["openai/gpt-4o@preset/my-bot"]),
        ('"model":"@preset/my-bot"', ["@preset/my-bot"]),
        ("google.gemini-2.5-flash", ["google.gemini-2.5-flash"]),
        ("z-ai/glm5.2 or z-ai/glm-5-2-max", ["z-ai/glm5.2", "z-ai/glm-5-2-max"]),
        ("acme/new-model-7b is not a valid model ID", ["acme/new-model-7b"]),
        ('"model": "acme/new-model"', ["acme/new-model"]),
        ("acme/new-model:free", ["acme/new-model:free"]),
        ("openrouter/some-test-alpha", ["openrouter/some-test-alpha"]),
        ("https://openrouter.ai/models/openai/gpt-4o", ["openai/gpt-4o"]),
        ("openrouter.ai/openai/gpt-4o.", ["openai/gpt-4o"]),
        ("OpenAI/GPT-4o", ["OpenAI/GPT-4o"]),
        ("qwen/qwen3-coder and QWEN/qwen3-coder", ["qwen/qwen3-coder"]),
        ("openai/gpt-4o-mi … openai/gpt-4o-mini", ["openai/gpt-4o-mini"]),
        ("用qwen/qwen3-coder:free报错", ["qwen/qwen3-coder:free"]),
        ("用 openai/gpt-4o。官方怎么说", ["openai/gpt-4o"]),
        ("模型是 acme/new-model", ["acme/new-model"]),
        ("model は acme/new-model です", ["acme/new-model"]),
    ],
)
def test_an_id_is_found_as_it_was_typed(
    text: str, expected: list[str], vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    assert models(text, vocabulary, catalogue) == expected


@pytest.mark.parametrize(
    "text",
    [
        "text/event-stream and application/json",
        "and/or, 24/7, input/output, w/o",
        "500/503",
        "/opt/app/venv/lib/openai/core.py",
        "vendor/@acme/openai/main.js",
        "https://github.com/openai/openai-python",
        "https://openrouter.ai/settings/credits",
        "https://openrouter.ai/docs/guides/routing/provider-selection",
        "openai/openai.ts",
        "together/fp8 or deepinfra/turbo",
        "POST /images/edits",
        "OpenRouter/Azure",
        "client/server with tool/function",
        "12/2026",
        "关于模型和客户端/server的问题",
    ],
)
def test_what_only_looks_like_an_id_is_none(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    assert models(text, vocabulary, catalogue) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kimi k2.5 is slow", ["moonshotai/kimi-k2.5"]),
        ("glm-5.2 fails", ["z-ai/glm-5.2"]),
        ("I like models", []),
        ("z-ai/glm-5.2 fails", []),
    ],
)
def test_a_spoken_name_is_read_as_the_one_id_it_can_mean(
    text: str, expected: list[str], vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    assert [found.value for found in read("", text, vocabulary, catalogue).spoken_models] == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("moonshotai/kimi-k2.5", "moonshotai/kimi-k2.5"),
        ("moonshot/kimi-k2.5", "moonshotai/kimi-k2.5"),
        ("z-ai/glm5.2", "z-ai/glm-5.2"),
        ("glm-5.2", "z-ai/glm-5.2"),
    ],
)
def test_the_closest_id_is_the_one_that_was_meant(typed: str, meant: str, catalogue: Catalogue) -> None:
    assert closest_models(typed, catalogue)[0][0].removesuffix(":free") == meant


def test_nothing_is_close_to_noise(catalogue: Catalogue) -> None:
    assert closest_models("zzzzqqqq/xxxx", catalogue) == ()
