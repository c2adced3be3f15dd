"""`heron replay`: one decision an event, as the contract says."""

from typing import Any

import pytest

from tests.cli.conftest import Heron, lines

KEYS = ["after_event", "actions", "action", "articles", "state", "reason", "message", "cards"]
DIM: dict[str, object] = {"type": "message", "by": "asker", "text": "503 upstream is dim"}


def decisions(heron: Heron, *events: dict[str, object], title: str = "") -> list[dict[str, Any]]:
    ran = heron("replay", "-", "--json", given=lines({"id": "t", "title": title, "events": list(events)}))
    assert ran.status == 0, ran.err
    (row,) = ran.rows
    assert list(row) == ["id", "decisions"]
    assert [d["after_event"] for d in row["decisions"]] == list(range(len(events)))
    assert all(list(d) == KEYS for d in row["decisions"])
    return list(row["decisions"])


def test_every_event_has_one_decision_and_a_reason(heron: Heron) -> None:
    played = decisions(
        heron,
        DIM,
        {"type": "wait", "seconds": 3600},
        {"type": "button", "target": "not_solved"},
        {"type": "message", "by": "other", "text": "have you tried another one of your lamps"},
        {"type": "message", "by": "staff", "text": "let me look"},
        {"type": "edit", "target": 0, "text": "503 wick limit reached"},
        {"type": "delete", "target": 0},
    )
    assert all(d["reason"] for d in played)
    assert [d["action"] for d in played][:3] == ["answer", "silent", "answer"]
    assert played[0]["articles"][0]["id"] == "upstream-dim"


def test_the_message_is_what_stands_in_the_thread(heron: Heron) -> None:
    first, silent = decisions(heron, DIM, {"type": "wait", "seconds": 1})
    assert "1. Wait a minute." in first["message"]
    assert silent["message"] is None
    assert (first["state"], silent["state"]) == ("waiting_for_asker", "waiting_for_asker")


@pytest.mark.parametrize(
    ("target", "action", "state"),
    [
        ("solved", "solved", "solved"),
        ("not_solved", "answer", "waiting_for_asker"),
        ("moderator", "escalate", "waiting_for_people"),
        ("mute", "silent", "waiting_for_asker"),
        ("choose:wick-limit", "answer", "waiting_for_asker"),
    ],
)
def test_each_button_does_what_it_says(heron: Heron, target: str, action: str, state: str) -> None:
    played = decisions(heron, DIM, {"type": "button", "target": target})[-1]
    assert (played["action"], played["state"]) == (action, state)


def test_dismiss_takes_the_answer_back(heron: Heron) -> None:
    assert "retract" in decisions(heron, DIM, {"type": "button", "target": "dismiss"})[-1]["actions"]


def test_a_hand_over_shows_the_card(heron: Heron) -> None:
    played = decisions(heron, DIM, {"type": "button", "target": "moderator"})[-1]
    (card,) = played["cards"]
    assert "upstream-dim" in card


def test_a_typed_mute_is_a_message(heron: Heron) -> None:
    played = decisions(heron, {"type": "message", "text": "!mute"}, DIM)
    assert [d["action"] for d in played] == ["silent", "silent"]


def test_a_message_is_by_the_asker_unless_it_says_otherwise(heron: Heron) -> None:
    assert decisions(heron, {"type": "message", "text": "503 upstream is dim"})[0]["action"] == "answer"


def test_an_edit_of_somebody_elses_message_is_not_the_askers(heron: Heron) -> None:
    other: dict[str, object] = {"type": "message", "by": "other", "text": "I have seen that lamp, mine is fine"}
    played = decisions(
        heron, {"type": "message", "text": "hm"}, other, {"type": "edit", "target": 1, "text": DIM["text"]}
    )
    assert played[2]["action"] == "silent"


def test_edits_and_deletions_take_answers_back(heron: Heron) -> None:
    assert decisions(heron, DIM, {"type": "delete", "target": 0})[-1]["action"] == "retract"


def test_a_thread_without_events_has_no_decisions(heron: Heron) -> None:
    assert decisions(heron) == []


def test_threads_do_not_know_of_each_other(heron: Heron) -> None:
    thread = {"id": 1, "title": "", "events": [DIM]}
    rows = heron("replay", "--json", given=lines(thread, {**thread, "id": 2})).rows
    assert [row["id"] for row in rows] == [1, 2]
    assert rows[0]["decisions"] == rows[1]["decisions"]


def test_without_json_a_person_can_follow_it(heron: Heron) -> None:
    thread = {"id": "thread-7", "events": [DIM, {"type": "button", "target": "solved"}]}
    ran = heron("replay", "-", given=lines(thread))
    assert ran.status == 0
    for said in ("thread-7", "0 asker message", "1 asker button", "answer", "solved", "1. Wait a minute."):
        assert said in ran.out


def test_the_first_decision_is_what_diagnose_says(heron: Heron) -> None:
    post = {"id": 1, "title": "a lamp", "text": DIM["text"]}
    (diagnosed,) = heron("diagnose", "--json", given=lines(post)).rows
    (first,) = decisions(heron, DIM, title="a lamp")
    for key in ("actions", "action", "articles", "message", "cards", "reason"):
        assert first[key] == diagnosed[key]
