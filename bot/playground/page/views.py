"""The page's HTML: the list of posts, one thread, the panel that says why. Pure functions of the world."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape

from bot.playground.model import Message, MessageType, Payload, Place, Thread
from bot.playground.page.explanation import Explanation, Mark
from bot.playground.page.markdown import to_html
from bot.playground.people import User
from bot.playground.world import World

#: Whom one can write and press as: people of the cast, by what the page calls them.
PEOPLE = {"asker": "the asker", "another": "somebody else", "helper": "a helper", "moderator": "a moderator"}
STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}


def document(*, posts: str, thread: str, why: str, samples: str, selected: Place | None) -> str:
    reply = _reply_form(selected) if selected is not None else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>#help on this machine</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page/style.css">
<script src="/page/page.js" defer></script>
</head>
<body data-post="{selected.id if selected else ""}">
<header><h1># help</h1><p>A Discord on this machine. Nothing here leaves it.</p></header>
<div class="columns">
<nav aria-label="Posts">
<section class="samples" aria-labelledby="samples-title">
<h2 id="samples-title">Press a sample post</h2>{samples}</section>
{_post_form()}
<section aria-labelledby="posts-title"><h2 id="posts-title">Posts</h2><div id="posts">{posts}</div></section>
</nav>
<main><div id="thread" aria-live="polite">{thread}</div>{reply}</main>
<aside aria-label="Why"><div id="why">{why}</div></aside>
</div>
</body>
</html>
"""


def _post_form() -> str:
    return """<details class="own"><summary>Write your own post</summary>
<form method="post" action="/page/posts">
<label>Title <input name="title" maxlength="100" required></label>
<label>Text <textarea name="text" rows="4" maxlength="2000"></textarea></label>
<button>Post</button>
</form></details>"""


def _reply_form(place: Place) -> str:
    """Only moderators are in their channel."""
    people = PEOPLE if isinstance(place, Thread) else {"moderator": PEOPLE["moderator"]}
    options = "".join(f'<option value="{name}">{words}</option>' for name, words in people.items())
    return f"""<form id="reply" class="reply" method="post" action="/page/posts/{place.id}/replies">
<label class="as">As <select name="by">{options}</select></label>
<label class="text"><span class="hidden">Your reply</span>
<textarea name="text" rows="2" maxlength="2000" required
placeholder="Reply here; Enter sends, Shift+Enter breaks the line"></textarea></label><button>Send</button></form>"""


def samples(titles: Sequence[str]) -> str:
    buttons = "".join(f'<button name="sample" value="{n}">{escape(t)}</button>' for n, t in enumerate(titles))
    return f'<form method="post" action="/page/samples">{buttons}</form>'


def post_list(world: World, selected: Place | None) -> str:
    """The moderators' channel first, then the newest posts."""
    places: list[Place] = [world.moderators, *sorted(world.threads, key=lambda thread: -thread.id)]
    return f"<ul>{''.join(_entry(world, place, is_current=place is selected) for place in places)}</ul>"


def _entry(world: World, place: Place, *, is_current: bool) -> str:
    current = ' aria-current="page"' if is_current else ""
    count = len(place.messages) - isinstance(place, Thread)
    small = "no reply" if count < 1 else "1 reply" if count == 1 else f"{count} replies"
    if not isinstance(place, Thread):
        small = "what moderators see: cards and the desk"
    return f'<li><a href="/?post={place.id}#thread"{current}>{_title(world, place)}<small>{small}</small></a></li>'


def _title(world: World, place: Place) -> str:
    if not isinstance(place, Thread):
        return f"# {escape(place.name)}"
    tags = {tag.id: tag for tag in world.parent_of(place).tags}
    applied = (tags[tag_id] for tag_id in place.applied_tags if tag_id in tags)
    shown = "".join(f' <span class="tag">{_emoji(tag.emoji)} {escape(tag.name)}</span>' for tag in applied)
    return escape(place.name) + shown


def _emoji(emoji: str) -> str:
    return f'<span class="emoji" aria-hidden="true">{escape(emoji)}</span>'


def thread_view(world: World, place: Place | None) -> str:
    if place is None:
        return '<p class="empty">Press a sample, or write a post of your own: the bot answers here.</p>'
    messages = sorted({**place.messages, **place.whispers}.values(), key=lambda message: message.id)
    shown = "".join(_message(world, place, message) for message in messages if message.type is not MessageType.PINNED)
    return f"<h2>{_title(world, place)}</h2>{shown}"


def _message(world: World, place: Place, message: Message) -> str:
    author = world.users[message.author_id]
    badge = '<span class="app">APP</span>' if author.bot else ""
    edited = ' <small class="edited">(edited)</small>' if message.edited_at else ""
    edited += " <small>pinned</small>" if message.is_pinned else ""
    content = to_html(message.content, lambda sign, number: _mention(world, sign, number))
    return (
        f'<article class="message{" bot" if author.bot else ""}">{_reply_line(world, place, message)}'
        f'<div class="avatar" aria-hidden="true">{escape(author.display_name[:1])}</div><div class="body">'
        f'<p class="who"><strong>{escape(author.display_name)}</strong>{badge}'
        f"<time>{message.created_at:%H:%M}</time>{edited}</p>"
        f'<div class="content">{content}</div>{_files(message)}{_buttons(message)}{_reactions(message)}'
        f"{_whisper(world, message)}</div></article>"
    )


def _reply_line(world: World, place: Place, message: Message) -> str:
    if message.reply_to_id is None:
        return ""
    answered = place.messages.get(message.reply_to_id)
    if answered is None:
        return '<p class="to">↪ a message that is gone</p>'
    name = world.users[answered.author_id].display_name
    return f'<p class="to">↪ {escape(name)}: {escape(" ".join(answered.content.split())[:60])}</p>'


def _files(message: Message) -> str:
    return "".join(f'<p class="file">{_emoji("📎")} {escape(file.filename)}</p>' for file in message.attachments)


def _buttons(message: Message) -> str:
    """A form, so that a press needs no script; scripts add who presses."""
    rows = "".join(f"<div>{''.join(map(_button, row.get('components', [])))}</div>" for row in message.components)
    by = "" if message.seen_by is None else f'<input type="hidden" name="by_id" value="{message.seen_by}">'
    action = f"/page/posts/{message.channel_id}/messages/{message.id}/presses"
    return f'<form class="buttons" method="post" action="{action}">{by}{rows}</form>' if rows else ""


def _whisper(world: World, message: Message) -> str:
    if message.seen_by is None:
        return ""
    return f'<p class="whisper">Only {escape(world.users[message.seen_by].display_name)} can see this.</p>'


def _button(button: Payload) -> str:
    style = STYLES.get(button.get("style", 2), "secondary")
    label = escape(str(button.get("label") or ""))
    value = escape(str(button.get("custom_id") or ""))
    disabled = " disabled" if button.get("disabled") else ""
    return f'<button name="button" value="{value}" class="{style}"{disabled}>{label}</button>'


def _reactions(message: Message) -> str:
    shown = (f"<span>{escape(emoji)} {len(users)}</span>" for emoji, users in message.reactions.items() if users)
    inner = "".join(shown)
    return f'<p class="reactions">{inner}</p>' if inner else ""


def _mention(world: World, sign: str, number: int) -> str:
    if sign.startswith("t"):
        moment = datetime.fromtimestamp(number, UTC)
        return _ago(world.clock() - moment) if sign == "tR" else f"{moment:%-d %B %Y %H:%M}"
    if sign == "@":
        user: User | None = world.users.get(number)
        return f"@{user.display_name}" if user else "@unknown-user"
    if sign == "#":
        place = world.places.get(number)
        return f"#{place.name}" if place else "#unknown"
    return "@role"


def _ago(passed: timedelta) -> str:
    seconds = abs(passed.total_seconds())
    unit, size = next((u for u in (("day", 86_400), ("hour", 3_600), ("minute", 60)) if seconds >= u[1]), ("second", 1))
    count = round(seconds / size)
    words = f"{count} {unit}" + "s" * (count != 1)
    return f"{words} ago" if passed >= timedelta() else f"in {words}"


def why_panel(explanations: Sequence[Explanation]) -> str:
    """The newest decision first."""
    if not explanations:
        return "<h2>Why?</h2><p>What the bot decides about this post stands here, with its reason.</p>"
    newest, *older = reversed(explanations)
    earlier = "".join(
        f"<details><summary>before: {escape(e.actions)}</summary>{_explanation(e)}</details>" for e in older
    )
    return f"<h2>Why?</h2><h3>{escape(newest.actions)}</h3>{_explanation(newest)}{earlier}"


def _explanation(explanation: Explanation) -> str:
    text = marked(explanation.text, explanation.marks)
    ranking = "".join(
        f'<li><span>{escape(r.name)}</span> <meter min="0" max="1" value="{r.confidence:.3f}" '
        f'aria-label="confidence"></meter> {r.confidence:.2f} <small>{escape(r.note)}</small></li>'
        for r in explanation.ranking
    )
    return (
        f"<p>{escape(explanation.reason)}</p>"
        + (f'<h4>What was read</h4><div class="read" tabindex="0">{text}</div>' if text else "")
        + (f"<h4>What it may be</h4><ol>{ranking}</ol>" if ranking else "")
    )


def marked(text: str, marks: Sequence[Mark]) -> str:
    """The text with what was read out of it marked; where two marks overlap, the one that begins first stays."""
    out, at = [], 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if mark.start < at or mark.end > len(text):
            continue
        out.append(escape(text[at : mark.start]))
        out.append(f"<mark>{escape(text[mark.start : mark.end])}<small>{escape(mark.label)}</small></mark>")
        at = mark.end
    return "".join(out) + escape(text[at:])
