"""Posts that try to break, to shout or to smuggle, in our own words; and fake credentials of every kind."""

import hashlib
import json

from hypothesis import strategies as st

REAL_LOOKING_ERROR = (
    '{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"qwen/qwen3-coder:free is temporarily '
    'rate-limited upstream. Please retry shortly","provider_name":"Chutes"}}}'
)


def nested(depth: int, text: str = "boom") -> str:
    for _ in range(depth):
        text = json.dumps({"error": {"message": text}})
        if len(text) > 200_000:
            break
    return text


POSTS: tuple[str, ...] = (
    "",
    " \n\t\r\n ",
    "?",
    "429",
    "@everyone @here it fails with 429",
    "<@1> <@!2> <@&3> <#4> <:e:5> </run:6> help me, 402",
    "[click me](javascript:alert(1)) 404 no endpoints found",
    "[free credits](https://evil.example.com) error 402",
    "![](https://evil.example.com/x.png) 401 invalid key",
    "discord.gg/FAKEFAKE discordapp.com/invite/FAKE 503",
    "```\nAPI Error 429\n",
    "``````````````",
    "`" * 4001,
    "> quoted\n>>> everything\n429 Too Many Requests",
    "||spoiler 402|| **bold __and__ more*",
    "# head\n## head\n-# small\n1. list\n429",
    "{{ 7 * 191 }} {% for a in b %} {# c #} error 429",
    "${7*191} #{7*191} <%= 7*191 %> %s %n %x 500",
    "'; DROP TABLE cases; -- 402",
    "\x00\x01\x02\x1b[31mred\x1b[0m 429",
    "\u202eesrever 924\u202c",
    "z" + "\u0301\u0302\u0303" * 500 + " 429",
    "\ud800\udfff 429",
    "🏴\u200d☠️" * 500,
    "\u200b\u200d\ufeff" * 3000 + "429",
    "用 qwen/qwen3-coder:free 一直 429 temporarily rate-limited upstream @everyone",
    "ошибка 402 requires more credits, что делать?",
    "خطأ 429 temporarily rate-limited upstream",
    "ข้อผิดพลาด 404 No endpoints found",
    "{" * 20_000,
    "}" * 20_000,
    "[" * 20_000 + "]" * 20_000,
    '{"a":' * 5_000,
    '"' * 60_000,
    "'" * 60_000,
    "\\" * 60_000,
    '\\"' * 30_000,
    "a" * 100_000,
    "a " * 50_000,
    "\n" * 100_000,
    "429 " * 20_000,
    "qwen/qwen3-coder:free " * 5_000,
    "a/b:" * 20_000,
    "sk-or-v1-" * 10_000,
    "gen-1700000000-" * 5_000,
    "https://" * 10_000,
    "!" * 50_000 + "?" * 50_000,
    "the error is temporarily rate-limited upstream " * 2_000,
    nested(9),
    "data: " + REAL_LOOKING_ERROR + "\n\ndata: [DONE]",
    REAL_LOOKING_ERROR * 200,
    REAL_LOOKING_ERROR.replace("Chutes", "@everyone"),
    REAL_LOOKING_ERROR.replace("qwen/qwen3-coder:free", "`<@1>`/[x](https://evil.example.com):free"),
    REAL_LOOKING_ERROR.replace("429", "1e999"),
    REAL_LOOKING_ERROR.replace("429", "-429"),
    REAL_LOOKING_ERROR[:-30] + "… (truncated)",
    '{"error": {"message": "' + "x" * 70_000 + '", "code": 402}}',
    '{"error": {"message": {"message": ["deep", {"code": null}]}, "code": [429]}}',
    '{"error": null, "code": true, "message": false}',
    "{{'a': 1}: 'b'} 429",
    "Traceback (most recent call last):\n" + '  File "a.py", line 402, in f\n' * 2000,
    "You requested up to 99999999999999999999999 tokens, but can only afford 0. 402",
    "You requested up to -1 tokens, but can only afford {{ 7 * 191 }}. 402 more credits or fewer max_tokens",
)


def digits(number: int) -> str:
    """Letters and figures without any meaning, the same for the same number."""
    return hashlib.sha256(f"fake {number}".encode()).hexdigest()


#: kind -> what such a credential looks like, from 64 hex digits; none was ever given out.
KEYS = {
    "service": lambda h: f"sk-or-v1-{h}",
    "anthropic": lambda h: f"sk-ant-api03-FAKE{h}",
    "openai": lambda h: f"sk-proj-FAKE{h}",
    "openai, old": lambda h: f"sk-{h[:48]}",
    "google": lambda h: f"AIzaFAKE{h[:31]}",
    "github": lambda h: f"ghp_FAKE{h[:32]}",
    "hugging face": lambda h: f"hf_FAKE{h[:30]}",
    "groq": lambda h: f"gsk_FAKE{h[:48]}",
    "aws": lambda h: f"AKIAFAKE{h[:12].upper()}",
    "slack": lambda h: f"xoxb-1234-FAKE{h[:24]}",
    "discord": lambda h: f"MTFAKE{h[:20]}.Gfake1.{h[20:58]}",
    "jwt": lambda h: f"eyJhbGciOiJGQUtFIn0.eyJzdWIiOiJ{h[:30]}.{h[30:]}",
    "bearer": lambda h: f"Bearer FAKE{h[:40]}",
    "e-mail": lambda h: f"fake.{h[:12]}@example.com",
    "user": lambda h: f"user_FAKE{h[:24]}",
}

CONTEXTS = (
    "{}",
    "my key is {} and it fails with 402",
    "OPENROUTER_API_KEY={}\nMODEL=qwen/qwen3-coder:free",
    'headers = {{"Authorization": "{}"}}',
    "curl https://openrouter.ai/api/v1/models -H 'X-Key: {}'",
    "https://example.com/?key={}&model=x",
    '{{"error":{{"message":"User not found: {}","code":401}}}}',
    "```\n{}\n```",
    "**{}**",
    "> {}\nsame here, 401",
    "({})",
)


def fake_credentials() -> st.SearchStrategy[tuple[str, str]]:
    """A credential, and a text in which it stands."""
    keys = st.tuples(st.sampled_from(sorted(KEYS)), st.integers(0, 10_000)).map(lambda k: KEYS[k[0]](digits(k[1])))
    return st.tuples(keys, st.sampled_from(CONTEXTS)).map(lambda pair: (pair[0], pair[1].format(pair[0])))


def posts() -> st.SearchStrategy[str]:
    """Anything, often with pieces that some reader looks for."""
    pieces = st.sampled_from(
        (
            REAL_LOOKING_ERROR,
            REAL_LOOKING_ERROR[:90],
            "API Error 429",
            "402 This request requires more credits, or fewer max_tokens.",
            "No endpoints found matching your data policy",
            "free-models-per-day",
            "qwen/qwen3-coder:free",
            "@everyone",
            "<@1>",
            "[x](https://evil.example.com)",
            "](",
            "`",
            "```",
            "\\",
            '\\"',
            "{{ 7 * 191 }}",
            "\n\n",
            "can I get my money back",
            "it doesn't work",
        )
    )
    return st.lists(st.one_of(pieces, st.text(max_size=60)), max_size=12).map(" ".join)
