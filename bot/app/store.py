"""Everything that is kept, as the use cases see it."""

from dataclasses import dataclass

from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Cases, Guilds, OptOuts, People, Replies, Timers
from bot.moderation.ports import Brakes, Desks, Escalations, Memory, Records, Sweeps
from bot.storage.cases import SqlCases
from bot.storage.desks import SqlDesks
from bot.storage.due import SqlTimers
from bot.storage.engine import AsyncEngine
from bot.storage.escalations import SqlEscalations
from bot.storage.guilds import SqlGuilds
from bot.storage.opt_outs import SqlOptOuts
from bot.storage.people import SqlPeople
from bot.storage.records import SqlRecords
from bot.storage.remembered import SqlMemory
from bot.storage.replies import SqlReplies
from bot.storage.sweeps import SqlSweeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    cases: Cases
    replies: Replies
    guilds: Guilds
    timers: Timers
    escalations: Escalations
    desks: Desks
    records: Records
    brakes: Brakes
    memory: Memory
    opt_outs: OptOuts
    people: People
    sweeps: Sweeps

    @classmethod
    def on(cls, engine: AsyncEngine, *, mind: Mind) -> "Store":
        guilds = SqlGuilds(engine)
        return cls(
            cases=SqlCases(engine, knowledge_hash=lambda: mind.knowledge_hash),
            replies=SqlReplies(engine),
            guilds=guilds,
            timers=SqlTimers(engine),
            escalations=SqlEscalations(engine),
            desks=SqlDesks(engine),
            records=SqlRecords(engine),
            brakes=guilds,
            memory=SqlMemory(engine),
            opt_outs=SqlOptOuts(engine),
            people=SqlPeople(engine),
            sweeps=SqlSweeps(engine),
        )
