"""A draft as moderators see it: the words that the asker would get, with buttons; a line once it is settled. Pure."""

from dataclasses import replace

from bot.knowledge.articles import Autonomy
from bot.posts import Verb
from bot.replies.cards import CardStanding, card_values, label_of
from bot.replies.compile import Templates
from bot.replies.message import MAX_CONTENT, Button, Message
from bot.replies.paragraphs import Paragraph, cut, join
from bot.replies.render import render
from bot.triage.case import Case, Reply
from bot.triage.drafts import drafts_of, is_draft
from bot.triage.keys import drafted_key
from bot.triage.plans import Answer, CardPlan, Part, ReplyPlan

#: Characters of a draft that a card has room for, beside its own lines and the signs of a quotation.
MAX_SHOWN = 1_500
#: Characters that a moderator may write in its place: beside them stand who wrote them, and how Heron is stopped.
MAX_WRITTEN = 1_800
_STYLES = {Verb.SEND: "success", Verb.EDIT: "secondary", Verb.DISCARD: "danger"}


def drafted(case: Case, key: str) -> Reply | None:
    """The reply that this card is about, as long as a draft of it waits."""
    return next((r for r in case.replies if r.key == drafted_key(key) and drafts_of(r)), None)


def draft_message(key: str, card: CardPlan, standing: CardStanding, *, case: Case, templates: Templates) -> Message:
    """The card; `key` is its own."""
    values = card_values(card, standing, case, templates)
    reply = drafted(case, key)
    if standing.resolved_at is not None or reply is None or reply.plan is None:
        return Message(content=templates.say("card-draft-settled", values))
    parts = tuple(part for part in reply.plan.parts if not _is_never_said(part))
    words = _rendered(reply.plan, parts, reply.key, case, templates)
    quoted = "\n".join(f"> {line}" for line in cut(words, MAX_SHOWN).split("\n"))
    lines = [Paragraph(text=templates.say(name, values)) for name in ("card-draft", "card-other")]
    return Message(
        content=join([*lines, Paragraph(text=quoted)], comfortable=MAX_CONTENT, limit=MAX_CONTENT),
        rows=(tuple(_button(key, verb, reply, templates) for verb in _STYLES),),
    )


def words_to_edit(reply: Reply, case: Case, templates: Templates) -> str:
    """What a moderator begins with: the draft alone, without what stands beside it in any case."""
    assert reply.plan is not None
    parts = tuple(part for part in reply.plan.parts if is_draft(part))
    return cut(_rendered(replace(reply.plan, has_footer=False), parts, reply.key, case, templates), MAX_WRITTEN)


def _is_never_said(part: Part) -> bool:
    return isinstance(part, Answer) and part.autonomy is Autonomy.WATCH


def _rendered(plan: ReplyPlan, parts: tuple[Part, ...], key: str, case: Case, templates: Templates) -> str:
    return render(replace(plan, parts=parts), key=key, words=case.words, templates=templates).content


def _button(key: str, verb: Verb, reply: Reply, templates: Templates) -> Button:
    """It names the draft as it is shown: once it changed, the button of the old one does nothing."""
    custom_id = f"h1:{key}:{verb.value}:{reply.revision}"
    return Button(custom_id=custom_id, label=label_of(verb, templates), style=_STYLES[verb])
