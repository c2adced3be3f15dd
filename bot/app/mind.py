"""What is known before anything is connected: knowledge and templates, read for the first time."""

from dataclasses import replace
from hashlib import blake2b

from bot.expertise import expertise
from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.settings import Settings
from bot.triage.view import Policy, View


def read_mind(settings: Settings, *, clock: Clock, salt: bytes) -> Mind:
    """Raises `KnowledgeError` with everything that is wrong in the templates."""
    knowledge, templates = expertise(settings.templates_dir, learns_apart=True)
    templates.check()
    policy = Policy.of(knowledge.base.calibration)
    return Mind(view=View(now=clock.now(), knowledge=knowledge, policy=policy, salt=salt), templates=templates)


def limited(mind: Mind, answers_per_hour: int) -> Mind:
    """The same, and one person is told no more than that; 0: no limit."""
    policy = replace(mind.view.policy, most_an_hour=answers_per_hour or None)
    return replace(mind, view=replace(mind.view, policy=policy))


def salt_of(token: str) -> bytes:
    """The same for all processes of one bot, kept nowhere, and of no use to anybody who sees only the database."""
    return blake2b(token.encode(), digest_size=32, person=b"heron salt").digest()
