"""Nothing of one server is seen from another: every query that reads for people is walked, and a new one has to be
listed here before the tests pass again."""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.storage
from bot.helpdesk.ports import GuildSettings, Timer
from bot.moderation.escalation import fingerprint
from bot.posts import ChannelId, GuildId, MaskedText, MessageId, Role, UserId, first_id_at
from bot.storage.cases import SqlCases
from bot.storage.desks import SqlDesks
from bot.storage.due import SqlTimers
from bot.storage.escalations import SqlEscalations
from bot.storage.guilds import SqlGuilds
from bot.storage.opt_outs import SqlOptOuts
from bot.storage.people import SqlPeople
from bot.storage.records import SqlRecords
from bot.storage.replies import SqlReplies
from bot.storage.sweeps import SqlSweeps
from bot.triage.case import Case, Finding, FindingState
from bot.triage.keys import people_key, reply_key
from bot.triage.plans import Topic
from bot.triage.verdicts import Verdict, VerdictKind
from tests.storage.samples import ASKER, NOW, answer, bodies, card, decision, known, plan, reply, schedule

#: Where nothing ever happened.
NOWHERE = GuildId(3)
STAFF = UserId(55)
ARTICLE = "rate-limit-upstream"
SINCE, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One with something in every table. The same people, articles and titles are in both."""

    guild_id: GuildId
    thread: ChannelId

    @property
    def key(self) -> str:
        return people_key(self.thread)


ONE = Server(guild_id=GuildId(1), thread=ChannelId(first_id_at(NOW)))
OTHER = Server(guild_id=GuildId(2), thread=ChannelId(first_id_at(NOW) + 1_000))

#: A question that is put from one server about what is in another, or in the same.
Read = Callable[[AsyncEngine, GuildId, Server], Awaitable[object]]

#: What is read for people, or to post something where people see it.
READS: Mapping[str, Read] = {
    "SqlCases.recent": lambda e, g, _: SqlCases(e, knowledge_hash=str).recent(g, since=SINCE, limit=99),
    "SqlReplies.pending": lambda e, g, _: SqlReplies(e).pending([g], now=LATER, limit=99),
    "SqlTimers.due": lambda e, g, _: SqlTimers(e).due([g], now=LATER, limit=99),
    "SqlTimers.next_due_at": lambda e, g, _: SqlTimers(e).next_due_at([g], after=SINCE),
    "SqlGuilds.settings": lambda e, g, _: SqlGuilds(e).settings(g),
    "SqlGuilds.paused": lambda e, g, _: SqlGuilds(e).paused([g]),
    "SqlEscalations.get": lambda e, g, it: SqlEscalations(e).get(it.key, g),
    "SqlEscalations.of_case": lambda e, g, it: SqlEscalations(e).of_case(it.thread, g),
    "SqlEscalations.behind": lambda e, g, _: SqlEscalations(e).behind([g], limit=99),
    "SqlEscalations.alike": lambda e, g, _: SqlEscalations(e).alike(g, fingerprint(card())),
    "SqlEscalations.card_times": lambda e, g, _: SqlEscalations(e).card_times(g, since=SINCE),
    "SqlDesks.figures": lambda e, g, _: SqlDesks(e).figures(g, since=SINCE, named=99),
    "SqlRecords.newest_told": lambda e, g, it: SqlRecords(e).newest_told(it.thread, g),
    "SqlRecords.track": lambda e, g, _: SqlRecords(e).track(ARTICLE, g),
    "SqlRecords.tracks": lambda e, g, _: SqlRecords(e).tracks(g),
    "SqlRecords.judged": lambda e, g, _: SqlRecords(e).judged(g, since=SINCE),
    "SqlRecords.cases": lambda e, g, _: SqlRecords(e).cases(g, since=SINCE),
    "SqlRecords.deeds": lambda e, g, it: SqlRecords(e).deeds(g, case_id=it.thread, limit=99),
    "SqlRecords.deeds, of all": lambda e, g, _: SqlRecords(e).deeds(g, case_id=None, limit=99),
    "SqlRecords.open_cases": lambda e, g, _: SqlRecords(e).open_cases(g, naming="title", limit=99),
    "SqlSweeps.standing": lambda e, g, _: SqlSweeps(e).standing(g, ARTICLE, since=SINCE),
    "SqlPeople.kept": lambda e, g, _: SqlPeople(e).kept(g, ASKER),
    "SqlOptOuts.among": lambda e, g, _: SqlOptOuts(e).among(g, [ASKER]),
}
#: Those that name a case or a card, which may be another server's.
NAMING = ("SqlEscalations.get", "SqlEscalations.of_case", "SqlRecords.newest_told", "SqlRecords.deeds")
#: What asks nothing for anybody, each with its reason.
OTHERS: Mapping[str, str] = {
    "SqlCases.load": "by thread, for the thread's own work; who asks from elsewhere is refused by the use case",
    "SqlCases.save": "writes",
    "SqlReplies.prolong": "writes",
    "SqlReplies.delivered": "writes",
    "SqlReplies.failed": "writes",
    "SqlReplies.standing": "message ids of one channel, for the delivery into it",
    "SqlTimers.done": "writes",
    "SqlGuilds.fill": "writes a server's own settings and gives them back",
    "SqlGuilds.end_pauses": "writes",
    "SqlGuilds.pause": "writes",
    "SqlGuilds.resume": "writes",
    "SqlGuilds.lower": "writes",
    "SqlGuilds.demote": "writes",
    "SqlEscalations.show": "writes",
    "SqlEscalations.claim": "writes; that it moves nothing of another server is tested below",
    "SqlEscalations.resolve": "writes; that it moves nothing of another server is tested below",
    "SqlEscalations.reopen": "writes; that it moves nothing of another server is tested below",
    "SqlDesks.show": "writes",
    "SqlSweeps.note": "writes",
    "SqlPeople.forget": "deletes",
    "SqlPeople.forget_staff": "deletes; the operator's",
    "SqlPeople.naming": "the operator's",
    "SqlOptOuts.add": "writes",
    "SqlOptOuts.remove": "writes",
    "SqlMemory.get": "Heron's own",
    "SqlMemory.put": "writes",
}


def queries() -> Iterator[str]:
    """Every query of storage, by class and name."""
    for module in pkgutil.iter_modules(bot.storage.__path__, "bot.storage."):
        for name, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if name.startswith("Sql") and found.__module__ == module.name:
                methods = inspect.getmembers(found, inspect.iscoroutinefunction)
                yield from (f"{name}.{method}" for method, _ in methods if not method.startswith("_"))


def a_case(server: Server, number: int, state: FindingState) -> Case:
    thread = ChannelId(server.thread + number)
    words = replace(known(0), message_id=MessageId(thread))
    staff = replace(known(1, role=Role.STAFF), message_id=MessageId(thread + 100), at=NOW + timedelta(hours=1))
    about = Finding(article_id=ARTICLE, state=state, question_id=words.message_id, since=NOW)
    said = replace(reply(plan=plan(answer())), key=reply_key(words.message_id), question_id=words.message_id)
    return Case(
        guild_id=server.guild_id,
        thread_id=thread,
        asker_id=ASKER,
        title=MaskedText("title"),
        opened_at=NOW,
        messages=(words, staff),
        findings=(about,),
        replies=(said,),
    )


async def fill(engine: AsyncEngine, server: Server) -> None:
    cases, escalations, guilds = SqlCases(engine, knowledge_hash=str), SqlEscalations(engine), SqlGuilds(engine)
    guild_id = server.guild_id
    empty = GuildSettings(
        guild_id=guild_id, forum_ids=(), moderator_role_ids=(1,), helper_role_ids=(), moderator_channel_id=None
    )
    await guilds.fill(empty)
    await guilds.lower(guild_id, ARTICLE, "watch", by=STAFF, now=SINCE)
    await guilds.demote(guild_id, "refund", "draft", now=SINCE)
    for number, state in enumerate((FindingState.HANDED_OVER, FindingState.ANSWERED, FindingState.SOLVED)):
        case = a_case(server, number, state)
        leak = replace(card(), topic=Topic.LEAK, message_id=MessageId(case.thread_id))
        verdicts = tuple(Verdict(article_id=one, kind=VerdictKind.SOLVED) for one in (ARTICLE, "refund"))
        told = replace(decision(case.replies, cards=[card(), leak]), verdicts=verdicts)
        await cases.save(case, [told], bodies(*case.replies), now=NOW)
    for row in (await SqlReplies(engine).pending([guild_id], now=LATER, limit=99)).due:
        await SqlReplies(engine).delivered(row.key, revision=1, message_id=MessageId(row.channel_id + 200))
    await cases.save(a_case(server, 5, FindingState.ANSWERED), [decision()], {}, now=NOW)
    waiting = a_case(server, 6, FindingState.ANSWERED)
    await cases.save(waiting, [decision(waiting.replies)], bodies(*waiting.replies), now=NOW)
    escalation = await escalations.claim(server.key, guild_id, by=STAFF, now=NOW)
    assert escalation is not None
    await escalations.show(escalation, ChannelId(9), bodies(*waiting.replies)[waiting.replies[0].key], now=NOW)
    await schedule(engine, Timer(guild_id=guild_id, case_id=server.thread, kind="check", due_at=NOW))
    await SqlOptOuts(engine).add(guild_id, ASKER, now=NOW)


@contextmanager
def watched(engine: AsyncEngine) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    statements: list[str] = []

    def sent(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", sent)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", sent)


def test_every_query_is_listed_as_one_that_reads_for_people_or_not() -> None:
    read = {name.partition(",")[0] for name in READS}
    assert read | set(OTHERS) == set(queries())
    assert read & set(OTHERS) == set()


@pytest.mark.parametrize("name", READS)
async def test_nothing_of_another_server_comes_back(engine: AsyncEngine, name: str) -> None:
    read = READS[name]
    await fill(engine, ONE)
    if name == "SqlGuilds.paused":
        await SqlGuilds(engine).pause(ONE.guild_id, by=STAFF, until=None, now=NOW)
    before = await read(engine, ONE.guild_id, ONE)
    assert before != await read(engine, NOWHERE, ONE), "nothing is there to be seen"
    await fill(engine, OTHER)
    assert await read(engine, ONE.guild_id, ONE) == before
    assert await read(engine, NOWHERE, OTHER) == await read(engine, NOWHERE, ONE)
    if name in NAMING:
        assert await read(engine, ONE.guild_id, OTHER) == await read(engine, NOWHERE, OTHER)


@pytest.mark.parametrize("name", READS)
async def test_every_statement_names_the_server(engine: AsyncEngine, name: str) -> None:
    with watched(engine) as statements:
        await READS[name](engine, ONE.guild_id, ONE)
    assert statements
    unfenced = [s for s in statements if s.lstrip().startswith("SELECT") and "guild_id" not in s.partition("WHERE")[2]]
    assert unfenced == []


async def test_what_is_done_to_a_card_of_another_server_moves_nothing(engine: AsyncEngine) -> None:
    await fill(engine, ONE)
    escalations = SqlEscalations(engine)
    before = await escalations.get(ONE.key, ONE.guild_id)
    deeds = await SqlRecords(engine).deeds(ONE.guild_id, case_id=None, limit=99)
    for do in (escalations.resolve, escalations.reopen, escalations.claim):
        assert await do(ONE.key, OTHER.guild_id, by=STAFF, now=LATER) is None
    assert await escalations.get(ONE.key, ONE.guild_id) == before
    assert await SqlRecords(engine).deeds(ONE.guild_id, case_id=None, limit=99) == deeds
    assert await SqlRecords(engine).deeds(OTHER.guild_id, case_id=None, limit=99) == []
