"""One unit of work: what is taken together, what it means to the case, and what happens when the case moves."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.helpdesk.arrivals import Arrival, Erased, Rewrote, ThreadErased, TimePassed, Wrote
from bot.helpdesk.gather import Gather
from bot.helpdesk.handle import MAX_TRIES, Desk, Handled
from bot.helpdesk.lookout import Lookout
from bot.helpdesk.ports import NOTHING_ADOPTED, Bodies, CaseMoved, Message
from bot.helpdesk.reconcile import Seen
from bot.helpdesk.standing import Standing
from bot.helpdesk.threads import NotDone, Place
from bot.posts import Attachment, ChannelId, GuildId, MessageId, Post, Posted, Role, UserId
from bot.triage.case import Case
from bot.triage.decision import Decision
from bot.triage.plans import Action
from tests.helpdesk.fakes import HandClock
from tests.shipped_knowledge import NOW
from tests.tiny_knowledge import tiny

DIM = '{"error": {"message": "upstream is dim, wait 5 seconds", "code": 503}}'
THREAD = 1_300_000_000_000_000_000
ASKER, STAFF = UserId(7), UserId(8)


class FakeCases:
    """Cases in memory, whose replies are posted at once. The next `moves` saves find that somebody was faster."""

    def __init__(self) -> None:
        self.kept: dict[ChannelId, Case] = {}
        self.bodies: dict[str, Message] = {}
        self.adopted: dict[str, MessageId] = {}
        self.saves = 0
        self.moves = 0
        self.gate: asyncio.Event | None = None

    async def load(self, thread_id: ChannelId) -> Case | None:
        if self.gate is not None:
            await self.gate.wait()
        return self.kept.get(thread_id)

    async def recent(self, guild_id: GuildId, *, since: datetime, limit: int) -> Sequence[ChannelId]:
        found = (case for case in self.kept.values() if case.guild_id == guild_id and case.opened_at >= since)
        return [case.thread_id for case in found][:limit]

    async def save(
        self,
        case: Case,
        decisions: Sequence[Decision],
        bodies: Bodies,
        *,
        now: datetime,
        before: Case | None = None,
        adopted: Mapping[str, MessageId] = NOTHING_ADOPTED,
    ) -> bool:
        assert now == NOW
        assert decisions or adopted
        stored = self.kept.get(case.thread_id)
        if self.moves:
            self.moves -= 1
            if stored is not None:
                self.kept[case.thread_id] = replace(stored, version=stored.version + 1)
            raise CaseMoved
        if case.version != (stored.version if stored else 0):
            raise CaseMoved
        assert before == stored
        self.saves += 1
        self.adopted |= adopted
        self.bodies |= {key: body for key, body in bodies.items() if body is not None}
        posted = tuple(replace(reply, is_posted=True) for reply in case.replies)
        self.kept[case.thread_id] = replace(case, version=case.version + 1, replies=posted)
        return False


class Office:
    def __init__(self, gather: Gather | None = None) -> None:
        self.cases = FakeCases()
        self.handled: list[Handled] = []
        self.failed: list[Place] = []
        self.seen = Seen(posts=())
        self.refusals: list[NotDone] = []
        self.desk = Desk(
            cases=self.cases,
            mind=tiny().mind,
            reads_pictures=gather is not None,
            clock=HandClock(),
            gather=gather or Gather(),
            on_handled=self.handled.append,
            lookout=Lookout(look=self._look, failed=self.failed.append),
        )

    async def _look(self, _: Place) -> Seen:
        if self.refusals:
            raise self.refusals.pop()
        return self.seen

    async def hears(self, *arrivals: Arrival) -> None:
        for arrival in arrivals:
            self.desk.hear(arrival)
        async with asyncio.timeout(5):
            await self.desk.idle()

    @property
    def case(self) -> Case:
        return self.cases.kept[ChannelId(THREAD)]

    @property
    def actions(self) -> list[Action]:
        return [decision.action for done in self.handled for decision in done.decisions]


def post(number: int, text: str = DIM, *, by: UserId = ASKER, role: Role = Role.OTHER) -> Post:
    at = NOW + timedelta(seconds=number)
    return Post(message_id=MessageId(THREAD + number), author_id=by, role=role, text=text, at=at, title="The lamp")


def wrote(number: int, text: str = DIM, *, by: UserId = ASKER, role: Role = Role.OTHER) -> Wrote:
    return Wrote(guild_id=GuildId(1), thread_id=ChannelId(THREAD), post=post(number, text, by=by, role=role))


def rewrote(number: int, text: str, *, by: UserId = ASKER, role: Role = Role.OTHER) -> Rewrote:
    return Rewrote(guild_id=GuildId(1), thread_id=ChannelId(THREAD), post=post(number, text, by=by, role=role))


def erased(*numbers: int) -> Erased:
    gone = tuple(MessageId(THREAD + number) for number in numbers)
    return Erased(guild_id=GuildId(1), thread_id=ChannelId(THREAD), message_ids=gone)


async def test_the_first_message_of_a_thread_opens_the_case_of_its_author() -> None:
    office = Office()
    await office.hears(wrote(0))
    assert (office.case.asker_id, office.case.title, office.case.version) == (ASKER, "The lamp", 1)
    assert office.actions == [Action.ANSWER]
    (body,) = office.cases.bodies.values()
    assert "upstream is dim" in body.content


async def test_staff_with_a_question_of_their_own_is_answered_like_anybody() -> None:
    office = Office()
    await office.hears(wrote(0, by=STAFF, role=Role.STAFF))
    assert office.actions == [Action.ANSWER]


async def test_a_post_that_an_app_opened_has_nobody_who_asks() -> None:
    office = Office()
    await office.hears(wrote(0, role=Role.BOT))
    assert office.actions == [Action.SILENT]
    assert office.cases.bodies == {}


async def test_a_thread_that_was_never_seen_from_its_start_is_left_alone() -> None:
    office = Office()
    await office.hears(wrote(5), rewrote(0, "edited"), erased(0))
    assert (office.handled, office.cases.kept) == ([], {})


async def test_unread_messages_of_the_asker_are_judged_together() -> None:
    office = Office()
    await office.hears(wrote(0, "hello"), wrote(1, "my lamp says"), wrote(2))
    (done,) = office.handled
    assert done.events == (Posted(posts=tuple(replace(post(n, t), role=Role.ASKER) for n, t in BURST)),)
    assert office.actions == [Action.ANSWER]
    assert office.cases.saves == 1


BURST = ((0, "hello"), (1, "my lamp says"), (2, DIM))


async def test_what_others_write_in_between_keeps_its_place() -> None:
    office = Office()
    await office.hears(wrote(0, "hello, 503?"), wrote(1, "I look", by=STAFF, role=Role.STAFF), wrote(2))
    assert [type(event).__name__ for done in office.handled for event in done.events] == [
        "Posted",
        "PersonSpoke",
        "Posted",
    ]
    assert office.actions[1:] == [Action.SILENT, Action.SILENT]


async def test_a_message_that_comes_twice_is_handled_once() -> None:
    office = Office()
    await office.hears(wrote(0))
    await office.hears(wrote(0))
    assert (office.cases.saves, office.case.version) == (1, 1)
    assert len(office.handled) == 1


async def test_an_edit_that_is_none_saves_nothing() -> None:
    """Link previews come as edits."""
    office = Office()
    await office.hears(wrote(0))
    await office.hears(rewrote(0, DIM))
    assert office.cases.saves == 1


async def test_an_edit_by_somebody_else_is_not_judged() -> None:
    office = Office()
    await office.hears(wrote(0), wrote(1, "look here", by=STAFF, role=Role.STAFF))
    await office.hears(rewrote(1, DIM, by=STAFF, role=Role.STAFF))
    assert office.actions == [Action.ANSWER, Action.SILENT, Action.SILENT]


async def test_a_deleted_question_takes_its_answer_back() -> None:
    office = Office()
    await office.hears(wrote(0))
    await office.hears(erased(0))
    assert office.actions == [Action.ANSWER, Action.RETRACT]
    assert office.case.newest_reply is None


async def test_a_deleted_message_of_staff_changes_no_answer() -> None:
    office = Office()
    await office.hears(wrote(0), wrote(1, "look here", by=STAFF, role=Role.STAFF))
    await office.hears(erased(1))
    assert office.actions[-1] is Action.SILENT
    assert office.case.newest_reply is not None


async def test_with_a_deleted_thread_every_word_and_every_reply_goes() -> None:
    office = Office()
    await office.hears(wrote(0), wrote(1, "and it costs me money"))
    await office.hears(ThreadErased(guild_id=GuildId(1), thread_id=ChannelId(THREAD)))
    assert office.case.messages == ()
    assert office.case.newest_reply is None


async def test_time_alone_saves_nothing() -> None:
    office = Office()
    await office.hears(wrote(0))
    await office.hears(TimePassed(guild_id=GuildId(1), thread_id=ChannelId(THREAD)))
    assert office.cases.saves == 1


async def test_a_case_that_moved_meanwhile_is_loaded_and_judged_again() -> None:
    office = Office()
    await office.hears(wrote(0))
    office.cases.moves = MAX_TRIES - 1
    await office.hears(wrote(1, "it works now, thanks"))
    assert office.actions == [Action.ANSWER, Action.SOLVED]
    assert office.case.version == MAX_TRIES + 1


async def test_a_case_that_never_rests_is_given_up_and_the_next_message_is_heard() -> None:
    office = Office()
    await office.hears(wrote(0))
    office.cases.moves = MAX_TRIES
    await office.hears(wrote(1, "lost to the next catch-up"))
    await office.hears(wrote(2, "it works now, thanks"))
    assert office.actions == [Action.ANSWER, Action.SOLVED]


async def test_messages_that_come_while_a_unit_loads_belong_to_it() -> None:
    office = Office()
    await office.hears(wrote(0, "hello"))
    office.cases.gate = asyncio.Event()
    office.desk.hear(wrote(1, "are you there?"))
    await asyncio.sleep(0)
    office.desk.hear(wrote(2))
    office.cases.gate.set()
    await office.desk.idle()
    assert len(office.handled) == 2
    assert Action.ANSWER in office.handled[1].decisions[-1].actions


async def test_a_first_message_asks_nobody_whether_there_is_a_case() -> None:
    office = Office()
    office.cases.gate = asyncio.Event()
    await office.hears(wrote(0))
    assert office.actions == [Action.ANSWER]


async def test_a_first_message_that_is_told_of_again_finds_its_case_when_it_is_saved() -> None:
    office = Office()
    await office.hears(wrote(0))
    await office.hears(wrote(1, "it works now, thanks"))
    await office.hears(wrote(0))
    assert office.actions == [Action.ANSWER, Action.SOLVED]
    assert office.cases.saves == 2


@pytest.mark.parametrize(("text", "word"), [("!mute", "mute"), ("thanks\n!unmute", "unmute"), ("please mute", None)])
async def test_a_typed_command_is_reported_for_a_nod(text: str, word: str | None) -> None:
    office = Office()
    await office.hears(wrote(0), wrote(1, "hm", by=STAFF))
    await office.hears(wrote(2, text))
    assert office.handled[-1].commands == ({MessageId(THREAD + 2): word} if word else {})


async def test_somebody_elses_command_is_no_command() -> None:
    office = Office()
    await office.hears(wrote(0), wrote(1, "!mute", by=STAFF))
    assert office.handled[-1].commands == {}
    assert not office.case.is_muted


async def test_a_new_standing_is_reported_once() -> None:
    office = Office()
    await office.hears(wrote(0))
    await office.hears(wrote(1, "ok"))
    await office.hears(wrote(2, "it works now, thanks"))
    found = [(done.standing, done.has_new_standing) for done in office.handled]
    assert found == [(Standing.ANSWERED, True), (Standing.ANSWERED, False), (Standing.SOLVED, True)]


PICTURE = Attachment(filename="screen.png", location="https://cdn.example.com/screen.png")


def pictured(number: int, text: str) -> Wrote:
    arrival = wrote(number, text)
    return replace(arrival, post=replace(arrival.post, attachments=(PICTURE,)))


class Reads:
    """Every picture shows the same error, once it may be read."""

    def __init__(self) -> None:
        self.may = asyncio.Event()

    async def read(self, _: Attachment) -> str | None:
        await self.may.wait()
        return DIM


async def test_what_a_picture_shows_is_judged_with_its_post() -> None:
    reader = Reads()
    reader.may.set()
    office = Office(Gather(reader=reader))
    await office.hears(pictured(0, "see the picture"))
    assert office.actions == [Action.ANSWER]


async def test_a_slow_picture_changes_the_answer_when_it_is_read() -> None:
    reader = Reads()
    gather = Gather(reader=reader, budget_s=0, late=lambda arrival: office.desk.hear(arrival))
    office = Office(gather)
    await office.hears(pictured(0, "why is that, see the picture"))
    assert not any(finding.on_exact_evidence for finding in office.case.findings)
    reader.may.set()
    await gather.idle()
    await office.desk.idle()
    assert len(office.actions) == 2
    assert [finding.on_exact_evidence for finding in office.case.findings] == [True]
    assert len(office.case.replies) == 1
