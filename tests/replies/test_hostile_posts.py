"""Whatever is posted: a valid message or none, no secret anywhere, no live mention, and no exception."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.extraction import CAP_BYTES
from bot.lines import PostLine, post_json
from bot.replay import Played, diagnose
from tests.replies.hostile_posts import KEYS, POSTS, digits, fake_credentials, posts
from tests.replies.messages import HARD, content_faults
from tests.shipped_knowledge import shipped

#: So many characters in a row of a secret would help whoever looks for it.
PIECE = 10


def diagnosed(text: str, title: str = "") -> Played:
    return diagnose(PostLine(id=1, title=title, text=text), shipped().view, shipped().templates)


def faults_of(played: Played) -> list[str]:
    said = [text for text in (played.message, *played.cards) if text is not None]
    return [fault for text in said for fault in content_faults(text, limit=HARD)]


def everything_printed(played: Played, text: str = "") -> str:
    line = post_json(PostLine(id=1, text=text), played.decision, played.message, played.cards, 0)
    return json.dumps(line, ensure_ascii=False)


def leaked(secret: str, output: str) -> str | None:
    """A piece of the secret that can be read in the output."""
    core = secret.removeprefix("Bearer ").removesuffix("@example.com")
    core = core.rpartition("-v1-")[2] if core.startswith("sk-or-") else core
    pieces = (core[at : at + PIECE] for at in range(max(1, len(core) - PIECE + 1)))
    return next((piece for piece in pieces if piece in output), None)


@pytest.mark.parametrize("text", POSTS, ids=range(len(POSTS)))
def test_a_hostile_post_gets_a_valid_message_or_none(text: str) -> None:
    for played in (diagnosed(text), diagnosed("it does not work", title=text[:300])):
        assert faults_of(played) == []
        assert played.decision.reason


def test_there_are_enough_hostile_posts() -> None:
    assert len(set(POSTS)) >= 40


@settings(max_examples=200)
@given(posts(), st.one_of(st.just(""), posts()))
def test_any_post_gets_a_valid_message_or_none(text: str, title: str) -> None:
    played = diagnosed(text, title)
    assert faults_of(played) == []
    assert json.loads(everything_printed(played).encode("utf-8", "replace"))["reason"]


@settings(max_examples=200)
@given(posts(), fake_credentials(), posts())
def test_no_piece_of_a_credential_is_in_anything_that_is_printed(
    before: str, credential: tuple[str, str], after: str
) -> None:
    secret, in_context = credential
    played = diagnosed(f"{before}\n{in_context}\n{after}", title=in_context)
    assert leaked(secret, everything_printed(played)) is None


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_every_kind_of_credential_is_masked_in_post_and_title(kind: str) -> None:
    secret = KEYS[kind](digits(1))
    said = f"429 temporarily rate-limited upstream with {secret} here"
    output = everything_printed(diagnosed(said, title=f"help {secret}"))
    assert leaked(secret, output) is None


def test_a_key_that_is_split_over_lines_is_masked_whole() -> None:
    secret = KEYS["service"](digits(2))
    output = everything_printed(diagnosed(f"key:\n{secret[:40]}\n{secret[40:]}\n429 Too Many Requests"))
    assert leaked(secret, output) is None


def test_a_key_at_the_place_where_a_long_post_is_cut_is_masked() -> None:
    secret = KEYS["service"](digits(3))
    for at in range(CAP_BYTES // 2 - 80, CAP_BYTES // 2 + 80, 10):
        output = everything_printed(diagnosed(f"{'w ' * (at // 2)}{secret} {'v ' * CAP_BYTES}"))
        assert leaked(secret, output) is None


@pytest.mark.parametrize("unit", ["a ", "429 ", "😀", "{", '"'])
def test_of_a_long_post_head_and_tail_are_read_and_no_more(unit: str) -> None:
    played = diagnosed(f"head 402 {unit * (4 * CAP_BYTES // len(unit.encode()))} tail 429")
    report = played.decision.report
    assert report is not None
    assert len(report.text.encode()) <= CAP_BYTES
    assert report.text.startswith("head 402")
    assert report.text.endswith("tail 429")


def test_the_same_post_twice_gives_the_same() -> None:
    for text in POSTS[:30]:
        assert diagnosed(text) == diagnosed(text)
