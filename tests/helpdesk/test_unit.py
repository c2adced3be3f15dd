"""What belongs into one unit of work, and which events it means to the case."""

from collections import deque

import pytest

from bot.helpdesk.arrivals import Arrival, ThreadErased
from bot.helpdesk.unit import events_of, fold, opened, take
from bot.posts import Deleted, Edited, Role
from bot.triage.case import Case
from tests.helpdesk.arrivals import ASKER, GUILD, HELPER, THREAD, erased, message_id, rewrote, wrote
from tests.tiny_knowledge import tiny


@pytest.fixture
def case() -> Case:
    """A case whose first message was read."""
    view = tiny().view
    first = wrote(0, "hello", title="The lamp")
    empty = opened(first, view)
    assert empty is not None
    case, _ = fold(empty, events_of((first,), empty), view)
    return case


def test_a_post_and_what_follows_it_at_once_are_taken_together() -> None:
    lane: deque[Arrival] = deque([wrote(0), wrote(1), rewrote(0), wrote(2)])
    assert take(lane, None) == (wrote(0), wrote(1))


def test_a_case_opens_with_the_first_message_of_its_thread_and_a_masked_title() -> None:
    title = "key lk-0123456789abcdef0123456789 is dim"
    case = opened(wrote(0, title=title), tiny().view)
    assert case is not None
    assert (case.thread_id, case.asker_id) == (THREAD, ASKER)
    assert "lk-0123" not in case.title
    assert case.title.endswith("is dim")


@pytest.mark.parametrize("arrival", [wrote(1), rewrote(0), erased(0), ThreadErased(guild_id=GUILD, thread_id=THREAD)])
def test_a_thread_that_was_not_seen_from_its_start_is_no_case(arrival: Arrival) -> None:
    assert opened(arrival, tiny().view) is None


def test_an_edit_is_the_askers_only_when_the_asker_made_it(case: Case) -> None:
    events = (*events_of((rewrote(0),), case), *events_of((rewrote(1, by=HELPER),), case))
    assert [event.post.role for event in events if isinstance(event, Edited)] == [Role.ASKER, Role.STAFF]


def test_a_message_that_was_never_read_is_not_missed(case: Case) -> None:
    assert events_of((erased(0, 9),), case) == (Deleted(message_id=message_id(0)),)


def test_a_deleted_thread_is_the_deletion_of_each_message_newest_first(case: Case) -> None:
    view = tiny().view
    case, _ = fold(case, events_of((wrote(1),), case), view)
    gone = events_of((ThreadErased(guild_id=GUILD, thread_id=THREAD),), case)
    assert gone == (Deleted(message_id=message_id(1)), Deleted(message_id=message_id(0)))
