"""Every message that Heron can post, with values as long as they can become: what askers meet, alone and together with
what one message can hold beside it, and what moderators read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from bot.authoring.samples import WORST_PROOF, usual_proof, usual_values, worst_values
from bot.posts import ChannelId, GuildId, MaskedText, MessageId, Role, UserId
from bot.replies.cards import CardStanding, card_buttons, render_card
from bot.replies.compile import MESSAGE_VALUES
from bot.replies.message import Message
from bot.replies.render import render
from bot.replies.whispers import render_whisper
from bot.triage.case import Case, KnownMessage
from bot.triage.handover import MODERATORS
from bot.triage.plans import (
    Answer,
    Buttons,
    CardPlan,
    Form,
    Part,
    Question,
    Quote,
    ReplyPlan,
    Topic,
    Value,
    Whisper,
    Words,
)
from bot.triage.presses import PRIVATE_CHOICE
from tests.shipped_knowledge import NOW, shipped

KEY = "0123456789abcdefghijkl-a"
PLACE = Quote(message_id=MessageId(1), start=0, end=1)
#: What only moderators read, labels, and what stands inside of other messages.
ELSEWHERE = (
    "button-", "choice-", "card-", "desk-", "staff-", "why-", "order-", "sweep-", "log-", "draft-", "chart-",
    "need-", "question-", "proof",
)  # fmt: skip
FOR_STAFF = ("card-", "desk-", "staff-", "why-", "order-", "sweep-", "log-", "asker-opted-out")
#: Values that are several.
LISTS = ("known", "other_models", "missing", "tried", "rules", *(n for n in MESSAGE_VALUES if n.startswith("card_")))


def rendered(*parts: Part, language: str, buttons: Buttons = Buttons.NONE, proof: str | None = WORST_PROOF) -> Message:
    plan = ReplyPlan(parts=parts, buttons=buttons, language=language, has_footer=True)
    return render(plan, key=KEY, words=lambda _: proof, templates=shipped().templates)


def answers() -> Iterator[tuple[str, Message]]:
    base = shipped().base
    for article in base.articles.values():
        for language, body in article.bodies.items():
            for form in (Form.FULL, Form.BRIEF, *([Form.MORE] if body.more_steps else [])):
                for kind, values, proof in (
                    ("usual", usual_values(article, base), usual_proof(article)),
                    ("worst", worst_values(article, base), WORST_PROOF),
                ):
                    part = Answer(article_id=article.id, form=form, proof=PLACE if proof else None, values=values)
                    message = rendered(part, language=language, buttons=Buttons.ANSWER, proof=proof)
                    yield f"{article.id} {form} {language} {kind}", message


def questions() -> Iterator[tuple[str, Message]]:
    titles = sorted(
        shipped().base.articles.values(), key=lambda article: -len(article.front.title + article.front.tell)
    )
    for language in shipped().base.languages:
        for start in range(0, len(titles), 3):
            candidates = tuple(article.id for article in titles[start : start + 3])
            asked = rendered(Question(candidates=candidates, status=429), language=language, buttons=Buttons.QUESTION)
            yield f"question {candidates} {language}", asked
        for beside in ((), ("question-open-picture",), ("file-cut",), ("file-unread",), ("picture-read",)):
            words = (Words(name=name, values=longest_words(name)) for name in beside)
            yield (
                f"open question {beside} {language}",
                rendered(Question(), *words, language=language, buttons=Buttons.QUESTION),
            )


def longest_words(name: str) -> dict[str, Value]:
    """As long as what the community has."""
    community = shipped().base.community
    models = sorted(shipped().base.catalogue.current, key=len, reverse=True)
    return {
        "known": ("HTTP 429", models[0], models[1], max(community.providers.names, key=len)),
        "other_models": tuple(models[:8]),
        "destination": max(community.destinations, key=lambda d: len(f"{d.name}{d.address}{d.link}{d.bring}")).id,
        "generation_id": "gen-1700000000-" + "F" * 20,
        "since": 1_800_000_000,
        "late_by": "119 min",
        "title": max((article.front.title for article in shipped().base.articles.values()), key=len),
        "number": 429,
        "chosen_by": 1_300_000_000_000_000_000,
        **({"need": "generation-id"} if name == "hand-over-missing" else {}),
    }


def words() -> Iterator[tuple[str, Message]]:
    for name, language in sorted(shipped().base.messages):
        if not name.startswith(ELSEWHERE):
            message = rendered(Words(name=name, values=longest_words(name)), language=language)
            if message.content:
                yield f"{name} {language}", message


def combined() -> Iterator[tuple[str, Message]]:
    """What one message holds together, with the longest of each."""
    base = shipped().base
    lengths = {name: len(message.content) for name, message in answers() if name.endswith("en worst")}
    fullest = sorted(base.articles, key=lambda a: -lengths[f"{a} full en worst"])[:4]
    for language in base.languages:
        for first, second in zip(fullest, (*fullest[1:], fullest[0]), strict=True):
            for name, parts in (*combinations_of(first, second), *handed_over(first)):
                asks = any(isinstance(part, Question) for part in parts)
                tells = any(isinstance(part, Answer) for part in parts)
                buttons = Buttons.QUESTION if asks else Buttons.ANSWER if tells else Buttons.NONE
                yield f"{name}: {first} {second} {language}", rendered(*parts, language=language, buttons=buttons)


def combinations_of(first: str, second: str) -> Iterator[tuple[str, Sequence[Part]]]:
    full, brief = told(first, Form.FULL), told(second, Form.BRIEF)
    late, warning = worded("late"), worded("leaked-key")
    yield "two findings", (full, brief)
    yield "changed mind", (worded("changed-mind"), full)
    yield "late", (full, brief, late)
    yield "warning and answer", (warning, full)
    yield "warning, two findings, late", (warning, full, brief, late)
    yield "answer, chosen", (full, worded("chosen-by"))
    yield "answer, read from a picture", (full, worded("picture-read"), worded("file-cut"))
    yield "steps end", (worded("steps-end"), worded("hand-over-moderators"), worded("hand-over-missing"))
    yield "people, missing", (warning, worded("hand-over-moderators"), worded("hand-over-missing"))
    yield "question and answer", (Question(candidates=(first, second), status=429), brief)
    yield "open question, late, warned", (warning, Question(), worded("question-open-picture"), late)
    yield "not known, warned, late", (warning, worded("hand-over-unknown"), late)
    yield "taken back, warned", (warning, worded("taken-back"))


def handed_over(article_id: str) -> Iterator[tuple[str, Sequence[Part]]]:
    """With whoever can act on that article."""
    to = shipped().base.articles[article_id].front.hand_over.to
    who = Words(name="hand-over-destination", values={"destination": to})
    who = worded("hand-over-moderators") if to == MODERATORS else who
    yield "answer and people", (told(article_id, Form.FULL), who)
    yield "people, warned, late", (worded("leaked-key"), worded("steps-end"), who, worded("late"))


def told(article_id: str, form: Form) -> Answer:
    values = worst_values(shipped().base.articles[article_id], shipped().base)
    return Answer(article_id=article_id, form=form, proof=PLACE, values=values)


def worded(name: str) -> Words:
    return Words(name=name, values=longest_words(name))


def whispered() -> Iterator[tuple[str, Message]]:
    for language in shipped().base.languages:
        choice = Whisper(words=Words(name="stuck-choice"), language=language, offers=PRIVATE_CHOICE, key=KEY)
        yield f"stuck-choice with its buttons {language}", render_whisper(choice, shipped().templates)


def for_staff() -> Iterator[tuple[str, Message]]:
    """What only moderators read: lines with values as long as any, and whole cards."""
    templates, long = shipped().templates, "a value of sixty characters that a line has to get along with"
    values: dict[str, object] = dict.fromkeys(MESSAGE_VALUES - {"facts", "client_setting"}, long)
    values |= {"destination": templates.destination(str(longest_words("unanswered")["destination"]))}
    values |= dict.fromkeys(LISTS, (long, long, long))
    for name, language in sorted(shipped().base.messages):
        if name.startswith(FOR_STAFF) and language == "en" and (text := templates.say(name, values)):
            yield f"{name} for staff", Message(content=text)
    for topic in (Topic.PEOPLE, Topic.LEAK):
        for is_over in (False, True):
            yield f"card {topic} {'over' if is_over else 'open'}", card(topic, is_over=is_over)


def asked() -> Case:
    words = KnownMessage(
        message_id=MessageId(1),
        author_id=UserId(11),
        role=Role.ASKER,
        at=NOW,
        text=MaskedText(WORST_PROOF),
        digest="",
    )
    return Case(
        guild_id=GuildId(1),
        thread_id=ChannelId(1_300_000_000_000_000_000),
        asker_id=UserId(11),
        title=MaskedText("m" * 100),
        opened_at=NOW,
        messages=(words,),
        language="zh",
    )


def card(topic: Topic, *, is_over: bool) -> Message:
    models = sorted(shipped().base.catalogue.current, key=len, reverse=True)
    articles = sorted(shipped().base.articles, key=len, reverse=True)
    entities = {
        "status": ("402", "404", "429", "503"),
        "model": tuple(models[:4]),
        "provider": (max(shipped().base.community.providers.names, key=len),),
        "generation": tuple(f"gen-170000000{n}-{'F' * 20}" for n in range(4)),
        "request": tuple(f"req-{n}{'f' * 30}" for n in range(4)),
    }
    plan = CardPlan(
        article_id=articles[0],
        runner_up=articles[1],
        destination=str(longest_words("unanswered")["destination"]),
        reason="asked once and still not recognised, and the asker says that nothing of it helped",
        entities=entities,
        error=PLACE,
        missing=("generation_id", "error_text", "provider", "client"),
        tried=tuple(articles[:4]),
        topic=topic,
        message_id=MessageId(1),
    )
    standing = CardStanding(
        opened_at=NOW,
        claimed_by=UserId(1_300_000_000_000_000_001),
        resolved_by=UserId(1_300_000_000_000_000_001) if is_over else None,
        resolved_at=NOW if is_over else None,
        alike=[ChannelId(1_300_000_000_000_000_000 + n) for n in range(20)],
    )
    content = render_card(
        replace(plan, error=Quote(message_id=MessageId(1), start=0, end=len(WORST_PROOF))),
        case=asked(),
        templates=shipped().templates,
        standing=standing,
    )
    return Message(content=content, rows=card_buttons(KEY, plan, standing, shipped().templates))


@cache
def to_askers() -> Sequence[tuple[str, Message]]:
    return (*answers(), *questions(), *words(), *combined(), *whispered())


@cache
def gallery() -> Sequence[tuple[str, Message]]:
    return (*to_askers(), *for_staff())
