"""Credentials and personal ids leave the text; what only looks like one stays."""

import pytest

from bot.extraction import Catalogue, Vocabulary, mask, read
from tests.extraction.samples import FAKE_KEY, FAKE_TAIL, FAKE_USER, strings_in

JWT = "eyJhbGciOiJGQUtFIn0.eyJzdWIiOiJGQUtFRkFLRSJ9.FAKE4fvSg2dYt1J6p7Tj0pSBIL0LHVK1MKYQtIKh8Nhu"
PEM = (
    "-----BEGIN PRIVATE KEY-----\nFAKEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7FAKE0001\n"
    "FAKEu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq\nFAKE0aGqPA==\n-----END PRIVATE KEY-----"
)

OWN_KEYS = {
    "plain": f"my key {FAKE_KEY} fails",
    "in a header": f'curl -H "Authorization: Bearer {FAKE_KEY}" https://example.com',
    "in a link": f"https://example.com/v1/models?key={FAKE_KEY}&x=1",
    "escaped in a link": f"Authorization%3A%20Bearer%20{FAKE_KEY}",
    "in the environment": f"OPENROUTER_API_KEY={FAKE_KEY}\nHOME=/home/x",
    "in JSON": f'{{"key":"{FAKE_KEY}","retries":0}}',
    "in a spoiler": f"||{FAKE_KEY}|| is hidden",
    "in quotation marks": f"“{FAKE_KEY}”",
    "over two lines": f"sk-or-v1-{FAKE_TAIL[:30]}\n{FAKE_TAIL[30:]}",
    "over two quoted lines": f"> sk-or-v1-{FAKE_TAIL[:30]}\n> {FAKE_TAIL[30:]}",
    "with a backslash at the line's end": f"sk-or-v1-{FAKE_TAIL[:32]}\\\n   {FAKE_TAIL[32:]}",
    "as two strings": f"'sk-or-v1-{FAKE_TAIL[:30]}' +\n'{FAKE_TAIL[30:]}'",
    "line break behind the prefix": f"sk-or-v1-\n{FAKE_TAIL}",
    "with invisible characters": "sk-or-v1-" + "\u200b".join(FAKE_TAIL),
    "with escaped hyphens": f"sk\\-or\\-v1\\-{FAKE_TAIL}",
    "in capitals": FAKE_KEY.upper(),
    "full width": FAKE_KEY.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
}


@pytest.mark.parametrize("text", OWN_KEYS.values(), ids=OWN_KEYS.keys())
def test_a_key_is_gone_however_it_was_pasted(text: str, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
    report = read("help", text, vocabulary, catalogue)
    assert [(secret.kind, secret.is_personal) for secret in report.secrets] == [("service-key", False)]
    for string in strings_in(report):
        flat = "".join(character for character in string.upper() if character.isalnum())
        assert FAKE_TAIL[:12].upper() not in flat
        assert FAKE_TAIL[-12:].upper() not in flat


OTHER_SECRETS = {
    "anthropic-key": "sk-ant-api03-FAKEabcdef0123456789-abcdefXYZ",
    "openai-key": "sk-proj-FAKE0123456789abcdefABCDEF",
    "api-key": "sk-FAKE0123456789abcdef0123456789ab",
    "google-key": "AIzaFAKE0123456789abcdefghijklmnopqrstu",
    "github-token": "ghp_FAKE0123456789abcdefghijklmnopqrstuv",
    "gitlab-token": "glpat-FAKE0123456789abcdef",
    "hugging-face-token": "hf_FAKE0123456789abcdefghijklmnop",
    "groq-key": "gsk_FAKE0123456789abcdefghijklmnopqrstuvwx",
    "xai-key": "xai-FAKE0123456789abcdefghijklmnopqrstuvwx",
    "aws-key": "AKIAFAKE8R2Q7T4W1Z5X",
    "slack-token": "xoxb-0123456789-FAKEabcdefgh",
    "stripe-key": "sk_live_FAKE0123456789abcdef",
    "npm-token": "npm_FAKE0123456789abcdefghijklmnopqrstuv",
    "telegram-token": "123456789:AAFAKE0123456789abcdefghijklmnopqrs",
    "discord-token": "MTFAKE0123456789abcdefgh.GFAKEa.FAKE0123456789abcdefghijklmnop",
    "jwt": JWT,
    "private-key": PEM,
    "google-oauth": "ya29.FAKE0123456789abcdefghijklm",
}


@pytest.mark.parametrize(("kind", "secret"), OTHER_SECRETS.items(), ids=OTHER_SECRETS.keys())
def test_other_vendors_credentials_are_gone_and_named(kind: str, secret: str, vocabulary: Vocabulary) -> None:
    masked = mask(f"before {secret} after", vocabulary)
    assert masked.text == "before ‹key removed› after"
    assert [found.kind for found in masked.secrets] == [kind]
    start, end = masked.secrets[0].span.start, masked.secrets[0].span.end
    assert masked.text[start:end] == "‹key removed›"


def test_of_an_address_with_a_password_only_the_password_goes(vocabulary: Vocabulary) -> None:
    masked = mask("postgres://bot:FAKE-p@ss9!@db.example.net/x", vocabulary)
    assert masked.text == "postgres://bot:‹key removed›@db.example.net/x"


def test_a_value_that_only_its_name_calls_secret_goes(vocabulary: Vocabulary) -> None:
    masked = mask("CLIENT_SECRET='FAKE8Q9s7d6f5g4h3j2k1l0p'", vocabulary)
    assert "FAKE8Q9s" not in masked.text


@pytest.mark.parametrize(
    "text",
    [
        "sk-or-v1-abc...123",
        "sk-or-v1-0e6...1c96",
        "sk-or-v1-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-or-v1-… does not work",
        "Authorization: Bearer $OPENROUTER_API_KEY",
        "Authorization: Bearer ${process.env.OPENROUTER_KEY}",
        "sk-or-v1-<your key>",
        "sk-or-v1-your-key-goes-here",
        "export OPENROUTER_API_KEY=sk-or-v1-...",
        "https://user:password@example.com",
        "gen-1739458867-kUKFjpDGCEBBvK6V46PX",
        "toolu_01Qh7VzRkE2mXcP9sLdT4wNb",
        "limit_rpm/qwen/qwen3-coder-480b-a35b-07-25/123e4567-e89b-12d3-a456-426614174000",
        "X-RateLimit-Reset: 1795470060000",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "write to support@openrouter.ai",
        "git@github.com:example/example.git",
        "model: qwen/qwen3-coder-480b-a35b:free",
        "leftpad@1.2.3/node_modules/leftpad/index.js:7:1",
        "max_tokens: 128000, token: 4096",
    ],
)
def test_placeholders_and_harmless_ids_stay(text: str, vocabulary: Vocabulary) -> None:
    masked = mask(text, vocabulary)
    assert masked.text == text
    assert masked.secrets == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'"user_id":"{FAKE_USER}"', '"user_id":"‹id removed›"'),
        (FAKE_USER.replace("user_", "org\\_"), "‹id removed›"),
        ("mail me: jane.fake+x@example.com!", "mail me: ‹e-mail removed›!"),
        ("https://openrouter.ai/workspaces/default/keys/" + "0fa1b2c3d4e59687" * 4, "…/keys/‹id removed›"),
        ("card 4111 1111 1111 1111 was charged", "card ‹card number removed› was charged"),
        ("卡号4111111111111111被拒", "卡号‹card number removed›被拒"),
    ],
)
def test_personal_data_goes_without_a_warning(text: str, expected: str, vocabulary: Vocabulary) -> None:
    masked = mask(text, vocabulary)
    assert masked.text.endswith(expected.removeprefix("…"))
    assert [secret.is_personal for secret in masked.secrets] == [True]


def test_a_number_that_is_no_card_stays(vocabulary: Vocabulary) -> None:
    assert mask("order 4111 1111 1111 1112", vocabulary).secrets == ()


def test_a_look_alike_of_the_services_host_is_personal(vocabulary: Vocabulary) -> None:
    assert mask("me@evil-openrouter.ai", vocabulary).text == "‹e-mail removed›"


def test_two_keys_have_two_fingerprints_and_one_key_has_one(vocabulary: Vocabulary) -> None:
    other = FAKE_KEY.replace("0a1b", "9z8y")
    one = mask(f"{FAKE_KEY} {other} {FAKE_KEY}", vocabulary, salt=b"salt").secrets
    assert one[0].fingerprint == one[2].fingerprint != one[1].fingerprint
    assert mask(FAKE_KEY, vocabulary, salt=b"other salt").secrets[0].fingerprint != one[0].fingerprint


def test_a_key_that_was_split_is_the_same_key(vocabulary: Vocabulary) -> None:
    split = mask(OWN_KEYS["over two lines"], vocabulary).secrets[0]
    assert split.fingerprint == mask(FAKE_KEY, vocabulary).secrets[0].fingerprint


def test_words_behind_a_whole_key_stay(vocabulary: Vocabulary) -> None:
    masked = mask(f"{FAKE_KEY} dead beef 429 added", vocabulary)
    assert masked.text == "‹key removed› dead beef 429 added"
