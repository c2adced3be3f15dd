"""Discord's dialect of Markdown as HTML. Everything is escaped first, so no text of a message can become markup."""

import html
import re
from collections.abc import Callable

Names = Callable[[str, int], str]  # what a mention says, by sign ("@", "#", "@&") and id; what a time does: "t", "tR"

_FENCE = re.compile(r"```(?:[\w+-]{1,20}\n)?\n?(.+?)\n?```", re.DOTALL)
_INLINE = re.compile(
    r"\\(?P<escaped>[\\`*_~|\[\]()<>#@:>.!-])"
    r"|``(?P<code2>.+?)``|`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\]\n]+)\]\((?:&lt;)?(?P<target>https?://[^\s)]+?)(?:&gt;)?\)"
    r"|(?P<url>https?://[^\s<]+[^\s<.,:;\"')\]])"
    r"|&lt;(?P<sign>@&amp;|@!?|#)(?P<id>\d{5,20})&gt;"
    r"|&lt;t:(?P<moment>\d{1,11})(?::(?P<form>[tTdDfFR]))?&gt;"
    r"|\*\*(?P<bold>.+?)\*\*(?!\*)|__(?P<under>.+?)__(?!_)|~~(?P<strike>.+?)~~|\|\|(?P<spoiler>.+?)\|\|"
    r"|(?<![\w*])\*(?P<star>[^*\n]+?)\*(?!\*)|(?<!\w)_(?P<low>[^_\n]+?)_(?!\w)",
    re.DOTALL,
)
_HEADING = re.compile(r"(#{1,3}) +(.+)")
_ITEM = re.compile(r"( {0,4})(?:[-*]|(\d{1,3})\.) +(.+)")
_TAGS = {"bold": "strong", "under": "u", "strike": "s", "star": "em", "low": "em"}


def to_html(text: str, names: Names) -> str:
    """The message as HTML blocks."""
    parts = _FENCE.split(text)
    blocks = []
    for number, part in enumerate(parts):
        if number % 2:
            blocks.append(f"<pre><code>{html.escape(part)}</code></pre>")
        elif part.strip("\n"):
            blocks.append(_lines(part.strip("\n"), names))
    return "".join(blocks)


def _lines(text: str, names: Names) -> str:
    out: list[str] = []
    open_tag = ""
    for line in text.split("\n"):
        tag, content = _block(line, names)
        if tag != open_tag:
            out.append(f"</{open_tag}>" if open_tag else "")
            out.append(f"<{tag}>" if tag else "")
            open_tag = tag
        out.append(content)
    out.append(f"</{open_tag}>" if open_tag else "")
    return "".join(out)


def _block(line: str, names: Names) -> tuple[str, str]:
    """The element that the line belongs into, "" for none, and its own HTML."""
    if line.startswith("> "):
        return "blockquote", f"<div>{_inline(line[2:], names)}</div>"
    if line.startswith("-# "):
        return "", f"<small>{_inline(line[3:], names)}</small>"
    if heading := _HEADING.fullmatch(line):
        # The page has headings of its own; a message's are only large.
        return "", f'<p class="h{len(heading[1])}">{_inline(heading[2], names)}</p>'
    if item := _ITEM.fullmatch(line):
        if item[2]:
            return "ol", f'<li value="{int(item[2])}">{_inline(item[3], names)}</li>'
        return "ul", f"<li>{_inline(item[3], names)}</li>"
    return "", f"<p>{_inline(line, names)}</p>" if line.strip() else '<p class="gap"></p>'


def _inline(text: str, names: Names) -> str:
    return _span(html.escape(text, quote=False), names, depth=0)


def _span(escaped: str, names: Names, depth: int) -> str:
    """`escaped` is HTML-escaped already. Nested styles deeper than four stay as typed."""
    if depth > 4:
        return escaped
    return _INLINE.sub(lambda match: _one(match, names, depth), escaped)


def _one(match: re.Match[str], names: Names, depth: int) -> str:
    kind = match.lastgroup or ""
    found = match.groupdict()
    if kind == "escaped":
        return found["escaped"]
    if kind in ("code", "code2"):
        return f"<code>{found[kind].strip()}</code>"
    if kind == "target":
        return _link(found["target"], _span(found["label"], names, depth + 1))
    if kind == "url":
        return _link(found["url"], found["url"])
    if kind == "id":
        sign = html.unescape(found["sign"])
        return f'<span class="mention">{html.escape(names(sign.rstrip("!"), int(found["id"])))}</span>'
    if found["moment"]:
        return f"<time>{html.escape(names('t' + (found['form'] or ''), int(found['moment'])))}</time>"
    inner = _span(found[kind], names, depth + 1)
    if kind == "spoiler":
        return f'<span class="spoiler" tabindex="0">{inner}</span>'
    return f"<{_TAGS[kind]}>{inner}</{_TAGS[kind]}>"


def _link(target: str, label: str) -> str:
    quoted = target.replace('"', "%22")
    return f'<a href="{quoted}" rel="noopener noreferrer nofollow">{label}</a>'
