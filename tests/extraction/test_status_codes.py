"""Status codes are told apart from money, ports, versions and other numbers of three digits."""

import pytest

from bot.extraction.status_codes import find_status_codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("429", [429]),
        ("got a 429 again", [429]),
        ("API Error (429 {", [429]),
        ("HTTP 429: slow down", [429]),
        ("HTTP/1.1 503 Service Unavailable", [503]),
        ("Error code: 402 - {'error'", [402]),
        ('{"code":400}', [400]),
        ("{'code': '404'}", [404]),
        ('{\\"code\\":404}', [404]),
        ("statusCode: 404,", [404]),
        ("status=500", [500]),
        ("500/503 everywhere", [500, 503]),
        ("402, 403 and 429", [402, 403, 429]),
        ("400 Bad Request", [400]),
        ("big files: 400 The input is too long", [400]),
        ("500: it broke", [500]),
        ("[404] gone", [404]),
        ("一直报 400", [400]),
        ("提示 404，求助", [404]),
        ("пишет ошибка 500", [500]),
        ("401 User not found", [401]),
        ("403 Key limit exceeded", [403]),
        ("413 Request too large", [413]),
        ("400 messages.14: wrong", [400]),
        ("529 overloaded", [529]),
        ("报错429了", [429]),
        ("返回402错误", [402]),
        ("500か504です", [504]),
        ("404가 떠요", [404]),
        ("status は 500 でした", [500]),
        ("code ist 500, seit heute", [500]),
        ('"code" 为 500', [500]),
    ],
)
def test_a_status_code_is_found(text: str, codes: list[int]) -> None:
    assert [found.value for found in find_status_codes(text)] == codes


@pytest.mark.parametrize(
    "text",
    [
        "$429",
        "429€ left",
        "429 requests today",
        "500 tokens",
        "bought 500 credits",
        "paid 404 for it",
        "line 404, in run",
        "cli.js:404:11",
        "localhost:500 and port 429",
        "version 4.0.4, build 404",
        "v404",
        "1,429",
        "12:07:25,429 [INFO]",
        "404ms",
        "took 500 ms",
        "400 people use it",
        "hermes-405b and llama-3.1-405b",
        "issue #404",
        "in=503 out=429",
        "stored under key=room:404",
        "https://example.com/404",
        "~429",
        "GET /ping 204 9ms",
        "5xx",
        "the year 2404",
        "999",
        "429 次",
        "用了429次",
        "第429行",
        "花了429",
        "充了 404 美元",
        "ポート404",
        "status 500 行のログ",
        "top_k 500",
    ],
)
def test_another_number_is_no_status_code(text: str) -> None:
    assert find_status_codes(text) == ()


def test_a_code_is_found_once_where_it_stands_first() -> None:
    text = "Error 429, then 402, then 429"
    found = find_status_codes(text)
    assert [(code.value, text[code.span.start : code.span.end]) for code in found] == [(429, "429"), (402, "402")]
