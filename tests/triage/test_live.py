"""Answers that know the present: each statement has its time, and nothing stale or unknown is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.extraction import Catalogue
from bot.lines import PostLine
from bot.replay import diagnose
from bot.triage.live import Endpoints, Incident, Live, LiveCatalogue, ServedBy, live_values
from bot.triage.view import View
from tests.shipped_knowledge import NOW, shipped

CATALOGUE = LiveCatalogue(
    read_at=NOW - timedelta(minutes=30),
    catalogue=Catalogue(
        current=frozenset({"qwen/qwen3-coder", "openai/gpt-5.1", "z-ai/glm-4.5-air:free"}),
        past=frozenset({"moonshotai/kimi-k2:free"}),
    ),
    prices={"qwen/qwen3-coder": ("0.22", "0.95")},
)


def served(*providers: ServedBy) -> Live:
    return Live(endpoints={"qwen/qwen3-coder": Endpoints(read_at=NOW, served_by=providers)})


def up(name: str) -> ServedBy:
    return ServedBy(provider=name, uptime=99.0)


def down(name: str) -> ServedBy:
    return ServedBy(provider=name, is_up=False, uptime=12.3)


def test_a_model_that_is_listed_needs_no_remark() -> None:
    for model in (
        "qwen/qwen3-coder",
        "Qwen/Qwen3-Coder",
        "qwen/qwen3-coder:nitro",
        "@preset/mine",
        "z-ai/glm-4.5-air:free",
    ):
        assert live_values(Live(catalogue=CATALOGUE), model, None) == {}


def test_a_free_variant_that_is_not_listed_names_the_paid_one_and_its_price() -> None:
    assert live_values(Live(catalogue=CATALOGUE), "qwen/qwen3-coder:free", None) == {
        "no_free_variant": "qwen/qwen3-coder",
        "paid_price": "$0.22 in, $0.95 out",
        "listed_at": "11:30 UTC",
    }


def test_without_a_price_none_is_named() -> None:
    assert "paid_price" not in live_values(Live(catalogue=CATALOGUE), "openai/gpt-5.1:free", None)


def test_an_id_that_is_not_listed_is_told_with_the_nearest_that_is() -> None:
    values = live_values(Live(catalogue=CATALOGUE), "qwen/qwen3-codr", None)
    assert values["nearest_model"] == "qwen/qwen3-coder"
    assert values["listed_at"] == "11:30 UTC"


def test_what_resembles_nothing_gets_no_suggestion() -> None:
    values = live_values(Live(catalogue=CATALOGUE), "lamp/wick-9000", None)
    assert values == {"unlisted_model": "lamp/wick-9000", "listed_at": "11:30 UTC"}


def test_a_provider_that_serves_alone_is_named() -> None:
    for blamed in ("chutes", None):
        values = live_values(served(up("Chutes"), up("Chutes")), "Qwen/qwen3-coder", blamed)
        assert values == {"only_provider": "Chutes", "serving_providers": ("Chutes",), "seen_at": "12:00 UTC"}


def test_nobody_serves_alone_when_the_error_blames_another() -> None:
    assert "only_provider" not in live_values(served(up("Chutes")), "qwen/qwen3-coder", "DeepInfra")


def test_who_is_failing_does_not_count_as_serving() -> None:
    assert "serving_providers" not in live_values(served(down("Chutes")), "qwen/qwen3-coder", None)


def test_a_provider_that_fails_is_named_with_those_that_work() -> None:
    values = live_values(served(down("Chutes"), up("DeepInfra"), down("Together")), "qwen/qwen3-coder", "chutes")
    assert values["failing_provider"] == "Chutes"
    assert values["failing_uptime"] == "12 %"
    assert values["working_providers"] == ("DeepInfra",)


@pytest.mark.parametrize("others", [(up("Chutes"),), (ServedBy(provider="Chutes"),)])
def test_a_provider_with_one_endpoint_that_works_is_not_failing(others: tuple[ServedBy, ...]) -> None:
    assert "failing_provider" not in live_values(served(down("Chutes"), *others), "qwen/qwen3-coder", "Chutes")


def test_a_provider_that_nobody_blamed_is_not_judged() -> None:
    assert "failing_provider" not in live_values(served(down("Chutes")), "qwen/qwen3-coder", None)


def test_an_incident_is_told_with_its_beginning_whatever_the_model() -> None:
    live = Live(incident=Incident(read_at=NOW, title="Errors with chat", since=NOW - timedelta(hours=1)))
    assert live_values(live, None, None) == {"incident": "Errors with chat", "incident_since": "11:00 UTC"}


@pytest.mark.parametrize("age", [timedelta(hours=4)])
def test_what_is_stale_is_not_said(age: timedelta) -> None:
    live = Live(
        catalogue=replace(CATALOGUE, read_at=NOW - age),
        endpoints={"qwen/qwen3-coder:free": Endpoints(read_at=NOW - age, served_by=(up("Chutes"),))},
        incident=Incident(read_at=NOW - age, title="Errors", since=NOW - age),
    )
    assert live_values(live.fresh(NOW), "qwen/qwen3-coder:free", "Chutes") == {}


UPSTREAM = (
    '{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"qwen/qwen3-coder:free is temporarily '
    'rate-limited upstream. Please retry shortly","provider_name":"Chutes"}}}'
)
FAILED = '{"error":{"message":"Provider returned error","code":502,"metadata":{"provider_name":"Chutes"}}}'
OVERLOADED = '{"error":{"message":"Service temporarily overloaded","code":503,"metadata":{"provider_name":"Chutes"}}}'
UNSERVED = '{"error":{"message":"No endpoints found for qwen/qwen3-coder.","code":404}}'
INVALID = '{"error":{"message":"qwen/qwen3-codr is not a valid model ID","code":400}}'


def answer(text: str, live: Live) -> str:
    view: View = replace(shipped().view, live=live)
    message = diagnose(PostLine(id=1, title="please help", text=text), view, shipped().templates).message
    assert message is not None
    return message


def test_an_answer_is_the_same_without_live_facts_as_with_stale_ones() -> None:
    stale = Live(catalogue=replace(CATALOGUE, read_at=NOW - timedelta(hours=4)))
    assert answer(UPSTREAM, stale) == answer(UPSTREAM, Live())


def test_the_answer_about_a_wrong_id_names_the_nearest_and_when_the_list_was_read() -> None:
    said = answer(INVALID, Live(catalogue=CATALOGUE))
    assert "`qwen/qwen3-coder`" in said
    assert "11:30 UTC" in said
    assert "11:30 UTC" not in answer(INVALID, Live())


def test_the_answer_about_a_full_provider_says_that_it_serves_the_model_alone() -> None:
    endpoints = {"qwen/qwen3-coder:free": Endpoints(read_at=NOW, served_by=(up("Chutes"),))}
    said = answer(UPSTREAM, Live(endpoints=endpoints))
    assert "12:00 UTC" in said
    assert "Chutes alone" in said or "Only Chutes" in said


#: What each answer advises as long as others may serve the model, English and Chinese.
ELSEWHERE = (
    "Let another serve", "Let others serve", "Ignored providers", "Other providers", "provider pins",
    "Take pins", "every provider",
    "让别的提供商来", "让其他提供商", "去试其他提供商", "去掉", "所有提供商都",
)  # fmt: skip


@pytest.mark.parametrize("error", [UPSTREAM.replace(":free", ""), FAILED, OVERLOADED], ids=["429", "502", "503"])
@pytest.mark.parametrize("words", ["with qwen/qwen3-coder", "用 qwen/qwen3-coder 报错，请问怎么办"], ids=["en", "zh"])
def test_where_one_serves_alone_no_step_sends_to_others(error: str, words: str) -> None:
    post = f"{words}\n{error}"
    alone = answer(post, served(up("Chutes")))
    assert "12:00 UTC" in alone
    assert [advice for advice in ELSEWHERE if advice in alone] == []
    assert [advice for advice in ELSEWHERE if advice in answer(post, Live())] != []
    assert answer(post, served(up("DeepInfra"))) == answer(post, Live())


def test_no_provider_was_found_and_some_serve_the_model_now() -> None:
    said = answer(UNSERVED, served(down("Chutes"), up("DeepInfra")))
    assert "Looked up 12:00 UTC: `qwen/qwen3-coder` is served by `DeepInfra`." in said
    assert "Try again" in said
    assert "Take another model" not in said


def test_without_a_look_the_answer_states_only_what_the_error_did() -> None:
    said = answer(UNSERVED, Live())
    assert "OpenRouter found no provider for `qwen/qwen3-coder`" in said
    assert "at the moment" not in said
    assert "Take another model" in said


def test_a_hostile_name_of_a_provider_stays_text() -> None:
    name = "@everyone **[x](https://example.com)**"
    endpoints = {"qwen/qwen3-coder:free": Endpoints(read_at=NOW, served_by=(up(name),))}
    said = answer(UPSTREAM, Live(endpoints=endpoints))
    assert "@everyone" not in said
    assert "[x](https" not in said
