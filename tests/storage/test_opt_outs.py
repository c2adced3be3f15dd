"""People who want no answers in a server, on each database."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.posts import GuildId, UserId
from bot.storage.cases import SqlCases
from bot.storage.opt_outs import SqlOptOuts
from tests.storage.samples import ASKER, GUILD, NOW, THREAD, body, decision, new_case, plan, reply

ELSEWHERE, SOMEBODY = GuildId(GUILD + 1), UserId(ASKER + 1)


async def test_a_wish_holds_in_its_server_and_for_its_person(engine: AsyncEngine) -> None:
    opt_outs = SqlOptOuts(engine)
    assert await opt_outs.among(GUILD, {ASKER}) == frozenset()
    await opt_outs.add(GUILD, ASKER, now=NOW)
    await opt_outs.add(GUILD, ASKER, now=NOW + timedelta(days=1))
    assert await opt_outs.among(GUILD, {ASKER, SOMEBODY}) == {ASKER}
    assert await opt_outs.among(ELSEWHERE, {ASKER}) == frozenset()
    await opt_outs.remove(ELSEWHERE, ASKER)
    await opt_outs.remove(GUILD, SOMEBODY)
    assert await opt_outs.among(GUILD, {ASKER}) == {ASKER}
    await opt_outs.remove(GUILD, ASKER)
    assert await opt_outs.among(GUILD, {ASKER}) == frozenset()


async def test_cases_in_which_something_waits_for_them_are_named(engine: AsyncEngine, cases: SqlCases) -> None:
    wanted = reply(plan=plan(delay_s=20))
    await cases.save(new_case().with_reply(wanted), [decision([wanted])], {wanted.key: body()}, now=NOW)
    opt_outs = SqlOptOuts(engine)
    assert await opt_outs.add(GUILD, ASKER, now=NOW) == [THREAD]
    assert await opt_outs.add(GUILD, SOMEBODY, now=NOW) == []
    assert await opt_outs.add(ELSEWHERE, ASKER, now=NOW) == []
