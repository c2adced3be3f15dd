"""What is known before anything is connected: knowledge and templates, read for the first time."""

from hashlib import blake2b

from bot.expertise import expertise
from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.settings import Settings
from bot.triage.view import Policy, View


def read_mind(settings: Settings, *, clock: Clock, salt: bytes) -> Mind:
    """Raises `KnowledgeError` with everything that is wrong in the templates."""
    knowledge, templates = expertise(settings.templates_dir)
    templates.check()
    policy = Policy.of(knowledge.base.calibration)
    return Mind(view=View(now=clock.now(), knowledge=knowledge, policy=policy, salt=salt), templates=templates)


def salt_of(token: str) -> bytes:
    """The same for all processes of one bot, kept nowhere, and of no use to anybody who sees only the database."""
    return blake2b(token.encode(), digest_size=32, person=b"heron salt").digest()
