"""What is found out before a post is judged: in time, about the asker's own files only, and breaking nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.helpdesk.arrivals import Arrival, Rewrote, ThreadErased, Wrote
from bot.helpdesk.gather import Gather
from bot.helpdesk.ports import Endpoints, Live, ServedBy
from bot.posts import Attachment, Heard, MaskedText, UserId
from bot.triage.case import Case
from tests.helpdesk.arrivals import ASKER, GUILD, HELPER, THREAD, erased, rewrote, wrote
from tests.shipped_knowledge import NOW, shipped

PICTURE = Attachment(filename="screen.png", location="https://cdn.example.com/1/screen.png", content_type="image/png")
MODEL = "qwen/qwen3-coder:free"


def with_files(arrival: Wrote | Rewrote, *files: Attachment) -> Wrote | Rewrote:
    return replace(arrival, post=replace(arrival.post, attachments=files or (PICTURE,)))


LOG = Attachment(filename="error.log", location="https://cdn.example.com/1/error.log")


class Reads:
    """Says the same of every picture, once it may."""

    def __init__(self, text: str | None = "upstream is dim", *, at_once: bool = True) -> None:
        self.text = text
        self.may = asyncio.Event()
        self.asked: list[str] = []
        if at_once:
            self.may.set()

    async def read(self, attachment: Attachment) -> str | None:
        self.asked.append(attachment.location)
        await self.may.wait()
        return self.text


class Breaks:
    async def read(self, _: Attachment) -> str | None:
        raise RuntimeError("unreadable")


class Knows:
    def __init__(self, *, at_once: bool = True) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.may = asyncio.Event()
        if at_once:
            self.may.set()

    async def about(self, models: Sequence[str]) -> Live:
        self.asked.append(tuple(models))
        await self.may.wait()
        served = Endpoints(read_at=NOW, served_by=(ServedBy(provider="Chutes"),))
        return Live(endpoints=dict.fromkeys(models, served))


class KnowsNothing:
    async def about(self, _: Sequence[str]) -> Live:
        raise OSError("no network")


async def gathered(gather: Gather, *arrivals: Arrival, case: Case | None = None) -> tuple[tuple[Arrival, ...], Live]:
    found = await gather.all(arrivals, case, shipped().view)
    return found.arrivals, found.live


def texts(arrivals: Sequence[Arrival]) -> list[str | None]:
    return [file.text for a in arrivals if isinstance(a, Wrote | Rewrote) for file in a.post.attachments]


def case_of(asker_id: UserId = ASKER, **known: str) -> Case:
    title = MaskedText("title")
    return Case(guild_id=GUILD, thread_id=THREAD, asker_id=asker_id, title=title, opened_at=NOW, known=known)


async def test_the_askers_pictures_are_read() -> None:
    arrivals, _ = await gathered(Gather(reader=Reads()), with_files(wrote(0)), with_files(rewrote(1)), erased(2))
    assert texts(arrivals) == ["upstream is dim", "upstream is dim"]
    assert arrivals[2] == erased(2)


@pytest.mark.parametrize(
    "arrival",
    [
        with_files(wrote(1, by=HELPER)),
        with_files(wrote(1), replace(PICTURE, is_forwarded=True)),
        with_files(wrote(1), Attachment(filename="log.bin", location="https://cdn.example.com/log.bin")),
        replace(with_files(wrote(1)), heard=Heard.TOO_LATE),
    ],
    ids=["somebody else's", "forwarded", "no picture", "too late to matter"],
)
async def test_other_files_are_never_looked_at(arrival: Arrival) -> None:
    reader = Reads()
    await gathered(Gather(reader=reader), arrival, case=case_of())
    assert reader.asked == []


async def test_of_many_pictures_the_first_four_are_read() -> None:
    files = [replace(PICTURE, location=f"https://cdn.example.com/{n}.png") for n in range(6)]
    arrivals, _ = await gathered(Gather(reader=Reads()), with_files(wrote(0), *files))
    assert texts(arrivals) == ["upstream is dim"] * 4 + [None] * 2


async def test_a_reader_that_breaks_leaves_the_post_as_it_came(caplog: pytest.LogCaptureFixture) -> None:
    arrivals, _ = await gathered(Gather(reader=Breaks()), with_files(wrote(0)))
    assert arrivals == (with_files(wrote(0)),)
    assert "a file could not be read" in caplog.text


async def test_what_is_read_too_slowly_comes_later_as_a_change() -> None:
    late: list[Arrival] = []
    reader = Reads(at_once=False)
    gather = Gather(reader=reader, late=late.append, budget_s=0)
    arrivals, _ = await gathered(gather, with_files(wrote(0, "look")))
    assert texts(arrivals) == [None]
    reader.may.set()
    await gather.idle()
    (change,) = late
    assert isinstance(change, Rewrote)
    assert (change.post.text, texts(late)) == ("look", ["upstream is dim"])


async def test_what_was_read_in_time_does_not_come_twice() -> None:
    late: list[Arrival] = []
    gather = Gather(reader=Reads(), late=late.append)
    await gathered(gather, with_files(wrote(0)))
    await gather.idle()
    assert late == []


@pytest.mark.parametrize("gone", [erased(0), ThreadErased(guild_id=GUILD, thread_id=THREAD)])
async def test_a_slow_reading_does_not_bring_back_what_was_deleted(gone: Arrival) -> None:
    late: list[Arrival] = []
    reader = Reads(at_once=False)
    gather = Gather(reader=reader, late=late.append, budget_s=0)
    await gathered(gather, with_files(wrote(0)))
    await gathered(gather, gone, case=case_of())
    reader.may.set()
    await gather.idle()
    assert late == []


async def test_a_slow_reading_does_not_bring_back_what_was_rewritten() -> None:
    late: list[Arrival] = []
    reader = Reads(at_once=False)
    gather = Gather(reader=reader, late=late.append, budget_s=0)
    await gathered(gather, with_files(wrote(0, "old words")))
    await gathered(gather, with_files(rewrote(0, "new words")), case=case_of())
    reader.may.set()
    await gather.idle()
    assert [a.post.text for a in late if isinstance(a, Rewrote)] == ["new words"]


async def test_nothing_is_handed_in_after_a_stop() -> None:
    late: list[Arrival] = []
    gather = Gather(reader=Reads(at_once=False), late=late.append, budget_s=0)
    await gathered(gather, with_files(wrote(0)))
    await gather.stop()
    await gather.idle()
    assert late == []


async def test_facts_are_asked_about_the_models_that_the_asker_names() -> None:
    facts = Knows()
    _, live = await gathered(Gather(facts=facts), wrote(0, f"{MODEL} fails"), wrote(1, "not mistralai/x", by=HELPER))
    assert facts.asked == [(MODEL,)]
    assert live.endpoints[MODEL].served_by == (ServedBy(provider="Chutes"),)


async def test_a_model_in_a_picture_is_asked_about_as_well() -> None:
    facts = Knows()
    _, live = await gathered(Gather(facts=facts, reader=Reads(f"model {MODEL}")), with_files(wrote(0, "look")))
    assert facts.asked[-1] == (MODEL,)
    assert MODEL in live.endpoints


async def test_where_nothing_is_named_the_case_says_which_model_it_is_about() -> None:
    facts = Knows()
    await gathered(Gather(facts=facts), wrote(1, "still the same"), case=case_of(model=MODEL))
    assert facts.asked == [(MODEL,)]


async def test_facts_that_are_slow_are_done_without() -> None:
    _, live = await gathered(Gather(facts=Knows(at_once=False), budget_s=0), wrote(0, MODEL))
    assert live == Live()


async def test_facts_that_break_are_done_without(caplog: pytest.LogCaptureFixture) -> None:
    arrivals, live = await gathered(Gather(facts=KnowsNothing()), wrote(0, MODEL))
    assert (arrivals, live) == ((wrote(0, MODEL),), Live())
    assert "live facts failed" in caplog.text


async def test_without_reader_and_facts_nothing_changes() -> None:
    arrivals, live = await gathered(Gather(), with_files(wrote(0)))
    assert (arrivals, live) == ((with_files(wrote(0)),), Live())


def test_what_is_too_old_says_nothing_about_the_present() -> None:
    old = Endpoints(read_at=NOW - timedelta(minutes=7), served_by=())
    new = Endpoints(read_at=NOW - timedelta(minutes=5), served_by=())
    assert Live(endpoints={"a/old": old, "a/new": new}).fresh(NOW) == Live(endpoints={"a/new": new})


async def test_a_forwarded_log_is_read_and_a_forwarded_picture_is_not() -> None:
    reader = Reads()
    forwarded = (replace(LOG, is_forwarded=True), replace(PICTURE, is_forwarded=True))
    await gathered(Gather(reader=reader), with_files(wrote(0, "look"), *forwarded))
    assert reader.asked == [LOG.location]


async def test_files_that_nobody_can_read_are_not_asked_for() -> None:
    reader = Reads()
    await gathered(Gather(reader=reader), with_files(wrote(0, "look"), replace(LOG, filename="setup.exe")))
    assert reader.asked == []
