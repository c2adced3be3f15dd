"""What the playground does not play answers 501, and docs/playground.md lists it: every line of the list is tried."""

import re
from pathlib import Path

import aiohttp
import pytest

from bot.playground import Playground

DOCS = (Path(__file__).parents[2] / "docs" / "playground.md").read_text("utf-8")
LIST = DOCS.partition("## Not played")[2].partition("\n## ")[0].partition("\n- ")[2]
LISTED = re.findall(r"`([A-Z]+) (/[^`]*)`", LIST)


def test_the_list_is_there() -> None:
    assert len(LISTED) > 10


@pytest.mark.parametrize(("method", "route"), LISTED)
async def test_what_is_listed_answers_501_and_is_remembered(playground: Playground, method: str, route: str) -> None:
    path = re.sub(r"\{[^}]*\}", "1", route)
    headers = {"Authorization": f"Bot {playground.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.request(method, playground.api_url + path) as answer,
    ):
        assert answer.status == 501
        assert path in (await answer.json())["message"]
    assert playground.unimplemented == [f"{method} {path}"]
    assert (method, route) not in playground.routes
