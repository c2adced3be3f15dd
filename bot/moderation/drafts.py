"""Drafts: a moderator sends one as it is, in their own words, or discards it. What becomes of it, its case decides."""

from dataclasses import dataclass, replace

from bot.helpdesk.ports import Cases
from bot.helpdesk.press import Picture
from bot.moderation.escalation import Escalation, EscalationState
from bot.moderation.staff import Person, Refused, Staff, Wish
from bot.posts import MaskedText, Order, Ordered
from bot.replies.drafts import MAX_WRITTEN, drafted, words_to_edit
from bot.replies.escape import Reviewed
from bot.replies.message import Message
from bot.triage.keys import drafted_key


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """What somebody is shown to write an answer in."""

    title: str
    label: str
    text: str
    most: int


class Drafts:
    def __init__(self, staff: Staff, cases: Cases) -> None:
        self._staff = staff
        self._cases = cases

    async def form(self, person: Person, key: str, revision: int) -> DraftForm | Message:
        """The draft to be changed; or why it cannot be."""
        staff = self._staff
        try:
            staff.moderator(person)
        except Refused as no:
            return staff.word(no.word)
        escalation = await staff.escalations.get(key, person.guild_id)
        if escalation is None:
            return staff.word("staff-unknown")
        case = await self._cases.load(escalation.case_id)
        reply = drafted(case, key) if case is not None else None
        if case is None or reply is None or reply.revision != revision:
            return await settled_by_others(staff, person, key) or staff.word("order-no-draft")
        return DraftForm(
            title=staff.word("staff-draft-form").content,
            label=staff.word("staff-draft-form-text").content,
            text=words_to_edit(reply, case, staff.templates),
            most=MAX_WRITTEN,
        )

    def settle(self, wish: Wish, escalation: Escalation, order: Order, *, revision: int) -> None:
        self._order(wish, escalation, order, revision, MaskedText(""))

    def write(self, wish: Wish, escalation: Escalation, text: str, *, revision: int) -> Message | None:
        """What they are told when it cannot be posted."""
        masked = self._staff.mask(text.strip())
        if not masked:
            return self._staff.word("staff-draft-empty")
        if len(masked) > MAX_WRITTEN:
            counts = {"posts": Reviewed(len(masked)), "most": Reviewed(MAX_WRITTEN)}
            return self._staff.word("staff-draft-too-long", counts)
        self._order(wish, escalation, Order.EDIT, revision, masked)
        return None

    def _order(self, wish: Wish, escalation: Escalation, order: Order, revision: int, text: MaskedText) -> None:
        event = Ordered(
            by=wish.person.user_id,
            order=order,
            article_id=escalation.card.article_id,
            key=drafted_key(escalation.key),
            revision=revision,
            text=text,
        )
        told = _ToldWho(self._staff, wish, escalation.key)
        self._staff.give(replace(wish, privately=told), escalation.case_id, event)


class _ToldWho:
    """`Privately`: of two who press at once, the later one is told who was faster."""

    def __init__(self, staff: Staff, wish: Wish, key: str) -> None:
        self._staff = staff
        self._wish = wish
        self._key = key

    async def tell(self, message: Message, *, picture: Picture | None = None) -> None:
        others = await settled_by_others(self._staff, self._wish.person, self._key)
        await self._wish.privately.tell(others or message, picture=picture)


async def settled_by_others(staff: Staff, person: Person, key: str) -> Message | None:
    """Who settled it, when somebody else did."""
    escalation = await staff.escalations.get(key, person.guild_id)
    if escalation is None or escalation.state is not EscalationState.RESOLVED:
        return None
    if escalation.resolved_by in (None, person.user_id):
        return None
    who = {"resolved_by": Reviewed(f"<@{escalation.resolved_by}>"), "reason": escalation.card.reason}
    return staff.word("staff-draft-settled", who)
