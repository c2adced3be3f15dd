"""A thread held against its case: what counts as missed, how late it is, and which messages are Heron's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.helpdesk.arrivals import Arrival, Erased, Rewrote, Wrote
from bot.helpdesk.ports import WINDOW
from bot.helpdesk.reconcile import Bounds, Seen, adoptable, missed
from bot.helpdesk.threads import OwnMessage, Place
from bot.helpdesk.unit import events_of, fold, opened
from bot.posts import Heard, MessageId, Post, UserId
from bot.triage.case import Case, KnownMessage, Reply
from tests.helpdesk.arrivals import APP, ASKER, GUILD, HELPER, THREAD, erased, message_id, post, rewrote, wrote
from tests.helpdesk.fakes import bare, body
from tests.shipped_knowledge import NOW
from tests.tiny_knowledge import tiny

PLACE = Place(guild_id=GUILD, channel_id=THREAD)
STRANGER = UserId(14)
VIEW = tiny().view
DIM = '{"error": {"message": "upstream is dim, wait 5 seconds", "code": 503}}'


def seen(*posts: Post, reaches_back_to: int | None = None, is_closed: bool = False) -> Seen:
    beyond = None if reaches_back_to is None else message_id(reaches_back_to)
    return Seen(posts=posts, reaches_back_to=beyond, is_closed=is_closed)


def case_of(*arrivals: Arrival) -> Case:
    return live(None, arrivals)


def live(case: Case | None, arrivals: Sequence[Arrival]) -> Case:
    """Each arrival as a unit of its own, its reply posted before the next."""
    for arrival in arrivals:
        case = taken(case, [arrival])
    assert case is not None
    return case


def taken(case: Case | None, unit: Sequence[Arrival]) -> Case:
    case = case or opened(unit[0], VIEW)
    assert case is not None
    case, _ = fold(case, events_of(unit, case), VIEW)
    ordered = tuple(sorted(case.messages, key=lambda message: message.message_id))
    return replace(case, messages=ordered, replies=tuple(replace(r, is_posted=True) for r in case.replies))


def by(person: UserId, number: int, text: str) -> Post:
    return post(number, text, by=person) if person != STRANGER else replace(post(number, text), author_id=STRANGER)


def what(arrivals: Sequence[Arrival]) -> list[tuple[str, int, Heard]]:
    return [(type(a).__name__, a.post.message_id - THREAD, a.heard) for a in arrivals if isinstance(a, Wrote | Rewrote)]


def test_a_thread_that_nobody_knows_is_all_new() -> None:
    found = missed(PLACE, seen(post(0), post(1, "more")), None, VIEW, Bounds())
    assert what(found) == [("Wrote", 0, Heard.LATE), ("Wrote", 1, Heard.LATE)]


def test_a_thread_without_words_has_nothing_to_tell() -> None:
    assert missed(PLACE, seen(), None, VIEW, Bounds()) == ()


def test_deletions_come_first_then_changes_then_what_is_new() -> None:
    case = case_of(wrote(0, "a"), wrote(1, "b"), wrote(2, "c"))
    found = missed(PLACE, seen(post(0, "a"), post(2, "changed"), post(3, "new")), case, VIEW, Bounds())
    assert found[0] == erased(1)
    assert what(found) == [("Rewrote", 2, Heard.LATE), ("Wrote", 3, Heard.LATE)]


def test_what_others_change_in_their_messages_makes_no_difference() -> None:
    case = case_of(wrote(0, "a"), wrote(1, "b", by=HELPER))
    assert missed(PLACE, seen(post(0, "a"), by(HELPER, 1, "changed")), case, VIEW, Bounds()) == ()


def test_what_lies_beyond_the_newest_hundred_is_not_taken_for_deleted() -> None:
    case = case_of(wrote(0, "a"), wrote(1, "b"), wrote(2, "c"))
    found = missed(PLACE, seen(post(2, "c"), reaches_back_to=1), case, VIEW, Bounds())
    assert found == (erased(1),)


def test_what_was_read_before_the_newest_hundred_of_the_case_is_not_taken_for_new() -> None:
    """Of the messages that the case is loaded with some may be gone, so older ones come into sight again."""
    case = case_of(wrote(0, "a"))
    known = tuple(replace(case.messages[0], message_id=message_id(n)) for n in range(10, 10 + WINDOW))
    case = replace(case, messages=known)
    posts = [post(n, "a") for n in range(5, 10 + WINDOW) if n != 50]
    assert missed(PLACE, seen(*posts), case, VIEW, Bounds()) == (erased(50),)


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (by(HELPER, 1, "ok"), Heard.TOO_LATE),
        (by(STRANGER, 1, "did you try another lamp in that socket?"), Heard.TOO_LATE),
        (by(STRANGER, 1, "same here"), Heard.LATE),
        (by(APP, 1, "Thread opened by an app, have a nice day everybody"), Heard.LATE),
        (by(ASKER, 1, "it works now, thanks"), Heard.TOO_LATE),
        (by(ASKER, 1, "it works now, but how do I stop it?"), Heard.LATE),
    ],
)
def test_whose_word_makes_a_post_an_answered_one(answer: Post, heard: Heard) -> None:
    assert what(missed(PLACE, seen(post(0, DIM), answer), None, VIEW, Bounds()))[0] == ("Wrote", 0, heard)


def test_what_comes_after_a_persons_word_is_not_answered_by_it() -> None:
    found = missed(PLACE, seen(post(0), by(HELPER, 1, "ok"), post(2)), None, VIEW, Bounds())
    before, _, after = what(found)
    assert (before[2], after[2]) == (Heard.TOO_LATE, Heard.LATE)


def test_a_last_word_that_it_works_settles_what_is_open() -> None:
    case = case_of(wrote(0, DIM))
    (arrival,) = missed(PLACE, seen(post(0, DIM), post(1, "it works now, thanks")), case, VIEW, Bounds())
    assert isinstance(arrival, Wrote)
    assert arrival.heard is Heard.LATE


def test_old_posts_and_closed_threads_are_only_kept() -> None:
    old = replace(post(0), at=NOW - timedelta(hours=13))
    assert what(missed(PLACE, seen(old), None, VIEW, Bounds())) == [("Wrote", 0, Heard.TOO_LATE)]
    closed = seen(post(0), is_closed=True)
    assert what(missed(PLACE, closed, None, VIEW, Bounds())) == [("Wrote", 0, Heard.TOO_LATE)]


def own(number: int, content: str, *, key: str = "", answers: int | None = None) -> OwnMessage:
    return OwnMessage(
        message_id=message_id(number),
        content=content,
        custom_ids=(f"h1:{key}:solved",) if key else (),
        answers=None if answers is None else message_id(answers),
    )


def reply(key: str, question: int = 0, *, is_posted: bool = False) -> Reply:
    return Reply(key=key, question_id=message_id(question), plan=None, revision=1, is_posted=is_posted)


def test_a_message_with_the_key_in_a_button_is_that_replys() -> None:
    stands = own(5, "other words", key="k-a", answers=0)
    assert adoptable([stands], [reply("k-a")], {"k-a": body()}) == {"k-a": message_id(5)}


def test_a_message_that_answers_the_same_question_with_the_same_words_is_that_replys() -> None:
    stands = own(5, "words\n", answers=0)
    assert adoptable([stands], [reply("k-a")], {"k-a": bare("words")}) == {"k-a": message_id(5)}
    assert adoptable([stands], [reply("k-a", question=1)], {"k-a": bare("words")}) == {}
    assert adoptable([stands], [reply("k-a")], {"k-a": bare("other words")}) == {}
    assert adoptable([stands], [reply("k-a")], {"k-a": None}) == {}


def test_a_reply_that_is_known_to_stand_adopts_nothing() -> None:
    assert adoptable([own(5, "words", key="k-a")], [reply("k-a", is_posted=True)], {}) == {}


@dataclass
class Forum:
    """What Discord would tell and show of a thread: every change as an arrival, and the messages as they stand."""

    standing: dict[int, Post] = field(default_factory=dict)
    told: list[Arrival] = field(default_factory=list)
    number: int = 0

    def play(self, move: tuple[str, UserId, str, int]) -> None:
        kind, person, text, choice = move
        if kind == "write" or not self.standing:
            author = ASKER if self.number == 0 else person
            self.standing[self.number] = by(author, self.number, text)
            self.told.append(Wrote(guild_id=GUILD, thread_id=THREAD, post=self.standing[self.number]))
            self.number += 1
            return
        number = sorted(self.standing)[choice % len(self.standing)]
        if kind == "edit":
            self.standing[number] = replace(self.standing[number], text=text)
            self.told.append(Rewrote(guild_id=GUILD, thread_id=THREAD, post=self.standing[number]))
        else:
            del self.standing[number]
            self.told.append(Erased(guild_id=GUILD, thread_id=THREAD, message_ids=(message_id(number),)))

    @property
    def seen(self) -> Seen:
        return Seen(posts=tuple(self.standing[number] for number in sorted(self.standing)))


TEXTS = (DIM, "wick limit reached", "I built a lamp shelf this weekend, look at it", "thanks", "anybody? please help")
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "edit", "delete"]),
        st.sampled_from([ASKER, ASKER, HELPER, STRANGER, APP]),
        st.sampled_from(TEXTS),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=8,
)


def kept(case: Case) -> list[KnownMessage]:
    """The messages; an edit of somebody else's is nobody's affair."""
    return [m if m.author_id == ASKER else replace(m, digest="") for m in case.messages]


@settings(max_examples=60)
@given(heard=MOVES, unheard=MOVES)
def test_whatever_was_missed_the_case_knows_in_the_end_what_it_would_have_known(
    heard: list[tuple[str, UserId, str, int]], unheard: list[tuple[str, UserId, str, int]]
) -> None:
    forum = Forum()
    for move in heard:
        forum.play(move)
    before = live(None, forum.told)
    told = len(forum.told)
    for move in unheard:
        forum.play(move)
    was_there = live(before, forum.told[told:])
    found = missed(PLACE, forum.seen, before, VIEW, Bounds())
    caught_up = taken(before, found)
    assert kept(caught_up) == kept(was_there)
    assert {m.message_id for m in caught_up.messages} == {message_id(n) for n in forum.standing}
    standing = [post.role for post in forum.standing.values() if post.author_id == HELPER]
    assert caught_up.staff_spoke_at is not None or not standing
    assert missed(PLACE, forum.seen, caught_up, VIEW, Bounds()) == ()


@settings(max_examples=40)
@given(moves=MOVES)
def test_a_thread_that_was_followed_as_it_happened_has_nothing_missed(
    moves: list[tuple[str, UserId, str, int]],
) -> None:
    forum = Forum()
    for move in moves:
        forum.play(move)
    assert missed(PLACE, forum.seen, live(None, forum.told), VIEW, Bounds()) == ()


def test_what_is_heard_live_behind_a_look_changes_nothing_more() -> None:
    case = case_of(wrote(0, "a"))
    case = taken(case, missed(PLACE, seen(post(0, "b"), post(1, DIM)), case, VIEW, Bounds()))
    assert live(case, [rewrote(0, "b"), wrote(1, DIM), rewrote(1, DIM)]) == case


def test_ids_of_messages_are_kept_as_they_are() -> None:
    (gone,) = missed(PLACE, seen(), case_of(wrote(0, "a")), VIEW, Bounds())
    assert gone == erased(0)
    assert isinstance(gone, Erased)
    assert gone.message_ids == (MessageId(int(THREAD)),)
