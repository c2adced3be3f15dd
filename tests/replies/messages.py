"""What a message in Discord may look like, as a list of faults, and values that try to bring it about."""

import re

from bot.replies.message import MAX_CUSTOM_ID, MAX_LABEL, MAX_ROW, MAX_ROWS, Message

COMFORTABLE = 900
HARD = 2000
LIVE_MENTION = re.compile(r"@(everyone|here)\b|<@|<#|<:|<a:|<t:|</|<id:")
MASKED_LINK = re.compile(r"\]\((?P<target>[^)]*)\)")
INVITE = re.compile(r"discord(app)?\.(gg|com/invite)/", re.IGNORECASE)
STEP = re.compile(r"^(\d+)\. ", re.MULTILINE)
CUSTOM_ID = re.compile(r"h1:(?P<key>[0-9a-z-]+):(?P<verb>[a-z_]+)(:(?P<article>[a-z0-9-]+))?")

HOSTILE = (
    "``` `` ` ```",
    "**bold** __under__ ~~gone~~ ||spoiler|| > quote # head",
    "@everyone @here <@1> <@&2> <#3> <:e:4> </cmd:5> <t:6>",
    "[x](javascript:alert(1))",
    "](https://evil.example.com/",
    "[free credits](https://evil.example.com)",
    "https://evil.example.com/?q=1",
    "discord.gg/FAKEFAKE https://discord.com/invite/FAKE discordapp.com/invite/FAKE",
    "line one\nline two\r\n\n1. a step\n-# small",
    "\u202eright to left\u202c \u2066isolate\u2069",
    "z" + "\u0301\u0302\u0303\u0304" * 200,
    "{{ 7 * 191 }} {% for x in y %} {# note #}",
    "\x00\x07\x1b[31m\u200b\u200d\ufeff",
    "x" * 5000,
    "\ud800 lone",
    "🏴\u200d☠️ عربي 中文 ไทย",
    "\\",
    "\\`\\",
)


def faults(message: Message, *, limit: int = COMFORTABLE) -> list[str]:
    """Everything that is wrong with a message, as sentences."""
    return [*content_faults(message.content, limit=limit), *button_faults(message)]


def content_faults(content: str, *, limit: int = COMFORTABLE) -> list[str]:
    steps = [int(number) for number in STEP.findall(content)]
    bare = without_code(content)
    targets = [found["target"] for found in MASKED_LINK.finditer(bare)]
    claims = {
        f"is {len(content)} characters long": len(content) <= limit,
        "is empty or begins with a blank line": bool(content.split("\n")[0].strip()),
        f"numbers its steps {steps}": steps == list(range(1, len(steps) + 1)) and len(steps) <= 4,
        f"has {len(targets)} masked links": len(targets) <= 2,
        f"links to {targets}": all(t.startswith("https://") and "evil" not in t for t in targets),
        "shows a bare address of somebody else": "://evil" not in content,
        "leaves a code span open": "`" not in bare,
        "mentions somebody": not LIVE_MENTION.search(content),
        "invites to another server": not INVITE.search(content),
        "hides characters": not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", content),
        "has a lone surrogate": not re.search("[\ud800-\udfff]", content),
        "ran what somebody typed": "1337" not in content,
    }
    return [said for said, holds in claims.items() if not holds]


def template_faults(content: str) -> list[str]:
    """What is left of a template; no fault where an asker typed it."""
    bare = without_code(content)
    marks = {"braces": r"\{\{|\}\}|\{%|%\}", "None": r"\bNone\b", "an empty pair": r"\(\)|\[\]|``|\*\*\*\*"}
    return [f"shows {name}" for name, pattern in marks.items() if re.search(pattern, bare)]


def without_code(content: str) -> str:
    """As Discord reads it: what a backslash escapes is text, and nothing inside a code span means anything."""
    return re.sub(r"\\.|`[^`\n]+`", "·", content)


def button_faults(message: Message) -> list[str]:
    buttons = [button for row in message.rows for button in row]
    ids = [button.custom_id for button in buttons]
    claims = {
        "too many rows": len(message.rows) <= MAX_ROWS,
        "too many buttons in a row": all(0 < len(row) <= MAX_ROW for row in message.rows),
        "a label is too long or empty": all(0 < len(button.label.strip()) <= MAX_LABEL for button in buttons),
        "a label shows markup": all("`" not in b.label and "{{" not in b.label for b in buttons),
        "two buttons share an id": len(set(ids)) == len(ids),
        f"an id is too long: {ids}": all(len(one) <= MAX_CUSTOM_ID for one in ids),
        f"an id has another shape: {ids}": all(CUSTOM_ID.fullmatch(one) for one in ids),
    }
    return [said for said, holds in claims.items() if not holds]
