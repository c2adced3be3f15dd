"""Heron asks for the permissions that its calls need and for no more, and says at the start which are missing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cogs import permissions
from bot.cogs.permissions import NEEDS
from bot.playground import Playground
from bot.playground.permissions import Permission
from tests.end_to_end.conftest import OpenHouse

ROOT = Path(__file__).parents[2]
COGS = Path(permissions.__file__).parent
#: What a call of the library needs, by the end of its name. Every other awaited call is Heron's own.
CALLS: dict[str, set[str]] = {
    ".send": {"Send Messages", "Send Messages in Threads", "View Channel"},
    "followup.send": {"Attach Files"},
    ".edit": set(),  # a message of its own
    ".delete": {"Manage Messages"},
    ".pin": {"Pin Messages"},
    ".history": {"Read Message History", "View Channel"},
    ".archived_threads": {"Read Message History", "View Channel"},
    ".active_threads": set(),
    ".add_reaction": {"Add Reactions", "Read Message History"},
    ".fetch_channel": {"View Channel"},
    ".fetch_member": set(),
    "http.edit_channel": {"Manage Threads"},
    "response.defer": set(),
    "response.send_modal": set(),
    ".edit_original_response": set(),
    "_tree.sync": set(),
    "http.get_bot_gateway": set(),
}
#: Methods of Heron's own that end like one of the library's, or are not defined in this room.
OWN = (
    "asyncio.wait", "pace.turn", "request", "on_press", "on_form", "listener", "work", "acknowledge", "wish_of",
    "_archived", "self.start", "super().close", "privately.tell", "is_known.wait",
)  # fmt: skip


def awaited() -> Iterator[str]:
    for path in sorted(COGS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.value if isinstance(node, ast.Await) else None
            if isinstance(node, ast.AsyncFor) or (isinstance(node, ast.comprehension) and node.is_async):
                called = node.iter
            if isinstance(called, ast.Call):
                yield ast.unparse(called.func)


def is_own(name: str) -> bool:
    """A function of this room, what it hands on, or a method of an object of Heron's."""
    of_ours = r"(self\._(?!channel|client|interaction|tree)\w+|self|\w*servers)(\.|\Z)"
    return "." not in name or name.endswith(OWN) or re.match(of_ours, name) is not None


def test_every_call_to_discord_is_on_the_list_with_what_it_needs() -> None:
    unknown = [name for name in awaited() if not is_own(name) and not name.endswith(tuple(CALLS))]
    assert unknown == []


def test_the_permissions_that_are_asked_for_are_those_that_the_calls_need() -> None:
    used = {end for name in awaited() for end in CALLS if name.endswith(end)}
    assert used == set(CALLS)
    assert {permission for end in used for permission in CALLS[end]} == {need.name for need in NEEDS}


def test_the_page_lists_the_same_permissions_in_the_same_places() -> None:
    page = (ROOT / "docs" / "operating.md").read_text("utf-8").partition("## Permissions")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z][\w ]+) \| ([^|]+) \|", page, re.MULTILINE)
    places = {
        need.name: ", ".join(["forum"] * need.in_forum + ["moderators' channel"] * need.in_moderators) for need in NEEDS
    }
    assert dict(rows) == places


async def test_a_start_with_all_permissions_complains_of_nothing(
    open_house: OpenHouse, caplog: pytest.LogCaptureFixture
) -> None:
    await open_house()
    assert [r for r in caplog.records if "no permission" in r.getMessage()] == []


async def test_a_start_says_which_permission_is_missing_where_and_what_is_lost(
    open_house: OpenHouse, playground: Playground, caplog: pytest.LogCaptureFixture
) -> None:
    world = playground.world
    playground.control.set_permissions(world.forum, deny=Permission.ADD_REACTIONS | Permission.MANAGE_MESSAGES)
    playground.control.set_permissions(world.moderators, deny=Permission.VIEW_CHANNEL)
    await open_house()
    said = [r.getMessage() for r in caplog.records if "no permission" in r.getMessage()]
    server = f"of server {world.guild.id}:"
    assert said == [
        f"no permission Add Reactions in channel {world.forum.id} {server} no nod to !mute",
        f"no permission Manage Messages in channel {world.forum.id} {server} moderators cannot delete a leaked key",
        f"no permission View Channel in channel {world.moderators.id} {server} nothing is heard there",
    ]
