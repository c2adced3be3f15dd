"""What Heron keeps about somebody: shown to them alone, and deleted when they want it or when they have left."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Cases, Forgotten, Kept, People
from bot.posts import ChannelId, GuildId, UserId
from bot.replies.escape import Reviewed
from bot.replies.message import Button, Message
from bot.replies.render import render
from bot.triage.case import Case, Reply
from bot.triage.decision import Decision
from bot.triage.drafts import approved
from bot.triage.plans import Action, Part, ReplyPlan, Words

#: Its buttons name nobody: whoever presses one means themselves.
CUSTOM_ID = re.compile(r"h1:privacy:(?P<verb>delete|sure|keep)")
_DELETE = (("delete", "button-forget", "danger"),)
_SURE = (("sure", "button-forget-sure", "danger"), ("keep", "button-forget-keep", "secondary"))


class Privacy:
    def __init__(
        self,
        *,
        people: People,
        cases: Cases,
        mind: Mind,
        clock: Clock,
        forgotten: Callable[[GuildId], None] = lambda _: None,  # something has to be taken down there
    ) -> None:
        self._people = people
        self._cases = cases
        self._mind = mind
        self._clock = clock
        self._forgotten = forgotten

    async def show(self, guild_id: GuildId, user_id: UserId, language: str) -> Message:
        kept = await self._people.kept(guild_id, user_id)
        said = [self._say("privacy", language), self._say("privacy-kept", language, _counts(kept))]
        has_something = kept.threads or kept.messages
        return self._message("\n".join(filter(None, said)), _DELETE if has_something else (), language)

    async def pressed(self, guild_id: GuildId, user_id: UserId, verb: str, language: str) -> Message:
        match verb:
            case "sure":
                return await self._delete(guild_id, user_id, language)
            case "keep":
                return self._message(self._say("privacy-nothing-deleted", language), (), language)
            case _:
                counts = _counts(await self._people.kept(guild_id, user_id))
                return self._message(self._say("privacy-sure", language, counts), _SURE, language)

    async def _delete(self, guild_id: GuildId, user_id: UserId, language: str) -> Message:
        done = await self._people.forget(guild_id, user_id, now=self._clock.now())
        self._forgotten(guild_id)
        counts = {"threads": Reviewed(done.threads), "messages": Reviewed(done.messages)}
        return self._message(self._say("privacy-deleted", language, counts), (), language)

    async def forget_everywhere(self, user_id: UserId) -> Forgotten:
        """For somebody who left, by the operator: also their name in what they did as staff."""
        done = await self._people.forget(None, user_id, now=self._clock.now())
        await self._people.forget_staff(user_id)
        for case_id in await self._people.naming(user_id):
            await self._without_name(case_id, user_id)
        return done

    async def _without_name(self, case_id: ChannelId, user_id: UserId) -> None:
        """Raises `CaseMoved` when somebody works on the case at this moment."""
        case = before = await self._cases.load(case_id)
        if case is None:
            return
        changed = [r for reply in case.replies if (r := _nameless(reply, user_id)) is not reply]
        for reply in changed:
            case = case.with_reply(reply)
        plans = {r.key: approved(r.plan) for r in changed if r.plan is not None}
        bodies = {key: self._rendered(key, plan, case) if plan else None for key, plan in plans.items()}
        decision = Decision(actions=(Action.SILENT,), reason="somebody is forgotten", replies=tuple(changed))
        await self._cases.save(case, [decision] if changed else [], bodies, now=self._clock.now(), before=before)

    def _rendered(self, key: str, plan: ReplyPlan, case: Case) -> Message:
        return render(plan, key=key, words=case.words, templates=self._mind.templates)

    def _say(self, name: str, language: str, values: Mapping[str, Reviewed | None] | None = None) -> str:
        return self._mind.templates.say(name, values or {}, language=language)

    def _message(self, content: str, offers: Sequence[tuple[str, str, str]], language: str) -> Message:
        row = tuple(
            Button(custom_id=f"h1:privacy:{verb}", label=self._say(label, language), style=style)
            for verb, label, style in offers
        )
        return Message(content=content, rows=(row,) if row else ())


def _counts(kept: Kept) -> dict[str, Reviewed | None]:
    """What is none of is not spoken of."""
    since = Reviewed(f"<t:{int(kept.since.timestamp())}:D>") if kept.since is not None else None
    return {
        "threads": Reviewed(kept.threads),
        "messages": Reviewed(kept.messages),
        "with_words": Reviewed(kept.with_words),
        "since": since,
        "opted_out": Reviewed("yes") if kept.is_left_alone else None,
        "as_staff": Reviewed(kept.as_staff) if kept.as_staff else None,
    }


def _nameless(reply: Reply, user_id: UserId) -> Reply:
    if reply.plan is None or not any(_names(part, user_id) for part in reply.plan.parts):
        return reply
    parts = tuple(replace(p, values={}) if isinstance(p, Words) and _names(p, user_id) else p for p in reply.plan.parts)
    return replace(reply, plan=replace(reply.plan, parts=parts, delay_s=0.0), revision=reply.revision + 1)


def _names(part: Part, user_id: UserId) -> bool:
    return isinstance(part, Words) and part.values.get("chosen_by") == user_id
