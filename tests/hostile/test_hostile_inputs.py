"""Twenty thousand hostile posts through the whole of diagnose: each a valid message or none, nothing live, no secret.

`make hostile`, and with it CI, takes all of them; `make test` takes every tenth.
"""

import json
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.lines import PostLine, post_json
from bot.replay import Played, diagnose
from bot.storage.serialise import card_features, decision_features
from tests.hostile.corpus import ATTACKS, SIZE, Input, made
from tests.replies.hostile_posts import fake_credentials, posts
from tests.replies.messages import HARD, content_faults
from tests.replies.test_hostile_posts import leaked
from tests.shipped_knowledge import shipped

IS_WHOLE = os.environ.get("HOSTILE") == "all"
EVERY = 1 if IS_WHOLE else 10
#: The corpus is gone through in this many tests, so that a failure stops one of them only.
PARTS = 20
#: Made by hypothesis, the same each time.
DRAWN = 3_000


def diagnosed(one: Input) -> Played:
    return diagnose(PostLine(id=1, title=one.title, text=one.text), shipped().view, shipped().templates)


def faults(one: Input) -> Iterator[str]:
    played = diagnosed(one)
    for said in (played.message, *played.cards):
        if said is not None:
            yield from content_faults(said, limit=HARD)
    reason = played.decision.reason
    if not reason or len(reason.splitlines()) != 1 or not reason.isprintable():
        yield f"is explained by {reason!r}"
    if one.secret is not None and (piece := leaked(one.secret, everything(played, one))) is not None:
        yield f"shows {piece} of a secret"


def everything(played: Played, one: Input) -> str:
    """What is printed, and what would be stored beside the masked text."""
    line = post_json(PostLine(id=1, text=one.text), played.decision, played.message, played.cards, 0)
    kept = [decision_features(played.decision), *(card_features(card) for card in played.decision.cards)]
    assert played.decision.report is None or leaked(one.secret or "", played.decision.report.text) in (None, "")
    return json.dumps([line, kept], ensure_ascii=False)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_input_of_the_corpus_gets_a_valid_message_or_none(part: int) -> None:
    numbers = range(part * EVERY, SIZE, PARTS * EVERY)
    found = {number: said for number in numbers if (said := list(faults(made(number))))}
    assert found == {}


@settings(max_examples=DRAWN // EVERY, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(posts(), fake_credentials(), st.sampled_from(ATTACKS), st.booleans())
def test_every_drawn_input_gets_a_valid_message_or_none(
    text: str, credential: tuple[str, str], attack: str, has_secret: bool
) -> None:
    secret, in_context = credential
    words = f"{text}\n{in_context}\n{attack}" if has_secret else f"{text} {attack}"
    one = Input(text=words, title=attack[:100], secret=secret if has_secret else None)
    assert list(faults(one)) == []


def test_there_are_twenty_thousand_and_no_two_are_the_same() -> None:
    assert SIZE + DRAWN >= 20_000
    sample = [made(number) for number in range(0, SIZE, 17)]
    assert len(set(sample)) == len(sample)
    assert made(SIZE - 1) == made(SIZE - 1)
