"""Messages outside of bodies: known sentences, also misspelt, printed lines and quoted words."""

import pytest

from bot.extraction import Catalogue, Vocabulary, read


def messages(title: str, text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> list[str]:
    return [error.message for error in read(title, text, vocabulary, catalogue).errors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bot yazıyor: Rate limit exceeded: free-models-per-min. neden?", "Rate limit exceeded: free-models-per-min."),
        ("rate limmit excedeed: free modls per min, help", "rate limmit excedeed: free modls per min"),
        ("it says no endpiont foudn that supports imgae input", "no endpiont foudn that supports imgae input"),
        ("all provders have been ignorred", "all provders have been ignorred"),
        ("this modle isnt avaliable in your region", "this modle isnt avaliable in your region"),
        ("acme/x-1 is not a valid model ID", "acme/x-1 is not a valid model ID"),
        ("No endpoints found for acme/x-1.", "No endpoints found for acme/x-1."),
        ("Key limit exceeded (weekly limit). What now", "Key limit exceeded (weekly limit)."),
        ("报 Function call is missing a thought_signature in functionCall parts 怎么办", "Function call is missing a"),
        ("RuntimeError: the loop of this thread was closed", "the loop of this thread was closed"),
        ("App\\Http\\ConnectionException: Idle timeout reached for host", "Idle timeout reached for host"),
        ("Failed to start: the first call of the model was not answered.", "the first call of the model was not"),
        ("it shows `Cannot read properties of undefined (reading 'x')`", "Cannot read properties of"),
        ('it shows "Something failed while loading the page" and stops', "Something failed while"),
        ("tools.3.function.name: Field is required", "tools.3.function.name: Field"),
        ("httpx: Client error '400 Bad Request' for url 'https://example.com'", "Client error '400 Bad"),
        ("The app says error:\nNothing was generated: the answer did not match the schema", "Nothing was generated"),
        ("error code: 524", "error code: 524"),
        ("503 503 backend not reachable", "503 backend not reachable"),
        ("Upstream error from Acme: out of memory", "out of memory"),
        ("then ReadTimeout after a minute", "ReadTimeout"),
        ("answer is 404 Not Found", "404 Not Found"),
    ],
)  # fmt: skip
def test_a_message_is_found(text: str, expected: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    found = messages("", text, vocabulary, catalogue)
    assert len(found) == 1, found
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        "why is it so slow?",
        "429 requests a day is not much",
        "it failed again",
        'the "best model" is gone',
        "`pip install something`",
        "the limit is 20 per minute",
        "error_type: rate_limit_exceeded",
        '{"type":"object","properties":{"message":{"type":"string"}}}',
        '{"model":"x/y-1","messages":[{"role":"user","content":"error: hi"}]}',
    ],
)
def test_what_is_no_error_has_no_message(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    assert messages("", text, vocabulary, catalogue) == []


def test_the_title_that_retells_the_body_says_nothing_new(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    body = '{"error":{"message":"Insufficient credits. Add more using https://example.com/c","code":402}}'
    assert messages("Insufficient credits", body, vocabulary, catalogue) == [
        "Insufficient credits. Add more using https://example.com/c"
    ]


def test_a_body_cut_short_by_the_asker_takes_the_whole_line_from_elsewhere(
    vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    text = (
        "Error: No endpoints found that support tool use. To learn more about provider routing, visit: https://e.com\n\n"
        '{"error":{"message":"No endpoints found that support tool use. ...","code":404}}'
    )
    assert messages("", text, vocabulary, catalogue) == [
        "No endpoints found that support tool use. To learn more about provider routing, visit: https://e.com"
    ]


def test_who_only_passed_an_error_on_is_silent_beside_what_was_said(
    vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    text = "Provider returned error\nraw: `Reasoning is mandatory for this endpoint and cannot be disabled.`"
    assert messages("", text, vocabulary, catalogue) == [
        "Reasoning is mandatory for this endpoint and cannot be disabled."
    ]


def test_two_errors_in_one_line_are_two(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = "either `User not found` or, with another key, `Insufficient credits`"
    assert messages("", text, vocabulary, catalogue) == ["User not found", "Insufficient credits"]


def test_a_sentence_does_not_reach_into_the_next_paragraph(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = "No endpoints found that\n\nsupport tool use is what I want"
    assert "support" not in " ".join(messages("", text, vocabulary, catalogue))


def test_the_status_in_front_of_a_message_is_its_own(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read("", "403 Key limit exceeded (total limit)\n402 Insufficient credits", vocabulary, catalogue)
    assert [(error.status, error.message) for error in report.errors] == [
        (403, "Key limit exceeded (total limit)"),
        (402, "Insufficient credits"),
    ]
