"""One post in, one report out: where things stand, who refused, which client, what is quoted."""

import pytest

from bot.extraction import Catalogue, Vocabulary, mask, read
from bot.extraction.quotes import find_quotes
from tests.extraction.samples import FAKE_KEY, FAKE_TAIL

SEED = (
    "I bought 10 credits and still get API Error 429, give me 1 credit back.\n"
    'API Error (429 {"error":{"message":"Error from provider(429): {"error":{"message":"Provider returned error",'
    '"code":429,"metadata":{"raw":"qwen/qwen3-coder:free is temporarily rate-limited upstream. Please retry shortly, '
    'or add your own key","provider_name":"Chutes"}},"user_id"…\n'
    "also moonshotai/kimi-k2:free and deepseek/deepseek-chat-v3-0324:free"
)


def test_the_thread_that_started_the_project_is_read(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read("429 after buying", SEED, vocabulary, catalogue)
    body = next(error for error in report.errors if error.is_structured)
    assert body.message.startswith("qwen/qwen3-coder:free is temporarily rate-limited upstream")
    assert (body.status, body.provider) == (429, "Chutes")
    assert [model.value for model in report.model_ids] == [
        "qwen/qwen3-coder:free",
        "moonshotai/kimi-k2:free",
        "deepseek/deepseek-chat-v3-0324:free",
    ]
    assert [provider.value for provider in report.providers] == ["Chutes"]
    assert [code.value for code in report.status_codes] == [429]
    assert report.refused_by is not None
    assert report.refused_by.value == "provider"


def test_the_text_is_title_blank_line_and_words(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read("a  title\nof two lines", "words", vocabulary, catalogue)
    assert report.text == "a title of two lines\n\nwords"
    assert report.text[: report.title_length] == "a title of two lines"


def test_without_a_title_the_text_is_the_words(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read("", "words", vocabulary, catalogue)
    assert (report.text, report.title_length) == ("words", 0)


def test_a_secret_in_the_title_is_gone_and_counted_in_its_length(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read(f"401 with {FAKE_KEY}", "still", vocabulary, catalogue)
    assert report.text[: report.title_length] == "401 with ‹key removed›"
    assert [code.value for code in report.status_codes] == [401]


def test_a_key_that_goes_on_from_the_title_into_the_text_is_gone(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read(f"sk-or-v1-{FAKE_TAIL[:32]}", FAKE_TAIL[32:], vocabulary, catalogue)
    assert report.text == "‹key removed›"
    assert report.title_length <= len(report.text)


def test_a_masked_text_reads_like_the_text_itself(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = f"{SEED} with {FAKE_KEY}"
    again = read("", mask(text, vocabulary).text, vocabulary, catalogue)
    assert again.errors == read("", text, vocabulary, catalogue).errors
    assert again.secrets == ()


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("x/y-1 is temporarily rate-limited upstream", "provider"),
        ("Rate limit exceeded: free-models-per-day", "service"),
        ("Insufficient credits", "service"),
        ("Error 1015 You are being rate limited", "edge"),
        ("Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "client"),
        ("Workspace monthly budget of $5 exceeded. Contact your workspace admin.", "organisation"),
        ("You can find your API key at https://platform.openai.com/account/api-keys.", "other-service"),
        ('{"error":{"message":"No allowed providers","metadata":{"requested_providers":["cloudflare"]}}}', "service"),
        ('{"error":{"message":"slow down","code":429,"metadata":{"limit_source":"upstream_provider_shared_pool"}}}',
         "provider"),
    ],
)  # fmt: skip
def test_the_layer_that_refused_is_named_by_its_own_words(
    text: str, layer: str, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    report = read("", text, vocabulary, catalogue)
    assert report.refused_by is not None
    assert report.refused_by.value == layer


def test_without_evidence_nobody_refused(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    assert read("help", "it does not work", vocabulary, catalogue).refused_by is None


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("in silly tavern it fails", "SillyTavern"),
        ("PROXY ERROR 404: x (unk)", "JanitorAI"),
        ("I use Zed", "Zed"),
        ("ccr (claude-code-router) on a mac", "Claude Code Router"),
        ("with roo code since today", "Roo Code"),
        ("我在SillyTavern里", "SillyTavern"),
    ],
)
def test_the_client_is_found(text: str, client: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read("", text, vocabulary, catalogue)
    assert report.client is not None
    assert report.client.value == client


@pytest.mark.parametrize(
    "text",
    ["I press Continue and the cursor hangs", "make sure", "first goose then duck", "https://github.com/x/cline"],
)
def test_an_everyday_word_is_no_client(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    assert read("", text, vocabulary, catalogue).client is None


def test_ids_of_requests_are_told_apart_from_those_of_others(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = (
        "gen-1739458867-kUKFjpDGCEBBvK6V46PX gen-1739458867-AbC req-1727282430-aBcDeFgHiJkLmNoPqRsT "
        "req_011FAKE chatcmpl-FAKE toolu_01FAKE gen-3bhGkxlo4XFrqiabUM7NDtwDzWwG"
    )
    report = read("", text, vocabulary, catalogue)
    assert [found.value for found in report.generation_ids] == [
        "gen-1739458867-kUKFjpDGCEBBvK6V46PX",
        "gen-3bhGkxlo4XFrqiabUM7NDtwDzWwG",
    ]
    assert [found.value for found in report.request_ids] == ["req-1727282430-aBcDeFgHiJkLmNoPqRsT"]


def test_an_id_of_a_request_is_found_between_words_that_touch_it(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read("", "编号是gen-1739458867-kUKFjpDGCEBBvK6V46PX请看", vocabulary, catalogue)
    assert [found.value for found in report.generation_ids] == ["gen-1739458867-kUKFjpDGCEBBvK6V46PX"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Retry-After: 12", 12.0),
        ('"retry_after_seconds":1.5', 1.5),
        ("retry after 30 seconds", 30.0),
        ("Retry after 2 minutes", 120.0),
        ("retry-after 500ms", 0.5),
    ],
)
def test_how_long_to_wait_is_read_in_seconds(
    text: str, seconds: float, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    found = read("", text, vocabulary, catalogue).retry_after_s
    assert found is not None
    assert found.value == seconds


def test_quotes_of_discord_are_marked() -> None:
    text = "mine\n> theirs\n> still theirs\nmine > theirs\n>>> the rest\nis quoted"
    assert [text[span.start : span.end] for span in find_quotes(text)] == [
        "> theirs\n> still theirs\n",
        ">>> the rest\nis quoted",
    ]


def test_what_nobody_sees_is_dropped_and_hides_nothing(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = "No end\u200bpoints fo\u00adund that sup\u2060port tool use \u202e\x1b[31mred\x1b[0m 👩\u200d💻"
    report = read("", text, vocabulary, catalogue)
    assert report.text == "No endpoints found that support tool use red 👩\u200d💻"
    assert report.errors[0].message == "No endpoints found that support tool use"
