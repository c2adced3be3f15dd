"""The service's answers as values; whatever is not what it should be is left out or refused."""

from datetime import timedelta
from typing import Any

import pytest

from bot.extraction import Catalogue
from bot.helpdesk.ports import Endpoints, Incident, ServedBy
from bot.openrouter.api import Unavailable
from bot.openrouter.feed import read_incident
from bot.openrouter.shapes import read_endpoints, read_models
from tests.openrouter.samples import endpoint, endpoints, feed, model, models
from tests.shipped_knowledge import NOW

BEFORE = Catalogue(current=frozenset({"lamp/wick-1", "lamp/old"}), past=frozenset({"lamp/older"}))
AN_HOUR_AGO = "Tue, 24 Nov 2026 11:00:00 GMT"


def test_the_list_of_models_replaces_the_one_before_and_what_left_it_is_past() -> None:
    known = read_models(models(model("qwen/Qwen3-Coder")), before=BEFORE, read_at=NOW)
    assert "qwen/qwen3-coder" in known.catalogue.current
    assert known.catalogue.past == {"lamp/old", "lamp/older"}
    assert known.read_at == NOW


@pytest.mark.parametrize(
    ("prompt", "completion", "price"),
    [
        ("0.00000022", "0.00000095", ("0.22", "0.95")),
        ("0.00003", "0.00006", ("30.00", "60.00")),
        ("0.000000004", "0.00000001", ("0.0040", "0.01")),
        ("0", "0", None),
        ("-1", "-1", None),
        ("free", "NaN", None),
        ("1e999999999", "1", None),
    ],
)
def test_prices_are_those_of_a_million_tokens(prompt: str, completion: str, price: tuple[str, str] | None) -> None:
    answer = models(model("a/b", prompt=prompt, completion=completion))
    assert read_models(answer, before=BEFORE, read_at=NOW).prices.get("a/b") == price


@pytest.mark.parametrize(
    "answer",
    [[], {}, {"data": {}}, {"data": []}, {"data": [1, None, "a/b"]}, models(count=10), None, "text"],
)
def test_a_list_that_cannot_be_true_is_refused(answer: object) -> None:
    with pytest.raises(Unavailable):
        read_models(answer, before=BEFORE, read_at=NOW)


def test_a_list_of_half_as_many_as_before_is_refused() -> None:
    before = Catalogue(current=frozenset(f"a/{n}" for n in range(500)), past=frozenset())
    with pytest.raises(Unavailable, match="a list of 60 models"):
        read_models(models(), before=before, read_at=NOW)


@pytest.mark.parametrize("model_id", ["no-author", "a/b c", "a/" + "b" * 200, "a/b\n", "", 7, None])
def test_strange_ids_are_left_out(model_id: Any) -> None:
    known = read_models(models({"id": model_id}), before=BEFORE, read_at=NOW)
    assert len(known.catalogue.current) == 60


def test_endpoints_say_who_serves_a_model_and_how_well() -> None:
    answer = endpoints(
        endpoint("Chutes"), endpoint("DeepInfra", status=-2), endpoint("Together", uptime=None), {"status": 0}
    )
    assert read_endpoints(answer, read_at=NOW) == Endpoints(
        read_at=NOW,
        served_by=(
            ServedBy(provider="Chutes", uptime=99.5),
            ServedBy(provider="DeepInfra", is_up=False, uptime=99.5),
            ServedBy(provider="Together"),
        ),
    )


@pytest.mark.parametrize(
    "answer", [None, [], {"data": None}, {"data": {"endpoints": "none"}}, {"error": {"code": 500}}]
)
def test_what_holds_no_endpoints_is_refused(answer: object) -> None:
    with pytest.raises(Unavailable):
        read_endpoints(answer, read_at=NOW)


def test_strange_endpoints_are_left_out() -> None:
    answer = endpoints({"provider_name": 7}, {"provider_name": "x" * 100}, endpoint("Chutes", uptime=1000.0))
    assert read_endpoints(answer, read_at=NOW).served_by == (ServedBy(provider="Chutes"),)


def test_the_newest_open_incident_counts() -> None:
    body = feed(
        ("All is well again", AN_HOUR_AGO, "<b>Resolved</b>"),
        ("Errors  with\n chat completions", AN_HOUR_AGO, "We are looking into it"),
    )
    since = NOW - timedelta(hours=1)
    assert read_incident(body, read_at=NOW) == Incident(read_at=NOW, title="Errors with chat completions", since=since)


@pytest.mark.parametrize(
    "item",
    [
        ("Old", "Mon, 23 Nov 2026 11:00:00 GMT", "open"),
        ("Future", "Tue, 24 Nov 2026 13:00:00 GMT", "planned"),
        ("No date", "yesterday", "open"),
        ("", AN_HOUR_AGO, "open"),
        ("Resolved: errors", AN_HOUR_AGO, ""),
    ],
)
def test_other_items_are_no_incident_of_now(item: tuple[str, str, str]) -> None:
    assert read_incident(feed(item), read_at=NOW) is None


def test_a_long_title_is_cut() -> None:
    incident = read_incident(feed(("word " * 100, AN_HOUR_AGO, "")), read_at=NOW)
    assert incident is not None
    assert len(incident.title) <= 120


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>no feed",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss>&b;</rss>',
        b"<a>" * 50_000,
    ],
    ids=["nothing", "a page", "entities", "depth"],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(Unavailable):
        read_incident(body, read_at=NOW)
