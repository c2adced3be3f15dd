"""Shapes of credentials that any vendor's users paste, and of personal data.

Those of the community itself come from its vocabulary.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

# A credential starts where a token starts; `%20` and the like end in a letter or digit and are such a place too.
_START = r"(?:(?<![A-Za-z0-9_-])|(?<=%20)|(?<=%3D)|(?<=%3d)|(?<=%22)|(?<=\\n))"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretShape:
    """`hints` are cheap: without one of them in the text the pattern is not tried."""

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    is_secret: Callable[[str], bool]
    is_personal: bool = False
    not_pattern: re.Pattern[str] | None = None
    full_length: int | None = None


_PLACEHOLDER_WORDS = re.compile(
    r"your|redacted|removed|hidden|example_?key|placeholder|api_?key_?here|insert|replace|xxxx|\*\*\*|\.\.\.|0000000|1234567890(?!.*[a-f])|_here\b",
    re.IGNORECASE,
)


def is_key_material(value: str) -> bool:
    """Tells a real credential from `xxxxxxxx`, `your-key-here` and other stand-ins."""
    return len(set(value)) >= 8 and not _PLACEHOLDER_WORDS.search(value)


def _mixed(value: str) -> bool:
    """Letters and digits without a break: what words joined by hyphens do not have."""
    return is_key_material(value) and bool(re.search(r"\d", value)) and bool(re.search(r"[A-Za-z0-9]{16}", value))


def _scattered(value: str) -> bool:
    """For values that only their name calls secret: enough digits among letters to be no word, path or model."""
    digits = sum(character.isdigit() for character in value)
    return is_key_material(value) and digits >= 4 and any(character.isalpha() for character in value)


def _anything(value: str) -> bool:
    return not _PLACEHOLDER_WORDS.search(value)


def _is_password(value: str) -> bool:
    stand_ins = {"pass", "password", "pw", "passwd", "pwd", "secret", "xxx", "x", "token", "key", "passwort"}
    return (
        value.lower() not in stand_ins
        and not set(value) <= set("*x.")
        and value[0] not in "$<{[%‹"
        and _anything(value)
    )


def _is_card(value: str) -> bool:
    digits = [int(character) for character in value if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _shape(
    kind: str,
    hints: str,
    pattern: str,
    is_secret: Callable[[str], bool] = is_key_material,
    *,
    is_personal: bool = False,
) -> SecretShape:
    return SecretShape(
        kind=kind, hints=tuple(hints.split()), pattern=re.compile(pattern), is_secret=is_secret, is_personal=is_personal
    )


def _token(kind: str, prefix: str, tail: str, *hints: str) -> SecretShape:
    return _shape(kind, " ".join(hints) or prefix, f"{_START}{prefix}{tail}")


#: Private keys go first: what looks like other credentials inside them belongs to them.
PRIVATE_KEY = _shape(
    "private-key",
    "PRIVATE",
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[\s\\\"',|>nr]{0,12}[A-Za-z0-9+/=]{16,})*"
    r"(?:[\s\\\"',|>nr]{0,12}[A-Za-z0-9+/=]{1,15})?(?:[\s\\\"',"
    r"|>nr]{0,12}-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?",
    _anything,
)

VENDOR_SHAPES: tuple[SecretShape, ...] = (
    _token("anthropic-key", "sk-ant-", r"[A-Za-z0-9_-]{16,200}"),
    _token(
        "openai-key",
        "sk-(?:proj|svcacct|admin|None)-",
        r"[A-Za-z0-9_-]{16,250}",
        "sk-proj-",
        "sk-svcacct-",
        "sk-admin-",
        "sk-None-",
    ),
    _token("google-key", "AIza", r"[A-Za-z0-9_-]{30,45}"),
    _token("google-oauth", r"(?:ya29\.|GOCSPX-|1//0)", r"[A-Za-z0-9_-]{20,300}", "ya29.", "GOCSPX-", "1//0"),
    _token("github-token", "gh[pousr]_", r"[A-Za-z0-9]{20,255}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _token("github-token", "github_pat_", r"[A-Za-z0-9_]{20,255}"),
    _token("gitlab-token", "glpat-", r"[A-Za-z0-9_-]{18,60}"),
    _token("hugging-face-token", "hf_", r"[A-Za-z0-9]{20,60}"),
    _token("groq-key", "gsk_", r"[A-Za-z0-9]{20,80}"),
    _token("xai-key", "xai-", r"[A-Za-z0-9]{20,120}"),
    _token("cerebras-key", "csk-", r"[A-Za-z0-9]{20,80}"),
    _token("nvidia-key", "nvapi-", r"[A-Za-z0-9_-]{20,100}"),
    _token("perplexity-key", "pplx-", r"[A-Za-z0-9]{20,80}"),
    _token("replicate-token", "r8_", r"[A-Za-z0-9]{20,60}"),
    _token("fireworks-key", "fw_", r"[A-Za-z0-9]{20,40}"),
    _token("tavily-key", "tvly-", r"[A-Za-z0-9_-]{16,80}"),
    _token("langsmith-key", "lsv2_", r"[A-Za-z0-9_]{20,100}"),
    _token("aws-key", "(?:AKIA|ASIA)", r"[A-Z0-9]{16}(?![A-Za-z0-9])", "AKIA", "ASIA"),
    _token("slack-token", r"(?:xox[abeoprs]-|xapp-)", r"[A-Za-z0-9-]{10,250}", "xox", "xapp-"),
    _shape(
        "slack-webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows)/(?P<value>[A-Za-z0-9/_-]{20,120})",
    ),
    _token("stripe-key", r"(?:(?:sk|rk)_(?:live|test)_|whsec_)", r"[A-Za-z0-9]{16,250}", "_live_", "_test_", "whsec_"),
    _shape(
        "discord-token",
        ".",
        rf"{_START}[A-Za-z0-9][A-Za-z0-9_-]{{22,27}}\.[A-Za-z0-9_-]{{6,7}}\.[A-Za-z0-9_-]{{27,45}}(?![A-Za-z0-9_-])",
        _mixed,
    ),
    _shape("discord-webhook", "webhooks/", r"/webhooks/\d{15,21}/(?P<value>[A-Za-z0-9_-]{40,90})"),
    _token("npm-token", "npm_", r"[A-Za-z0-9]{30,60}"),
    _token("pypi-token", "pypi-", r"[A-Za-z0-9_-]{40,300}"),
    _token("sendgrid-key", r"SG\.", r"[A-Za-z0-9_-]{16,30}\.[A-Za-z0-9_-]{30,60}", "SG."),
    _token("telegram-token", r"\d{8,10}:AA", r"[A-Za-z0-9_-]{30,36}", ":AA"),
    _token("digitalocean-token", "do[opr]_v1_", r"[a-f0-9]{40,70}", "_v1_"),
    _token("notion-token", "ntn_", r"[A-Za-z0-9]{30,60}"),
    _token("linear-key", "lin_api_", r"[A-Za-z0-9]{20,60}"),
    _token("supabase-key", "sbp_", r"[a-f0-9]{30,60}"),
    _shape("api-key", "sk-", rf"{_START}sk-[A-Za-z0-9_-]{{20,250}}", _mixed),
    _shape(
        "jwt",
        "eyJ",
        rf"{_START}eyJ[A-Za-z0-9_-]{{6,4000}}+\.[A-Za-z0-9_-]{{6,8000}}+(?:\.[A-Za-z0-9_-]{{0,4000}}+)?",
        _anything,
    ),
    _shape(
        "bearer-token",
        "earer EARER",
        r"(?i:bearer)(?:\s|%20|\\?[\"':=]){1,4}(?P<value>[A-Za-z0-9._~+/=-]{16,4000})",
        _scattered,
    ),
    _shape("basic-auth", "asic", r"(?i:authorization\W{1,6}basic)\s{1,4}(?P<value>[A-Za-z0-9+/=]{8,400})", _anything),
    _shape("password", "://", r"://[^\s/:@\"'<>]{0,64}:(?P<value>[^\s/\"'<>]{1,128})@(?=[\w\[.-])", _is_password),
    _shape(
        "credential",
        "= : =",
        r"(?i:(?:api_?-?key|secret|token|passw(?:or)?d|access_?-?key|private_?-?key|client_?-?secret)(?:_?id)?)[\"'`\\]{0,4}\s{0,3}(?:[:=]|=>)\s{0,3}"
        r"[\"'`\\]{0,4}(?P<value>[A-Za-z0-9_+/=~.-]{20,400})(?![A-Za-z0-9_+/=~.-])",
        _scattered,
    ),
)

CARD_NUMBER = _shape(
    "card",
    "3 4 5 6",
    r"(?<![A-Za-z0-9_.-])(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|[245]\d\d)|3[47]\d\d)"
    r"(?:[ -]?\d){11,14}(?![A-Za-z0-9_-])",
    _is_card,
    is_personal=True,
)
