"""`heron diagnose`: the contract that other tools rely on, word for word."""

import json
from pathlib import Path

import pytest

from bot.triage.plans import Action
from tests.cli.conftest import Heron, lines

KEYS = [
    "id",
    "actions",
    "action",
    "articles",
    "entities",
    "message",
    "cards",
    "autonomy",
    "reason",
    "elapsed_us",
]
ENTITIES = ["status_codes", "model_ids", "providers", "generation_ids", "request_ids", "error_messages", "secrets"]
ORDER = ["warn", "answer", "ask", "escalate", "retract", "solved", "silent"]

DIM = {"id": "a", "title": "dim", "text": "Glow says 503 upstream is dim, wait 30 seconds, with glow/lamp-1:free"}
LEAK = {"id": "b", "title": "", "text": "lk-fakefakefake0123456789ab 503 upstream is dim"}
TALK = {"id": 3, "title": "Shelf", "text": "I built a lamp shelf this weekend, look at it"}


def test_every_line_has_the_keys_of_the_contract_in_their_order(heron: Heron) -> None:
    ran = heron("diagnose", "-", "--json", given=lines(DIM, LEAK, TALK))
    assert ran.status == 0
    assert ran.err == ""
    for row in ran.rows:
        assert list(row) == KEYS
        assert list(row["entities"]) == ENTITIES


def test_lines_come_out_in_the_order_in_which_they_went_in_with_their_ids(heron: Heron) -> None:
    posts = [{"id": n if n % 2 else str(n), "text": "503 upstream is dim"} for n in range(20)]
    assert [row["id"] for row in heron("diagnose", "--json", given=lines(*posts)).rows] == [p["id"] for p in posts]


def test_an_answer_as_other_tools_see_it(heron: Heron) -> None:
    (row,) = heron("diagnose", "-", "--json", given=lines(DIM)).rows
    assert (row["actions"], row["action"], row["autonomy"]) == (["answer"], "answer", "answer")
    assert row["articles"][0]["id"] == "upstream-dim"
    assert 0 < row["articles"][0]["confidence"] <= 1
    assert row["entities"]["status_codes"] == [503]
    assert row["entities"]["model_ids"] == ["glow/lamp-1:free"]
    assert row["entities"]["providers"] == ["Glow"]
    assert row["entities"]["secrets"] == 0
    assert "1. Wait 30 seconds." in row["message"]
    assert row["cards"] == []
    assert row["reason"]
    assert isinstance(row["elapsed_us"], int)
    assert row["elapsed_us"] > 0


def test_action_is_the_first_of_the_order(heron: Heron) -> None:
    assert [action.value for action in Action] == ORDER
    for row in heron("diagnose", "--json", given=lines(DIM, LEAK, TALK)).rows:
        assert row["action"] == next(one for one in ORDER if one in row["actions"])
        assert row["actions"] == [one for one in ORDER if one in row["actions"]]


def test_a_leak_is_counted_and_warned_about_and_printed_nowhere(heron: Heron) -> None:
    ran = heron("diagnose", "-", "--json", given=lines(LEAK))
    (row,) = ran.rows
    assert row["actions"] == ["warn", "answer"]
    assert row["entities"]["secrets"] == 1
    assert "fakefakefake" not in ran.out


def test_silence_has_no_message_and_a_reason(heron: Heron) -> None:
    (row,) = heron("diagnose", "-", "--json", given=lines({"id": 1, "text": ""})).rows
    assert row["action"] in ORDER
    assert row["reason"]
    assert (row["message"] is None) == (row["actions"] == ["silent"])


def test_what_may_not_speak_yet_is_judged_all_the_same(heron: Heron) -> None:
    """`actions` ignore autonomy, so that quality can be measured first."""
    (row,) = heron("diagnose", "-", "--json", given=lines({"id": 1, "text": "can I get my money back"})).rows
    assert row["articles"][0]["id"] == "money-back"
    if "answer" in row["actions"]:
        assert row["autonomy"] == "draft"


def test_the_same_model_and_message_are_named_once(heron: Heron) -> None:
    text = "glow/lamp-1:free and glow/lamp-1:free again: 503, 503 upstream is dim"
    (row,) = heron("diagnose", "--json", given=lines({"id": 1, "text": text})).rows
    for name in ENTITIES[:-1]:
        assert len(set(row["entities"][name])) == len(row["entities"][name])


def test_other_keys_are_ignored_and_missing_ones_are_empty(heron: Heron) -> None:
    given = lines({"id": 1, "author": {"name": "x"}, "text": "503 upstream is dim", "labels": [1]}, {"id": 2})
    ran = heron("diagnose", "-", "--json", given=given)
    assert ran.status == 0
    assert [row["id"] for row in ran.rows] == [1, 2]


def test_empty_lines_are_skipped_and_the_last_needs_no_line_break(heron: Heron) -> None:
    given = f"\n  \n{json.dumps(DIM)}\r\n\n{json.dumps(TALK)}"
    assert [row["id"] for row in heron("diagnose", "-", "--json", given=given).rows] == ["a", 3]


def test_nothing_in_is_nothing_out(heron: Heron) -> None:
    ran = heron("diagnose", "-", "--json", given="")
    assert (ran.status, ran.out) == (0, "")


def test_a_file_is_read_as_the_standard_input_is(heron: Heron, tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_text(lines(DIM), "utf-8")
    from_file = heron("diagnose", str(tmp_path / "posts.jsonl"), "--json").rows
    from_input = heron("diagnose", "--json", given=lines(DIM)).rows
    for row in (*from_file, *from_input):
        del row["elapsed_us"]
    assert from_file == from_input


def test_attachments_are_names_of_files_that_need_not_be_there(heron: Heron) -> None:
    post = {"id": 1, "text": "503 upstream is dim", "attachments": ["no/such/screen.png", "log.txt"]}
    (row,) = heron("diagnose", "-", "--json", given=lines(post)).rows
    assert row["action"] == "answer"


def test_other_scripts_stay_readable_in_the_output(heron: Heron) -> None:
    ran = heron(
        "diagnose",
        "-",
        "--json",
        given=lines({"id": "帖子", "text": "我的灯从今天早上开始一直报错，它说 503 upstream is dim 怎么办，谢谢大家"}),
    )
    assert '"帖子"' in ran.out
    assert "拒绝了请求" in ran.rows[0]["message"]


@pytest.mark.parametrize(
    "given",
    [
        b'{"id": 1, "text": "caf\xe9 503 upstream is dim"}\n',
        b'{"id": 1, "text": "\\ud83d 503 upstream is dim"}\n',
        b'{"id": "\\udc00", "text": "503 upstream is dim"}\n',
        b'{"id": 1, "title": "\\u0000", "text": "\\u0000 503 upstream is dim"}\n',
    ],
)
def test_text_in_a_broken_encoding_is_read_as_far_as_it_can_be(heron: Heron, given: bytes) -> None:
    for options in (["--json"], []):
        ran = heron("diagnose", "-", *options, given=given)
        assert ran.status == 0
        assert "upstream-dim" in ran.out
        ran.out.encode("utf-8")


def test_without_json_a_person_can_read_it(heron: Heron) -> None:
    ran = heron("diagnose", "-", given=lines(DIM, LEAK))
    assert ran.status == 0
    assert not ran.out.startswith("{")
    for said in ("answer", "upstream-dim", "1. Wait 30 seconds.", "warn", "dim"):
        assert said in ran.out
    assert "fakefakefake" not in ran.out
    assert "\x1b[" not in ran.out, "colours belong on a terminal"


def test_a_title_that_looks_like_the_terminals_own_markup_is_text(heron: Heron) -> None:
    ran = heron("diagnose", "-", given=lines({"id": "[red]", "title": "[/] [bold]x[/bold] [link=a]", "text": "[/]"}))
    assert ran.status == 0
    assert "[/] [bold]x[/bold] [link=a]" in ran.out


def test_the_time_can_be_given(heron: Heron) -> None:
    for at in ("2026-11-24T12:00:00Z", "2026-11-24", "2026-11-24T12:00:00+09:00"):
        assert heron("diagnose", "-", "--json", "--at", at, given=lines(DIM)).status == 0
