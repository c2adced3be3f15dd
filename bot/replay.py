"""Folds `step` over posts and threads without Discord: what `heron diagnose` and `heron replay` print. No I/O."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.extraction import mask
from bot.lines import PostLine, ThreadLine
from bot.posts import (
    Attachment,
    ChannelId,
    Deleted,
    Edited,
    Elapsed,
    Event,
    GuildId,
    MessageId,
    PersonSpoke,
    Post,
    Posted,
    Pressed,
    Role,
    UserId,
    Verb,
)
from bot.replies.cards import render_card
from bot.replies.compile import Templates
from bot.replies.render import render
from bot.triage.case import Case
from bot.triage.decision import Decision
from bot.triage.step import step
from bot.triage.view import View

#: What the files of posts say, by their paths.
Said = Mapping[str, str]
NONE_READ: Said = {}
#: Ids of a thread that was never on Discord. Its first message has the id of the thread, as in a forum.
GUILD, THREAD = GuildId(1), ChannelId(1_000)
PEOPLE = {Role.ASKER: UserId(11), Role.STAFF: UserId(12), Role.OTHER: UserId(13)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One decision with the words that it would put into the thread and before the moderators."""

    decision: Decision
    state: str
    message: str | None
    cards: tuple[str, ...]


def diagnose(post: PostLine, view: View, templates: Templates, said: Said = NONE_READ) -> Played:
    """One step on an empty case."""
    view = _unbridled(view)
    case = _new_case(post.title, view)
    asked = _post(0, Role.ASKER, post.text, view.now, title=post.title, files=_read(post.files, said))
    event = Posted(posts=(asked,))
    return _play(case, event, view, templates)[1]


def replay(thread: ThreadLine, view: View, templates: Templates, said: Said = NONE_READ) -> Iterator[Played]:
    """One decision an event, in order; each reply counts as posted before the next event."""
    view = _unbridled(view)
    case = _new_case(thread.title, view)
    for number, line in enumerate(thread.events):
        if line.type == "wait":
            view = replace(view, now=view.now + timedelta(seconds=line.seconds))
        case, played = _play(case, _event(number, thread, view.now, said), view, templates)
        yield played


def _unbridled(view: View) -> View:
    """What is decided is measured before articles may speak by themselves: each counts as approved at once."""
    return replace(view, policy=replace(view.policy, holds_back=False))


def _new_case(title: str, view: View) -> Case:
    return Case(
        guild_id=GUILD,
        thread_id=THREAD,
        asker_id=PEOPLE[Role.ASKER],
        title=mask(title, view.knowledge.vocabulary, salt=view.salt).text,
        opened_at=view.now,
    )


def _play(case: Case, event: Event, view: View, templates: Templates) -> tuple[Case, Played]:
    result = step(case, event, view)
    (decision,) = result.decisions
    case = result.case
    message = None
    if (said := decision.said) is not None and said.plan is not None:
        message = render(said.plan, key=said.key, words=case.words, templates=templates).content
    cards = tuple(render_card(card, case=case, templates=templates) for card in decision.cards)
    case = replace(case, replies=tuple(replace(r, is_posted=True) for r in case.replies))
    return case, Played(decision=decision, state=case.state.value, message=message, cards=cards)


def _event(number: int, thread: ThreadLine, now: datetime, said: Said) -> Event:
    line = thread.events[number]
    role, files = Role(line.by), _read(line.files, said)
    match line.type:
        case "message":
            post = _post(number, role, line.text, now, files=files)
            return Posted(posts=(post,)) if role is Role.ASKER else PersonSpoke(post=post)
        case "edit":
            target = int(line.target or 0)
            author = Role(thread.events[target].by)  # nobody else can edit a message
            return Edited(post=_post(target, author, line.text, now, files=files))
        case "delete":
            return Deleted(message_id=_message_id(int(line.target or 0)))
        case "button":
            verb, _, article_id = str(line.target).partition(":")
            return Pressed(by=role, verb=Verb(verb), article_id=article_id or None)
        case "wait":
            return Elapsed()


def _post(number: int, role: Role, text: str, at: datetime, *, files: tuple[Attachment, ...], title: str = "") -> Post:
    return Post(
        message_id=_message_id(number),
        author_id=PEOPLE[role],
        role=role,
        text=text,
        at=at,
        title=title,
        attachments=files,
    )


def _read(files: tuple[Attachment, ...], said: Said) -> tuple[Attachment, ...]:
    return tuple(replace(file, text=said.get(file.location)) for file in files)


def _message_id(number: int) -> MessageId:
    return MessageId(int(THREAD) + number)
