"""A thread held against what is known of it: what was missed, and which of Heron's messages stand. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.helpdesk.arrivals import Arrival, Erased, Rewrote, Wrote
from bot.helpdesk.ports import WINDOW, Bodies, Message
from bot.helpdesk.threads import OwnMessage, Place
from bot.posts import Heard, MessageId, Post, Role, UserId
from bot.triage.case import SETTLED, UNREAD, Case, Reply
from bot.triage.reading import digest
from bot.triage.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The newest messages of a thread as they stand at one moment, oldest first."""

    posts: tuple[Post, ...]  # what others than Heron wrote
    own: tuple[OwnMessage, ...] = ()
    #: Whatever is older was not looked at; None: there is nothing older.
    reaches_back_to: MessageId | None = None
    is_closed: bool = False  # archived or locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far catching up goes back, and what is still answered."""

    max_age: timedelta = timedelta(days=3)  # of the last word in a thread that is looked at
    most_threads: int = 1_000  # a server's; as many as Discord lets be active
    answered_within: timedelta = timedelta(hours=12)  # older posts are read and kept, and not answered


def missed(place: Place, seen: Seen, case: Case | None, view: View, bounds: Bounds) -> tuple[Arrival, ...]:
    """What happened meanwhile: deletions, then changes, then new messages, each oldest first."""
    asker_id = case.asker_id if case is not None else seen.posts[0].author_id if seen.posts else None
    if asker_id is None:
        return ()
    known = {message.message_id: message for message in case.messages} if case is not None else {}
    unread = {message_id for message_id, message in known.items() if message.digest == UNREAD}
    answered_until = max((post.message_id for post in _answers(seen.posts, asker_id, view)), default=0)

    if case is None or all(finding.state in SETTLED for finding in case.findings):
        answered_until += 1  # nothing is open that a last *it works* could settle

    def heard(post: Post) -> Heard:
        is_old = view.now - post.at > bounds.answered_within
        return Heard.TOO_LATE if seen.is_closed or is_old or post.message_id < answered_until else Heard.LATE

    guild_id, thread_id = place.guild_id, place.channel_id
    beyond, oldest_known = seen.reaches_back_to or 0, _oldest_known(case)
    gone = sorted(known.keys() - {post.message_id for post in seen.posts})
    gone = [message_id for message_id in gone if message_id >= beyond]
    changed = [
        post
        for post in seen.posts
        if post.author_id == asker_id  # what others change makes no difference
        and (message := known.get(post.message_id)) is not None
        and post.message_id not in unread
        and message.digest != digest(post.text, view.salt)
    ]
    beyond_known = [p for p in seen.posts if p.message_id not in known and p.message_id > oldest_known]
    new = sorted((*beyond_known, *(p for p in seen.posts if p.message_id in unread)), key=lambda p: p.message_id)
    return (
        *([Erased(guild_id=guild_id, thread_id=thread_id, message_ids=tuple(gone))] if gone else ()),
        *(Rewrote(guild_id=guild_id, thread_id=thread_id, post=post, heard=heard(post)) for post in changed),
        *(Wrote(guild_id=guild_id, thread_id=thread_id, post=post, heard=heard(post)) for post in new),
    )


def _oldest_known(case: Case | None) -> int:
    """A case comes with its newest messages only; what is older than these was read long ago."""
    if case is None or len(case.messages) < WINDOW:
        return 0
    return case.messages[0].message_id


def _answers(posts: Sequence[Post], asker_id: UserId, view: View) -> Iterator[Post]:
    """Words after which nobody waits for Heron: a person's, unless they only agree, and the asker's that it works."""
    for post in posts:
        mood = view.knowledge.moods.read(post.text)
        if post.author_id == asker_id:
            if mood.says_solved and not mood.asks:
                yield post
        elif post.role is Role.STAFF or (post.role is Role.OTHER and not mood.only_agrees):
            yield post


def adoptable(own: Sequence[OwnMessage], replies: Sequence[Reply], bodies: Bodies) -> dict[str, MessageId]:
    """Replies of which nobody knew that they stand, with the messages that are theirs. `bodies` is by key."""
    unknown = [reply for reply in replies if not reply.is_posted]
    found = ((reply.key, own_message(own, reply.key, reply.question_id, bodies.get(reply.key))) for reply in unknown)
    return {key: message.message_id for key, message in found if message is not None}


def own_message(
    own: Sequence[OwnMessage], key: str, question_id: MessageId | None, body: Message | None
) -> OwnMessage | None:
    """The message of a reply: its key stands in a button, or it answers the same question with the same words."""
    for message in own:
        if any(key in custom_id.split(":") for custom_id in message.custom_ids):
            return message
    if body is None:
        return None
    wanted = body.content.strip()
    return next((m for m in own if m.answers == question_id and m.content.strip() == wanted), None)
