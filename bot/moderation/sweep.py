"""The broom: answers of one article that stand in threads are made to say what the article says today."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import CaseMoved, Cases
from bot.moderation.ports import StandingAnswer, Sweeps
from bot.posts import GuildId, UserId
from bot.replies.compile import Templates
from bot.replies.escape import Reviewed
from bot.replies.message import MAX_CONTENT, Button, Message
from bot.replies.paragraphs import Paragraph, join
from bot.replies.render import render
from bot.triage.case import Case, Reply
from bot.triage.decision import Decision
from bot.triage.drafts import approved
from bot.triage.plans import Action, Answer, Form, Question, ReplyPlan

#: The button below what a sweep would do: `h1:<Unix seconds>-w:sweep:<article>`.
CUSTOM_ID = re.compile(r"h1:(?P<since>\d{1,12})-w:sweep:(?P<article>[a-z0-9-]{1,60})", re.ASCII)
#: Between two edits, so that whoever asks meanwhile does not wait for the broom.
PACE_S = 0.2
#: How often a case may move under our hands before its answer is left alone.
MAX_TRIES = 5
_AGO = re.compile(r"(?P<number>\d{1,4}) ?(?P<unit>[dh])", re.ASCII | re.IGNORECASE)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1)}


def moment_of(since: str, now: datetime) -> datetime | None:
    """What somebody typed: a date such as 2026-11-20, or how long ago: `3d`, `12h`. None when it is neither."""
    if found := _AGO.fullmatch(since.strip()):
        return now - int(found["number"]) * _UNITS[found["unit"].lower()]
    try:
        return datetime.strptime(since.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Heron's answers of this article that were wanted since then, in one server."""

    guild_id: GuildId
    article_id: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What came of it, or would."""

    standing: int = 0
    other_words: int = 0  # of them, those that read otherwise today
    left_alone: int = 0  # of them, those that cannot be rendered again
    newest: Message | None = None  # of those with other words, as it reads today


@dataclass(frozen=True, slots=True, kw_only=True)
class _Today:
    """One answer as it reads today."""

    case: Case
    reply: Reply
    plan: ReplyPlan
    body: Message


class Broom:
    def __init__(
        self,
        *,
        sweeps: Sweeps,
        cases: Cases,
        mind: Mind,
        clock: Clock,
        on_wanted: Callable[[], None],
    ) -> None:
        self._sweeps = sweeps
        self._cases = cases
        self._mind = mind
        self._clock = clock
        self._on_wanted = on_wanted

    async def look(self, sweep: Sweep) -> Swept:
        """What it would do; nothing is changed."""
        standing = await self._standing(sweep)
        swept = Swept(standing=len(standing))
        for answer in standing:
            swept = _counted(swept, answer, await self._today(answer, sweep.guild_id))
        return swept

    async def sweep(self, sweep: Sweep, *, by: UserId) -> Swept:
        """Edits them, a few a second; delivery does it, also after a restart."""
        standing = await self._standing(sweep)
        swept = Swept(standing=len(standing))
        for answer in standing:
            delay_s = swept.other_words * PACE_S
            swept = _counted(swept, answer, await self._rewritten(answer, sweep.guild_id, delay_s=delay_s))
        detail = {"article": sweep.article_id, "since": sweep.since.isoformat(), "edited": swept.other_words}
        await self._sweeps.note(sweep.guild_id, by=by, detail=detail, now=self._clock.now())
        self._on_wanted()
        return swept

    async def _standing(self, sweep: Sweep) -> list[StandingAnswer]:
        return list(await self._sweeps.standing(sweep.guild_id, sweep.article_id, since=sweep.since))

    async def _rewritten(self, answer: StandingAnswer, guild_id: GuildId, *, delay_s: float) -> _Today | None:
        for _ in range(MAX_TRIES):
            today = await self._today(answer, guild_id)
            if today is None or today.body == answer.body:
                return today
            try:
                await self._save(today, delay_s)
            except CaseMoved:
                continue
            return today
        return None

    async def _save(self, today: _Today, delay_s: float) -> None:
        plan = replace(today.plan, delay_s=delay_s)
        reply = replace(today.reply, plan=plan, revision=today.reply.revision + 1)
        decision = Decision(actions=(Action.SILENT,), reason="swept: the article reads otherwise now", replies=(reply,))
        bodies = {reply.key: today.body}
        case = today.case.with_reply(reply)
        await self._cases.save(case, [decision], bodies, now=self._clock.now(), before=today.case)

    async def _today(self, answer: StandingAnswer, guild_id: GuildId) -> _Today | None:
        """None when what it was made from is not kept any more, when part of it is a draft, or a person wrote it."""
        case = await self._cases.load(answer.case_id) if answer.body is not None else None
        if case is None or case.guild_id != guild_id:
            return None
        reply = next((r for r in case.replies if r.key == answer.key and r.is_posted), None)
        plan = reply.plan if reply is not None else None
        if reply is None or plan is None or not _is_whole(plan, case) or not self._knows(plan):
            return None
        if approved(plan) != plan or any(isinstance(p, Answer) and p.form is Form.WRITTEN for p in plan.parts):
            return None
        body = render(plan, key=reply.key, words=case.words, templates=self._mind.templates)
        return _Today(case=case, reply=reply, plan=plan, body=body)

    def _knows(self, plan: ReplyPlan) -> bool:
        """Articles may be gone since."""
        told = {part.article_id for part in plan.parts if isinstance(part, Answer)}
        offered = {one for part in plan.parts if isinstance(part, Question) for one in part.candidates}
        return (told | offered) <= self._mind.templates.knowledge.articles.keys()


def _is_whole(plan: ReplyPlan, case: Case) -> bool:
    """The words that it quotes are still there."""
    proofs = (part.proof for part in plan.parts if isinstance(part, Answer) and part.proof is not None)
    return all(case.words(proof) for proof in proofs)


def _counted(swept: Swept, answer: StandingAnswer, today: _Today | None) -> Swept:
    if today is None:
        return replace(swept, left_alone=swept.left_alone + 1)
    if today.body == answer.body:
        return swept
    return replace(swept, other_words=swept.other_words + 1, newest=swept.newest or today.body)


def preview(sweep: Sweep, swept: Swept, templates: Templates) -> Message:
    """What it would do, one of the answers as it would read, and the button that does it."""
    parts = [Paragraph(text=templates.say("desk-sweep-found", _values(sweep, swept)))]
    if swept.newest is None:
        return Message(content=join(parts, comfortable=MAX_CONTENT, limit=MAX_CONTENT))
    parts.append(Paragraph(text=swept.newest.content, is_apart=True))
    custom_id = f"h1:{int(sweep.since.timestamp())}-w:sweep:{sweep.article_id}"
    button = Button(custom_id=custom_id, label=templates.say("button-sweep", {}), style="primary")
    return Message(content=join(parts, comfortable=MAX_CONTENT, limit=MAX_CONTENT), rows=((button,),))


def done(sweep: Sweep, swept: Swept, templates: Templates) -> Message:
    return Message(content=templates.say("desk-sweep-done", _values(sweep, swept)))


def _values(sweep: Sweep, swept: Swept) -> dict[str, object]:
    counts = {"other_words": swept.other_words, "left_alone": swept.left_alone or None}
    return {
        "article": Reviewed(sweep.article_id),
        "since": Reviewed(f"<t:{int(sweep.since.timestamp())}:f>"),
        "standing": swept.standing,
        **counts,
    }
