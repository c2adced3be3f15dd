"""An escalation: something in a case that people have to look at, from opened to resolved. Storage keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.posts import ChannelId, GuildId, UserId
from bot.triage.plans import CardPlan, Topic

#: Open escalations with one fingerprint from which on they share a card.
SHARE_FROM = 3


class EscalationState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    RESOLVED = "resolved"


#: As they are stored.
UNRESOLVED = (EscalationState.OPEN.value, EscalationState.CLAIMED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One card's worth. `revision` counts its changes; `shown` is the one that its card was last rendered from."""

    key: str  # of the card in the table of wanted replies, and in its buttons
    guild_id: GuildId
    case_id: ChannelId
    card: CardPlan
    state: EscalationState
    opened_at: datetime
    claimed_by: UserId | None = None
    claimed_at: datetime | None = None
    resolved_by: UserId | None = None  # None in a resolved one: the asker, or what was asked went away
    resolved_at: datetime | None = None
    revision: int = 1
    shown: int = 0
    has_card: bool = False  # of its own; cases that are alike share one
    has_others_alike: bool = False  # with its fingerprint, and not resolved
    case_version: int = 0  # of its case, as it is stored

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.card)


def fingerprint(card: CardPlan) -> str:
    """Article × provider × model: what makes two cases the same outage. Empty where a card stands for itself."""
    if card.article_id is None or card.topic is not Topic.PEOPLE:
        return ""
    return "|".join([card.article_id, _first(card.entities, "provider"), _first(card.entities, "model")])


def _first(entities: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(entities.get(name, ())), "")
