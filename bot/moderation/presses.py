"""Presses of the buttons on cards, and in the private choices behind them. Acknowledged where they arrive."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.helpdesk.threads import NotDone
from bot.moderation.drafts import DraftForm, Drafts, settled_by_others
from bot.moderation.escalation import Escalation, EscalationState
from bot.moderation.staff import Refused, Staff, Wish
from bot.posts import Order, Verb
from bot.replies.cards import label_of
from bot.replies.message import MAX_LABEL, Button, Message
from bot.triage.keys import DRAFT, LEAK, PEOPLE
from bot.triage.plans import Topic

log = logging.getLogger(__name__)

#: A button of a card, or of a private choice about it: `h1:<key>:<verb>[:<article or revision>]`.
CUSTOM_ID = re.compile(
    rf"h1:(?P<key>[0-9a-z-]{{1,23}}-[{PEOPLE}{LEAK}{DRAFT}]):(?P<verb>[a-z_]{{1,20}})(?::(?P<detail>[a-z0-9-]{{1,60}}))?"
)
#: What *More…* offers.
MORE = (Verb.WHY, Verb.CORRECT, Verb.MUTE)
#: What a press of these wants of the case.
_ORDERS = {
    Verb.RESOLVE: Order.RESOLVE,
    Verb.REOPEN: Order.REOPEN,
    Verb.MUTE: Order.MUTE,
    Verb.CHOOSE: Order.ANSWER,
    Verb.CORRECT: Order.CORRECT,
    Verb.TAKE_BACK: Order.CORRECT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPressed:
    """`detail` is the article or the revision that the button names, `text` what was sent in a form."""

    wish: Wish
    key: str
    verb: Verb
    detail: str | None = None
    text: str = ""

    @property
    def revision(self) -> int:
        return int(self.detail) if self.detail and self.detail.isdecimal() else 0


class CardPresses:
    def __init__(self, staff: Staff, drafts: Drafts) -> None:
        self._staff = staff
        self._drafts = drafts
        self._at_work: set[asyncio.Task[None]] = set()

    def pressed(self, press: CardPressed) -> None:
        task = asyncio.ensure_future(self._through(press))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def form(self, press: CardPressed) -> DraftForm | Message:
        """What opens before it is acknowledged: Discord shows no form later."""
        return await self._drafts.form(press.wish.person, press.key, press.revision)

    async def idle(self) -> None:
        while self._at_work:
            await asyncio.wait(self._at_work)

    async def _through(self, press: CardPressed) -> None:
        try:
            said = await self._done(press)
            if said is not None:
                await press.wish.privately.tell(said)
        except NotDone as no:
            # What they did has its effect; only the word about it is lost.
            log.info("a private answer was not possible: %s: %s", type(no).__name__, no)
        except Exception:
            log.exception("a press on a card failed")

    async def _done(self, press: CardPressed) -> Message | None:
        """What whoever pressed is told; None when the case tells them, or the card itself shows it."""
        staff, person = self._staff, press.wish.person
        try:
            staff.moderator(person)
            escalation = await staff.escalations.get(press.key, person.guild_id)
            if escalation is None:
                return staff.word("staff-unknown")
            if escalation.card.topic is Topic.LEAK:
                return await self._on_leak(press, escalation)
            if escalation.card.topic is Topic.DRAFT:
                return await self._on_draft(press, escalation)
            return await self._on_case(press, escalation)
        except Refused as no:
            return staff.word(no.word)

    async def _on_leak(self, press: CardPressed, escalation: Escalation) -> Message | None:
        person = press.wish.person
        match press.verb:
            case Verb.DELETE:
                return await self._staff.delete_leak(person, escalation)
            case Verb.RESOLVE | Verb.REOPEN:
                await self._staff.settle_leak(person, escalation, is_over=press.verb is Verb.RESOLVE)
                return None
            case _:
                return self._staff.word("press-outdated")

    async def _on_draft(self, press: CardPressed, escalation: Escalation) -> Message | None:
        if escalation.state is EscalationState.RESOLVED:
            others = await settled_by_others(self._staff, press.wish.person, press.key)
            return others or self._staff.word("order-no-draft")
        match press.verb:
            case Verb.EDIT:
                return self._drafts.write(press.wish, escalation, press.text, revision=press.revision)
            case Verb.SEND | Verb.DISCARD:
                order = Order.SEND if press.verb is Verb.SEND else Order.DISCARD
                self._drafts.settle(press.wish, escalation, order, revision=press.revision)
                return None
            case _:
                return self._staff.word("press-outdated")

    async def _on_case(self, press: CardPressed, escalation: Escalation) -> Message | None:
        staff, wish = self._staff, press.wish
        match press.verb:
            case Verb.CLAIM:
                said = await staff.claim(wish.person, press.key)
                return None if said == staff.word("staff-claimed") else said
            case Verb.ANSWER:
                card = escalation.card
                offered = self._articles(press.key, Verb.CHOOSE, (card.article_id, card.runner_up))
                return self._choice("staff-choose-answer", offered)
            case Verb.CORRECT if press.detail is None:
                offered = self._articles(press.key, Verb.CORRECT, (escalation.card.runner_up,))
                take_back = self._button(press.key, Verb.TAKE_BACK)
                return self._choice("staff-choose-correction", (*offered, take_back))
            case Verb.MORE:
                return self._choice("staff-more", tuple(self._button(press.key, verb) for verb in MORE))
            case Verb.WHY:
                return await staff.why(wish.person, escalation.case_id)
            case verb if order := _ORDERS.get(verb):
                staff.order(wish, escalation.case_id, order, article_id=press.detail)
                return None
            case _:
                return staff.word("press-outdated")

    def _choice(self, name: str, buttons: tuple[Button, ...]) -> Message:
        return Message(content=self._staff.word(name).content, rows=(buttons,) if buttons else ())

    def _articles(self, key: str, verb: Verb, article_ids: Sequence[str | None]) -> tuple[Button, ...]:
        articles = self._staff.templates.knowledge.articles
        known = [articles[article_id] for article_id in article_ids if article_id and article_id in articles]
        return tuple(
            Button(custom_id=f"h1:{key}:{verb.value}:{article.id}", label=article.front.title[:MAX_LABEL])
            for article in known
        )

    def _button(self, key: str, verb: Verb) -> Button:
        return Button(custom_id=f"h1:{key}:{verb.value}", label=label_of(verb, self._staff.templates))
