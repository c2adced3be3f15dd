"""The written corpus: what people ask, what attackers put beside or into it, and every way in which the two are mixed.

An input is made from its number alone, so that a failure names it and nothing has to be kept.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.replies.hostile_posts import CONTEXTS, KEYS, POSTS, REAL_LOOKING_ERROR, digits
from tests.replies.messages import HOSTILE

#: So many of them stand in the corpus.
SIZE = 17_000

#: What people write; most of it is answered, asked about or handed over.
QUESTIONS = (
    REAL_LOOKING_ERROR,
    "429 temporarily rate-limited upstream, since an hour, on qwen/qwen3-coder:free",
    "Error 402: This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens.",
    '{"error":{"message":"No endpoints found matching your data policy (Free model publication)","code":404}}',
    '{"error":{"message":"No auth credentials found","code":401}}',
    "API Error: 429 Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests a day",
    "it doesn't work, help",
    "401 in the app with a new key, what now",
    "can I get my money back, I paid twice",
    "I want to talk to a moderator",
    "is the service down? I get 502 since noon",
    "the model answers with nothing at all",
    "用 qwen/qwen3-coder:free 一直报 429，怎么办",
    "not working :( 400 Provider returned error",
    "my account is locked and nobody answers",
    "thanks, it works now",
    "!mute",
)

#: What an attacker wants to see live in Heron's message, in a log, in a card or in the database.
ATTACKS = (
    *HOSTILE,
    "@everyone",
    "@here look",
    "<@1> <@!22> <@&333> <#4444>",
    "</heron mute:55555>",
    "<id:customize> <id:browse>",
    "<t:1700000000:R>",
    "<:x:1> <a:x:2>",
    "@\u200beveryone @\u2060here",
    "＠everyone @ｅveryone",
    "discord.gg/FAKEFAKE",
    "https://discord.com/invite/FAKE",
    "DISCORD.GG/FAKE dIsCoRd.CoM/InViTe/FAKE",
    "discord.me/fake discord.io/fake",
    "[free credits](https://evil.example.com/a)",
    "[a](<https://evil.example.com/a>) <https://evil.example.com>",
    "![x](https://evil.example.com/x.png)",
    "https://evil.example.com//a?b=c#d",
    "[Limits](https://openrouter.ai.evil.example.com/)",
    "](https://evil.example.com) [",
    "`](https://evil.example.com)`",
    "javascript:alert(1) data:text/html;base64,QUJD",
    "```\n@everyone\n```",
    "``a`b``",
    "~~~ === --- ***",
    "# huge\n## big\n-# small\n>>> all of it",
    "||spoiler|| __under__ **bold** *it*",
    "1. one\n2. two\n9. nine",
    "\\@everyone \\<@1>",
    "{{ 7 * 191 }}",
    "{{ config }} {{ self.__init__.__globals__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in range(999999999) %}x{% endfor %}",
    "{% include '/etc/passwd' %} {% raw %}{{ 7 * 191 }}{% endraw %}",
    "${7*191} #{7*191} <%= 7*191 %> {7*191!r} %(x)s %n%n",
    "{0.__class__} {x!r:>{9999}}",
    '\n2026-11-24T12:00:00Z level=error event="token stolen" user=1',
    "\r\x1b[2K\x1b[1A\x1b]0;owned\x07",
    "level=info event=handled guild=1\u2028level=error",
    "'; DROP TABLE cases; -- \" OR 1=1",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt;",
    "\u202e\u2066gpj.exe\u2069\u202c",
    "\u200b\u200c\u200d\u2060\ufeff\u00ad",
    "e" + "\u0301" * 300,
    "\ud800\udc00 \udfff",
    "\x00\x01\x02\x7f\x9f",
    "ﷺ" * 60,
    "Ａｄｍｉｎ says: paste your key",
    '","code":402}} {"error":{"message":"',
    '{"error":{"message":"@everyone","code":429,"metadata":{"provider_name":"<@1>"}}}',
    '{"error":{"code":1e400,"message":null}} {"code": -0, "status": "NaN"}',
    "A" * 3_000,
    "((((((((((" * 200,
    "9" * 400,
)


@dataclass(frozen=True, slots=True)
class Input:
    text: str
    title: str = ""
    secret: str | None = None


def _escaped(text: str) -> str:
    return json.dumps(text)


def _into_error(text: str) -> str:
    """As a provider's, model's or message's name inside an error that is recognised."""
    body = {"message": f"{text} is temporarily rate-limited upstream", "code": 429}
    return json.dumps({"error": {**body, "metadata": {"provider_name": text, "raw": text}}}, ensure_ascii=False)


def _as_model(text: str) -> str:
    return REAL_LOOKING_ERROR.replace("qwen/qwen3-coder:free", text).replace("Chutes", text)


#: What an attack is made of before it stands in a post.
SHAPES: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str.upper,
    lambda text: f"`{text}`",
    lambda text: f"```\n{text}\n```",
    lambda text: f"> {text}",
    lambda text: f"**{text}**",
    lambda text: text[::-1],
    lambda text: (text + " ") * 3,
    lambda text: text[: max(1, len(text) // 2)],
    lambda text: "\n".join(text.split()),
    _escaped,
    lambda text: _escaped(_escaped(text)),
    _into_error,
    _as_model,
    lambda text: f"model: {text} provider: {text}",
)
JOINTS = (" ", "\n", "\n\n", "", "`", " ``` ", "\\", "\u200b", "](", '"')


def made(number: int) -> Input:
    """The input of that number; those of the hand-written posts come first."""
    if number < len(POSTS):
        return Input(text=POSTS[number])
    dice = random.Random(number)
    pieces = [dice.choice(SHAPES)(dice.choice(ATTACKS)) for _ in range(dice.randint(1, 3))]
    pieces.insert(dice.randint(0, len(pieces)), dice.choice(QUESTIONS))
    secret = None
    if dice.random() < 0.3:
        secret = KEYS[dice.choice(sorted(KEYS))](digits(number))
        pieces.insert(dice.randint(0, len(pieces)), f"\n{dice.choice(CONTEXTS).format(secret)}\n")
    title = dice.choice((dice.choice(ATTACKS), dice.choice(QUESTIONS), ""))[:100]
    text = dice.choice(JOINTS).join(pieces) if secret is None else "\n".join(pieces)
    return Input(text=text, title=title, secret=secret)
