"""`heron run` with options that cannot be used."""

import pytest

from tests.cli.conftest import Heron


@pytest.mark.parametrize(
    ("text", "cure"),
    [("1", "as in 0/2"), ("2/2", "the last is 1"), ("1-0/2", "the last is 1"), ("0/0", "from 1 to"), ("a/b", "0/2")],
)
def test_shards_that_cannot_be_are_refused_with_the_cure(heron: Heron, text: str, cure: str) -> None:
    ran = heron("run", "--shards", text)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"--shards {text}: ")
    assert cure in ran.err


def test_the_help_says_how_shards_are_written_and_what_a_standby_does(heron: Heron) -> None:
    help_ = " ".join(heron("run", "--help").out.split())
    for piece in ("--shards", "0-1/4", "--standby", "become free"):
        assert piece in help_
