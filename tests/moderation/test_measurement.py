"""Demotion by measurement: enough judged answers, too many of them wrong, and a moderator's word until news come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import GuildSettings
from bot.knowledge.articles import Autonomy
from bot.moderation.desk import desk_message
from bot.moderation.measurement import ENOUGH, Measurement, is_too_often_wrong
from bot.moderation.ports import Track
from bot.posts import ChannelId, GuildId, UserId
from bot.storage.cases import SqlCases
from bot.storage.desks import SqlDesks
from bot.storage.guilds import SqlGuilds
from bot.storage.records import SqlRecords
from bot.triage.verdicts import Verdict, VerdictKind
from tests.databases import rows_of
from tests.helpdesk.fakes import HandClock
from tests.storage.samples import GUILD, NOW, THREAD, decision, new_case
from tests.tiny_knowledge import tiny

ARTICLE, DRAFT = "rate-limit-upstream", "money-back"
ELSEWHERE = GuildId(GUILD + 1)
MODERATOR = UserId(501)


@pytest.mark.parametrize(
    ("right", "wrong", "is_wrong"),
    [
        (13, 7, True),
        (14, 6, False),
        (0, ENOUGH - 1, False),
        (12, 7, False),
        (78, 22, True),
        (79, 21, False),
        (0, 0, False),
    ],
)
def test_only_an_upper_bound_below_the_floor_says_so(right: int, wrong: int, is_wrong: bool) -> None:
    assert is_too_often_wrong(Track(right=right, wrong=wrong)) is is_wrong


class Server:
    """Outcomes come in, and measurement looks at them."""

    def __init__(self, engine: AsyncEngine, cases: SqlCases, mind: Mind) -> None:
        self.cases, self.guilds, self.records = cases, SqlGuilds(engine), SqlRecords(engine)
        self.desks = SqlDesks(engine)
        self.levels: dict[GuildId, Mapping[str, Autonomy]] = {}
        self.looks = 0
        self._number = 0
        self.measurement = Measurement(
            records=self.records,
            brakes=self.guilds,
            mind=mind,
            clock=HandClock(),
            lowered=lambda guild_id: self.levels.get(guild_id, {}),
            look_again=self._look_again,
        )

    async def _look_again(self, guild_id: GuildId) -> None:
        self.looks += 1
        settings = await self.guilds.settings(guild_id)
        assert settings is not None
        self.levels[guild_id] = {article: Autonomy(level) for article, level in settings.lowered.items()}

    async def set_up(self) -> None:
        for guild_id in (GUILD, ELSEWHERE):
            await self.guilds.fill(
                GuildSettings(
                    guild_id=guild_id,
                    forum_ids=(),
                    moderator_role_ids=(),
                    helper_role_ids=(),
                    moderator_channel_id=None,
                )
            )

    async def judge(
        self,
        kind: VerdictKind,
        times: int,
        *,
        article_id: str = ARTICLE,
        guild_id: GuildId = GUILD,
        at: datetime = NOW,
    ) -> None:
        for _ in range(times):
            self._number += 1
            case = replace(new_case(), guild_id=guild_id, thread_id=ChannelId(THREAD + self._number), messages=())
            judged = replace(decision(), verdicts=(Verdict(article_id=article_id, kind=kind),))
            await self.cases.save(case, [judged], {}, now=at)

    async def level(self, guild_id: GuildId = GUILD, article_id: str = ARTICLE) -> Autonomy:
        await self.measurement.measure(guild_id)
        return self.levels.get(guild_id, {}).get(article_id, Autonomy.ANSWER)

    async def lower(self, level: str, *, at: datetime = NOW) -> None:
        await self.guilds.lower(GUILD, ARTICLE, level, by=MODERATOR, now=at)
        await self._look_again(GUILD)


@pytest.fixture
async def server(engine: AsyncEngine, cases: SqlCases, mind: Mind) -> Server:
    server = Server(engine, cases, mind)
    await server.set_up()
    return server


async def test_an_article_that_is_found_wrong_too_often_only_drafts_in_that_server(
    server: Server, database_url: str
) -> None:
    await server.judge(VerdictKind.SOLVED, 7)
    await server.judge(VerdictKind.CONFIRMED, 6)
    await server.judge(VerdictKind.CORRECTED, 3)
    await server.judge(VerdictKind.DISMISSED, 3)
    assert await server.level() is Autonomy.ANSWER
    await server.judge(VerdictKind.DISMISSED, 1)
    assert await server.level() is Autonomy.DRAFT
    assert await server.level(ELSEWHERE) is Autonomy.ANSWER
    (row,) = await rows_of(database_url, "SELECT guild_id, level, set_by FROM autonomy")
    assert (row["guild_id"], row["level"], row["set_by"]) == (GUILD, "draft", None)
    assert [row["action"] for row in await rows_of(database_url, "SELECT action FROM audit")] == ["measured"]


async def test_what_was_judged_in_another_server_does_not_count(server: Server) -> None:
    await server.judge(VerdictKind.CORRECTED, ENOUGH, guild_id=ELSEWHERE)
    assert await server.level() is Autonomy.ANSWER
    assert await server.level(ELSEWHERE) is Autonomy.DRAFT


async def test_measuring_again_changes_nothing_more(server: Server, database_url: str) -> None:
    await server.judge(VerdictKind.CORRECTED, ENOUGH)
    for _ in range(3):
        assert await server.level() is Autonomy.DRAFT
    assert server.looks == 1
    assert len(await rows_of(database_url, "SELECT action FROM audit")) == 1


async def test_who_lifts_it_is_not_overruled_until_news_say_the_same(server: Server) -> None:
    await server.judge(VerdictKind.CORRECTED, ENOUGH)
    assert await server.level() is Autonomy.DRAFT
    later = NOW + timedelta(hours=1)
    await server.lower("answer", at=later)
    assert await server.level() is Autonomy.ANSWER
    await server.judge(VerdictKind.CORRECTED, ENOUGH - 1, at=later + timedelta(hours=1))
    assert await server.level() is Autonomy.ANSWER
    await server.judge(VerdictKind.CORRECTED, 1, at=later + timedelta(hours=1))
    assert await server.level() is Autonomy.DRAFT


async def test_what_a_moderator_lowered_further_stays_so(server: Server) -> None:
    await server.lower("watch", at=NOW - timedelta(hours=1))
    await server.judge(VerdictKind.CORRECTED, ENOUGH)
    assert await server.level() is Autonomy.WATCH
    assert (await server.desks.figures(GUILD, since=NOW, named=1)).demoted == {}


async def test_an_article_that_only_drafts_anyway_is_left_as_it_is(
    engine: AsyncEngine, cases: SqlCases, database_url: str
) -> None:
    server = Server(engine, cases, tiny().mind)
    await server.set_up()
    await server.judge(VerdictKind.CORRECTED, ENOUGH, article_id=DRAFT)
    await server.judge(VerdictKind.CORRECTED, ENOUGH, article_id="gone-since")
    assert await server.level(article_id=DRAFT) is Autonomy.ANSWER
    assert await rows_of(database_url, "SELECT * FROM autonomy") == []


async def test_a_case_counts_once_and_as_wrong_when_anybody_found_it_wrong(server: Server) -> None:
    case = replace(new_case(), messages=())
    kinds = (VerdictKind.SOLVED, VerdictKind.CONFIRMED, VerdictKind.CORRECTED)
    verdicts = tuple(Verdict(article_id=ARTICLE, kind=kind) for kind in kinds)
    await server.cases.save(case, [replace(decision(), verdicts=verdicts)], {}, now=NOW)
    await server.judge(VerdictKind.CONFIRMED, 1)
    assert await server.records.track(ARTICLE, GUILD) == Track(right=1, wrong=1)


async def test_the_desk_says_so_with_the_record(server: Server, engine: AsyncEngine, mind: Mind) -> None:
    await server.judge(VerdictKind.SOLVED, 5)
    await server.judge(VerdictKind.CORRECTED, ENOUGH)
    await server.level()
    desks = SqlDesks(engine)
    said = desk_message(await desks.figures(GUILD, since=NOW, named=10), mind.templates, NOW.date()).content
    assert f"{ARTICLE} (20 of 25)" in said
    assert (
        ARTICLE
        not in desk_message(await desks.figures(ELSEWHERE, since=NOW, named=10), mind.templates, NOW.date()).content
    )
    await server.lower("answer")
    assert (
        ARTICLE not in desk_message(await desks.figures(GUILD, since=NOW, named=10), mind.templates, NOW.date()).content
    )
