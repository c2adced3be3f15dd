"""A private answer in words: one line, and buttons of its own where it offers a choice."""

from bot.posts import Verb
from bot.replies.compile import MESSAGE_VALUES, Templates
from bot.replies.message import MAX_CUSTOM_ID, MAX_LABEL, Button, Message
from bot.triage.plans import Whisper

#: Messages with the labels of what a private answer can offer.
LABELS = {Verb.NOT_SOLVED: "button-not-solved", Verb.DISMISS: "button-dismiss", Verb.MUTE: "button-mute"}


def render_whisper(whisper: Whisper, templates: Templates) -> Message:
    """Its buttons name the reply that they are about in the revision that was read."""
    row = tuple(
        Button(
            custom_id=f"h1:{whisper.key}:{verb.value}:{whisper.revision}"[:MAX_CUSTOM_ID],
            label=_say(LABELS[verb], whisper, templates)[:MAX_LABEL],
        )
        for verb in whisper.offers
    )
    return Message(content=_say(whisper.words.name, whisper, templates), rows=(row,) if row else ())


def _say(name: str, whisper: Whisper, templates: Templates) -> str:
    values = {**dict.fromkeys(MESSAGE_VALUES), "facts": templates.facts, **whisper.words.values}
    lines = templates.knowledge.message(name, whisper.language).lines
    return "\n".join(said for line in lines if (said := templates.render(line, values)))
