"""The checker itself: it is there, it has been used, and it bites on either side."""

import json
from typing import Any

import pytest

from bot.playground import Exchange, Playground
from tests.playground.client import Client
from tests.playground.contract import Contract, description_path

needs_description = pytest.mark.skipif(
    not description_path().exists(),
    reason=f"Discord's API description is not at {description_path()}; DISCORD_OPENAPI names another place",
)
MESSAGES = "/channels/{channel_id}/messages"


def exchange(**changes: Any) -> Exchange:
    kept: dict[str, Any] = {
        "method": "POST",
        "route": MESSAGES,
        "path": "/channels/1/messages",
        "query": {},
        "request": {"content": "hello"},
        "status": 429,
        "response": {"message": "You are being rate limited.", "retry_after": 1.0, "global": False, "code": 0},
    }
    return Exchange(**kept | changes)


@needs_description
@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"route": "/nowhere"}, "does not know it"),
        ({"response": {"message": "slow down"}}, "'code' is a required property"),
        ({"status": 404, "response": {"code": "10008", "message": "Unknown Message"}}, "is not of type 'integer'"),
        ({"status": 404, "response": {"code": 1, "message": "", "hint": ""}}, "'hint' was unexpected"),
        ({"status": 302}, "status 302 is not described"),
        ({"status": 200}, "is a required property"),
        (
            {"method": "GET", "query": {"limit": "101"}, "request": None, "status": 200, "response": []},
            "maximum of 100",
        ),
        ({"method": "GET", "query": {"page": "1"}, "request": None, "status": 200, "response": []}, "?page"),
    ],
)
def test_a_breach_is_found(changes: dict[str, Any], complaint: str) -> None:
    contract = Contract()
    contract.exchanged(exchange(**changes))
    with pytest.raises(AssertionError, match="breaches"):
        contract.assert_kept()
    assert any(complaint in breach for breach in contract.breaches), contract.breaches


@needs_description
@pytest.mark.parametrize(
    ("request_body", "complaint"),
    [
        ({"content": "x" * 2_001}, "too long"),
        ({"content": "hello", "colour": "red"}, "'colour' was unexpected"),
        ({"content": "hello", "components": [{"type": 1, "components": []}]}, "not valid under any"),
        (None, "a body is required"),
    ],
)
async def test_a_request_that_discord_would_not_know_is_a_breach(
    request_body: dict[str, Any] | None, complaint: str, playground: Playground, client: Client
) -> None:
    post = playground.control.create_post("429", "help")
    message = await client.http.get_message(post.id, post.id)
    contract = Contract()
    contract.exchanged(exchange(request=request_body, status=200, response=message))
    assert len(contract.breaches) == 1, contract.breaches
    assert complaint in contract.breaches[0]


@needs_description
def test_what_a_bot_should_not_even_try_is_found_when_asked_for() -> None:
    refused = exchange(request={"content": "x" * 2_001}, status=400, response={"code": 50035, "message": "Invalid"})
    forgiving, strict = Contract(), Contract(also_refused=True)
    forgiving.exchanged(refused)
    strict.exchanged(refused)
    assert (len(forgiving.breaches), len(strict.breaches)) == (0, 1)


@needs_description
def test_every_route_is_one_of_discords() -> None:
    described = json.loads(description_path().read_text("utf-8"))["paths"]
    assert [(method, route) for method, route in Playground().routes if method.lower() not in described[route]] == []


@needs_description
async def test_an_event_with_a_misspelt_key_is_a_breach(playground: Playground, client: Client) -> None:
    await client.saw("ready")
    contract = Contract()
    good = {"id": "1", "type": 0, "flags": 0, "guild_id": "1", "name": "general", "position": 0}
    contract.dispatched("CHANNEL_UPDATE", good)
    contract.assert_kept()
    contract.dispatched("CHANNEL_UPDATE", good | {"postion": 1})
    assert contract.breaches
    assert playground.unimplemented == []


@needs_description
async def test_what_a_client_does_first_is_checked(contract: Contract, client: Client) -> None:
    await client.saw("ready")
    first = {"GET /users/@me", "GET /oauth2/applications/@me", "GET /gateway/bot", "READY", "GUILD_CREATE"}
    assert first <= contract.checked
