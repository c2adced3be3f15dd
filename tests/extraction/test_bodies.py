"""Bodies that are nested, escaped, cut off, wrapped or written in another notation."""

import html
import json

import pytest

from bot.extraction import Catalogue, ErrorBody, Vocabulary, read

RAW = "x-ai/grok-4 is temporarily rate-limited upstream. Please retry shortly"
BODY = {
    "error": {
        "message": "Provider returned error",
        "code": 429,
        "metadata": {
            "raw": RAW,
            "provider_name": "Chutes",
            "is_byok": False,
            "limit_source": "upstream_provider_shared_pool",
            "retry_after_seconds": 7,
        },
    }
}
PRINTED = json.dumps(BODY)


def escaped(text: str, times: int) -> str:
    for _ in range(times):
        text = json.dumps(text)[1:-1]
    return text


WRITTEN = {
    "plain": PRINTED,
    "indented": json.dumps(BODY, indent=2),
    "Python repr": repr(BODY),
    "escaped once": escaped(PRINTED, 1),
    "escaped twice": escaped(PRINTED, 2),
    "escaped three times": escaped(PRINTED, 3),
    "as a string": json.dumps({"msg": "call failed", "error": PRINTED}),
    "HTML entities": html.escape(PRINTED),
    "smart quotes": PRINTED.replace('"', "“"),
    "last braces missing": PRINTED[:-3],
    "cut behind the numbers": PRINTED[:-20],
    "event of a stream": f"data: {PRINTED}\n\ndata: [DONE]",
    "wrapped": PRINTED.replace("Please retry", "Please\n    retry"),
    "in a code block": f"```json\n{PRINTED}\n```",
    "quoted": "> " + json.dumps(BODY, indent=2).replace("\n", "\n> "),
    "behind other objects": '{"a": 1} {"b": {"c": [2]}}\n' * 40 + PRINTED,
    "behind code": "function f() { if (x) { return { y } }\n\n" + PRINTED,
    "in a list": json.dumps([BODY]),
    "in a traceback": f"Traceback (most recent call last):\n  File 'a.py', line 404, in f\nX.ApiError: {PRINTED}",
}


def only_body(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> ErrorBody:
    bodies = [error for error in read("", text, vocabulary, catalogue).errors if error.is_structured]
    assert len(bodies) == 1, bodies
    return bodies[0]


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_body_says_the_same_in_every_notation(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    body = only_body(text, vocabulary, catalogue)
    assert body.message.startswith(RAW)
    assert (body.status, body.provider) == (429, "Chutes")
    assert body.fields["limit_source"] == "upstream_provider_shared_pool"
    assert body.fields["is_byok"] == "false"
    assert "Provider returned error" in body.outer_messages


@pytest.mark.parametrize("length", range(40, len(PRINTED), 7))
def test_a_body_cut_anywhere_gives_what_is_left_of_it(
    length: int, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    report = read("", f"API Error: 429 {PRINTED[:length]}", vocabulary, catalogue)
    assert [code.value for code in report.status_codes] == [429]
    assert any("Provider returned" in error.message or RAW.startswith(error.message[:20]) for error in report.errors)


def test_a_raw_body_inside_a_body_is_unpacked(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    inner = json.dumps({"error": {"message": "quota is spent", "code": "insufficient_quota"}})
    middle = json.dumps({"detail": f"Invalid request: {inner}"})
    text = json.dumps({"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": middle}}})
    body = only_body(text, vocabulary, catalogue)
    assert body.message == "quota is spent"
    assert body.outer_messages == ("Provider returned error", "Invalid request")
    assert body.status == 400


def test_an_empty_raw_leaves_the_outer_message(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = '{"error":{"message":"Provider returned error","code":502,"metadata":{"raw":"","provider_name":"GMICloud"}}}'
    body = only_body(text, vocabulary, catalogue)
    assert (body.message, body.provider) == ("Provider returned error", "GMICloud")


def test_an_availability_is_flattened(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = json.dumps(
        {
            "error": {
                "message": "All providers are at capacity.",
                "error_type": "rate_limit_exceeded",
                "http_status": 429,
                "availability": {"code": "capacity_exhausted", "retry_after": 12, "excluded_by": ["geo", "max_price"]},
            }
        }
    )
    body = only_body(text, vocabulary, catalogue)
    assert body.status == 429
    assert {
        "availability_code": "capacity_exhausted",
        "retry_after_seconds": "12",
        "excluded_by": "geo, max_price",
        "error_type": "rate_limit_exceeded",
    }.items() <= body.fields.items()


def test_a_list_of_faults_inside_a_message_is_unpacked(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    faults = json.dumps([{"code": "custom", "message": "Field is required", "path": ["model"]}], indent=1)
    text = json.dumps({"success": False, "error": {"name": "ZodError", "message": faults}})
    assert only_body(text, vocabulary, catalogue).message == "Field is required"


def test_fields_without_the_braces_around_them_are_read(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = 'my bot got: "raw":"You exceeded your current quota","provider_name":"OpenAI","is_byok":true. why'
    body = only_body(text, vocabulary, catalogue)
    assert (body.message, body.provider, body.fields["is_byok"]) == (
        "You exceeded your current quota",
        "OpenAI",
        "true",
    )


def test_two_bodies_are_two(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    text = f'402 {{"error":{{"message":"Insufficient credits","code":402}}}}\n{PRINTED}'
    report = read("", text, vocabulary, catalogue)
    assert [error.status for error in report.errors] == [402, 429]


def test_prose_is_what_stands_around_a_body(vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    prose = read("", f"before {PRINTED} after", vocabulary, catalogue).prose
    assert prose.split() == ["before", "after"]
