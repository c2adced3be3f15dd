"""Hosts of models are told apart from authors, words and other products of the same name."""

import pytest

from bot.extraction import Catalogue, Vocabulary, read


def providers(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> list[str]:
    return [found.value for found in read("", text, vocabulary, catalogue).providers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"error":{"message":"x","code":429,"metadata":{"provider_name":"Z.AI"}}}', ["Z.AI"]),
        ("Upstream error from Nvidia: Internal server error", ["Nvidia"]),
        ("x/y-1 requires moderation on OpenAI. Your input", ["OpenAI"]),
        ('"provider": {"only": ["stepfun"], "sort": "price"}', ["stepfun"]),
        ("never sambanova or parasail please", ["sambanova", "parasail"]),
        ("novita cannot keep up", ["novita"]),
        ("with Google or Mistral as provider", ["Google", "Mistral"]),
        ("provider is anthropic", ["anthropic"]),
        ("Providers serving a/b-1: mistral, azure, but you allow others: permits only: cohere.",
         ["mistral", "azure", "cohere"]),
        ("it ends up at mistral every time", ["mistral"]),
        ("byok: our Cohere account was charged", ["Cohere"]),
        ("provider: {only: [moonshotai]} or only: [Moonshot AI]", ["Moonshot AI"]),
        ("provider_name 是 Chutes", ["Chutes"]),
        ("429 错误，provider_name是Mistral，怎么办", ["Mistral"]),
        ("`provider_name` 为 `Mistral`", ["Mistral"]),
        ("provider_name は Mistral です", ["Mistral"]),
        ("provider_name 값이 Mistral 이에요", ["Mistral"]),
        ("provider_name：Mistral", ["Mistral"]),
        ("provider_name → Mistral", ["Mistral"]),
        ("provider_name es Mistral", ["Mistral"]),
        ("provider_name ist Mistral", ["Mistral"]),
        ("в ответе provider_name это Mistral", ["Mistral"]),
        ("供应商是Mistral", ["Mistral"]),
        ("el proveedor es Mistral", ["Mistral"]),
        ("プロバイダーはMistralです", ["Mistral"]),
        ("我用Chutes的时候报错", ["Chutes"]),
    ],
)  # fmt: skip
def test_a_provider_is_found(text: str, expected: list[str], vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    assert providers(text, vocabulary, catalogue) == expected


@pytest.mark.parametrize(
    "text",
    [
        "deepseek free is dead",
        "I log in with google",
        "put it all together",
        "OpenAI compatible endpoint",
        "the openai python package",
        "with cerebras's own console, cerebras answers",
        "api.together.xyz answers 503",
        "Provider: openai\nModel: x",
        "openai/gpt-4o is slow",
        "temperature, seed and top_k",
        "API Provider 选择 OpenAI Compatible",
        "provider is openai-compatible",
        "提供商：OpenAI\n模型：x",
        "LLM_PROVIDER=openai",
        "看了 provider_name 和 seed",
        "见provider_name与 seed 参数",
        "用seed的时候报错",
    ],
)
def test_another_use_of_the_name_is_none(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    assert providers(text, vocabulary, catalogue) == []
