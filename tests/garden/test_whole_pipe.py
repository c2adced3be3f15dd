"""A community that Heron's code has never heard of: check, diagnose, replay and measurement, from its folder alone."""

from datetime import date
from pathlib import Path

from bot.authoring.check import check
from tests.cli.conftest import lines
from tests.garden.community import ALLOTMENT, TOKEN, write_garden
from tests.garden.conftest import Shed

JAMMED = {
    "id": "beans",
    "title": "beans",
    "text": f"shedctl: 507 valve 12 will not turn: roots in the pipe. Token {TOKEN}, allotment {ALLOTMENT}",
}
WILTED = {
    "id": "rain",
    "text": 'Forecast refused by Drizzlecast: {"error": {"code": 502, "message": '
    '"forecast wilted upstream: last rain seen 31 hours ago"}} with nightshade/tomato-9:free in wheelbarrow',
}
FULL = {"id": "heap", "text": "413 heap is full: 40 of 40 buckets, number dig-20261124-abc123. who grants more?"}
PUMPKIN = {"id": "pumpkin", "title": "look", "text": "my pumpkin has the face of my uncle, grown on bed two"}
SPOKE = {"id": "spoke", "text": "for everybody with roots in the pipe: a bicycle spoke and patience, worked for me"}
IN_WORDS = {"id": "words", "text": "the motor of the tap hums and nothing comes out, is the valve stuck?"}


def test_its_articles_are_in_order(shed: Shed) -> None:
    ran = shed("kb", "check", "--at", "2026-11-24")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("every article, message and fact is in order\n")


def test_a_message_that_it_forgot_is_asked_for(tmp_path: Path) -> None:
    templates = write_garden(tmp_path)
    (templates / "messages" / "steps-end.md").unlink()
    (problem,) = check(templates, date(2026, 11, 24))
    assert str(problem).startswith("messages/answers/steps-end.md:1: Heron says it, and it is missing")


def test_an_error_is_answered_with_its_own_numbers_and_the_askers_own_app(shed: Shed) -> None:
    (row,) = shed("diagnose", "-", "--json", given=lines(JAMMED)).rows
    assert row["articles"][0]["id"] == "valve-jammed"
    assert "**Valve `12` is blocked" in row["message"]
    assert "In Shed Console the whole story: `shedctl almanac --last`" in row["message"]


def test_its_own_keys_are_masked_and_warned_about_in_its_own_words(shed: Shed) -> None:
    ran = shed("diagnose", "-", "--json", given=lines(JAMMED))
    (row,) = ran.rows
    assert row["actions"] == ["warn", "answer"]
    assert row["entities"]["secrets"] == 1
    assert row["message"].startswith("**There is a gate token in your message.")
    assert TOKEN not in ran.out
    assert ALLOTMENT not in ran.out


def test_its_own_sellers_recipes_and_numbers_are_found(shed: Shed) -> None:
    rain, heap = shed("diagnose", "-", "--json", given=lines(WILTED, FULL)).rows
    assert rain["entities"]["providers"] == ["Drizzlecast"]
    assert rain["entities"]["model_ids"] == ["nightshade/tomato-9:free"]
    assert heap["entities"]["generation_ids"] == ["dig-20261124-abc123"]
    assert rain["message"].startswith("**Drizzlecast sends no forecast for `nightshade/tomato-9:free`")


def test_who_can_act_is_its_own_destination(shed: Shed) -> None:
    (row,) = shed("diagnose", "-", "--json", given=lines(FULL)).rows
    assert (row["actions"], row["autonomy"]) == (["answer", "escalate"], "draft")
    assert "seedbank@beetkeeper.example.com" in row["message"]


def test_words_alone_are_understood_and_talk_is_left_alone(shed: Shed) -> None:
    words, pumpkin, spoke = shed("diagnose", "-", "--json", given=lines(IN_WORDS, PUMPKIN, SPOKE)).rows
    assert (words["articles"][0]["id"], words["actions"]) == ("valve-jammed", ["answer"])
    assert (pumpkin["actions"], spoke["actions"]) == (["silent"], ["silent"])


def test_a_thread_goes_from_the_steps_to_the_people_of_the_shed(shed: Shed) -> None:
    thread = {
        "id": "t",
        "title": "beans",
        "events": [
            {"type": "message", "text": "507 valve 12 will not turn: roots in the pipe"},
            {"type": "button", "target": "not_solved"},
            {"type": "button", "target": "not_solved"},
            {"type": "message", "text": "it works now, thanks"},
        ],
    }
    (row,) = shed("replay", "-", "--json", given=lines(thread)).rows
    first, more, people, solved = row["decisions"]
    assert first["actions"] == ["answer"]
    assert "mint always wins" in more["message"]
    assert people["actions"] == ["escalate"]
    assert "valve-jammed" in people["cards"][0]
    assert solved["actions"] == ["solved"]


def test_it_is_measured_like_any_other(shed: Shed, tmp_path: Path) -> None:
    labelled = [
        {**JAMMED, "label": "valve-jammed", "kind": "secret", "entities": {"secrets": [TOKEN]}},
        {**WILTED, "label": "forecast-wilted"},
        {**FULL, "label": "heap-full"},
        {**PUMPKIN, "label": "not-support"},
    ]
    (tmp_path / "labelled.jsonl").write_text(lines(*labelled), "utf-8")
    ran = shed("kb", "evaluate", str(tmp_path / "labelled.jsonl"), "--json")
    (figures,) = ran.rows
    assert (figures["right"], figures["coverage"], figures["answer_precision"]) == (1.0, 1.0, 1.0)
    assert (figures["secrets_told"], figures["wrong"]) == (0, [])


def test_nothing_that_it_says_comes_from_another_community(shed: Shed) -> None:
    said = shed("diagnose", "-", "--json", given=lines(JAMMED, WILTED, FULL, PUMPKIN, SPOKE, IN_WORDS)).out
    for name in ("valve-jammed", "forecast-wilted", "heap-full"):
        said += shed("kb", "preview", name).out
    for foreign in ("openrouter", "sk-or", "credits"):
        assert foreign not in said.lower()
