"""What somebody typed can neither format, ping, link nor break out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.escape import MAX_VALUE, Reviewed, code, escape, tidy
from tests.replies.messages import HOSTILE, INVITE, LIVE_MENTION, without_code


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_harmless_in_running_text_and_in_a_code_span(text: str) -> None:
    for shown in (escape(text), code(text)):
        assert not LIVE_MENTION.search(shown)
        assert not INVITE.search(shown)
        assert "\n" not in shown


@given(st.text(max_size=400))
def test_running_text_has_no_markup_left(text: str) -> None:
    shown = escape(text)
    assert not re.search(r"[*_~|`\[\]()>#<]", without_code(shown).replace("<\u200b", ""))
    assert not LIVE_MENTION.search(shown)


@given(st.text(max_size=400))
def test_a_code_span_is_closed_and_has_one_pair_of_back_ticks(text: str) -> None:
    shown = code(text)
    assert shown == "" or (shown[0] == shown[-1] == "`" and shown.count("`") == 2 and len(shown) > 2)


@given(st.text(max_size=2000))
def test_a_value_is_one_bounded_line(text: str) -> None:
    assert len(tidy(text)) <= MAX_VALUE
    assert len(tidy(text).splitlines()) <= 1


@given(st.text(alphabet=st.characters(), max_size=200))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_ordinary_words_stay_as_they_are() -> None:
    for text in ("qwen/qwen3-coder:free", "Too many requests, wait 30 s", "模型不存在", "1.5 %"):
        assert escape(text) == text
        assert code(text) == f"`{text}`"


def test_reviewed_text_is_text() -> None:
    assert Reviewed("[Limits](https://example.com)") == "[Limits](https://example.com)"
