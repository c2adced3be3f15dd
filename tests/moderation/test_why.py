"""Why something was said: the words that spoke for it, what else it could have been, what the article says today."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.moderation.ports import Told, Track
from bot.moderation.why import AROUND, MOST_MARKED, why_message
from bot.posts import MaskedText, MessageId
from bot.replies.message import MAX_CONTENT
from bot.triage.case import Case, KnownMessage
from bot.triage.plans import Quote
from tests.storage.samples import NOW, known, message_id, new_case
from tests.tiny_knowledge import tiny

ARTICLE = tiny().base.articles["upstream-dim"]
QUESTION = message_id(0)
WORDS = "since noon it says\nupstream is dim, wait 5 seconds and nothing helps\nwhat now"


DECIDED_AT = NOW - timedelta(hours=3)


def told(**changes: object) -> Told:
    decided = Told(
        decided_at=DECIDED_AT,
        reason="sure of upstream-dim",
        article_id="upstream-dim",
        confidence=0.974,
        rules=("503 upstream is dim",),
        runner_up="wick-limit",
        runner_up_confidence=0.21,
        floor=0.5,
        autonomy="answer",
        knowledge_hash=tiny().base.hash,
        evidence=(quote("upstream is dim"),),
        article_version=ARTICLE.version,
    )
    return replace(decided, **changes)  # type: ignore[arg-type]


def quote(words: str, *, text: str = WORDS, message: MessageId | None = QUESTION) -> Quote:
    start = text.index(words)
    return Quote(message_id=message, start=start, end=start + len(words))


def case(text: str = WORDS) -> Case:
    return replace(new_case(), messages=(said(text),), title=MaskedText("The lamp is dim"))


def said(text: str) -> KnownMessage:
    return known(0, text)


def why(decided: Told | None = None, track: Track | None = None, about: Case | None = None) -> str:
    return why_message(decided or told(), track or Track(), tiny().templates, about).content


def test_nothing_decided_is_said_in_one_line() -> None:
    assert why_message(None, Track(), tiny().templates).content == "Nothing was decided there yet."


def test_all_that_is_known_of_it_is_told() -> None:
    lines = why(track=Track(right=12, wrong=3), about=case()).splitlines()
    assert lines == [
        "**upstream-dim** with confidence 0.97, because: sure of upstream-dim",
        "Proved by `503 upstream is dim`",
        "> `upstream is dim`, wait 5 seconds and nothing helps",
        "Needed to speak: 0.50 · next best: wick-limit with 0.21",
        "Answers for it: models · checked on 2026-11-24 · may: answer",
        "So far here: 12 solved or confirmed, 3 corrected or dismissed",
        f"-# Decided <t:{int(DECIDED_AT.timestamp())}:R> with version `{ARTICLE.version[:8]}` of the article",
    ]


def test_evidence_is_marked_between_the_words_around_it() -> None:
    long = f"{'a' * 200} it says upstream is dim, {'b' * 200}"
    marked = next(
        line for line in why(told(evidence=(quote("dim", text=long),)), about=case(long)).splitlines() if line[0] == ">"
    )
    before, _, after = marked.removeprefix("> ").partition("`dim`")
    assert before.startswith("…aaa")
    assert before.endswith("it says upstream is ")
    assert after.startswith(", bbb")
    assert after.endswith("b…")
    assert len(before) <= AROUND + 2 >= len(after)


def test_evidence_in_the_title_is_marked_there() -> None:
    place = quote("dim", text="The lamp is dim", message=None)
    assert "> The lamp is `dim`" in why(told(evidence=(place,)), about=case()).splitlines()


def test_what_somebody_typed_around_it_formats_and_pings_nobody() -> None:
    text = "**look** @everyone upstream is dim `x` <@1>"
    content = why(told(evidence=(quote("upstream is dim", text=text),)), about=case(text))
    assert "\\*\\*look\\*\\*" in content
    assert "@everyone" not in content
    assert "<@1>" not in content


@pytest.mark.parametrize("about", [None, replace(case(), messages=()), case("")], ids=["no case", "deleted", "purged"])
def test_words_that_are_gone_are_left_out(about: Case | None) -> None:
    content = why(about=about)
    assert ">" not in [line[:1] for line in content.splitlines()]
    assert "Proved by" in content


def test_no_more_evidence_than_fits_is_shown_and_each_piece_once() -> None:
    several = (*(quote(word) for word in WORDS.split()), quote("since"))
    content = why(told(evidence=several), about=case())
    assert sum(line.startswith(">") for line in content.splitlines()) == MOST_MARKED
    assert len(content) <= MAX_CONTENT


def test_without_a_rule_it_was_recognised_by_words() -> None:
    content = why(told(rules=()))
    assert "Recognised by its words alone." in content
    assert "Proved by" not in content


def test_of_silence_only_the_reason_and_the_version_are_told() -> None:
    silent = told(
        article_id=None, confidence=None, rules=(), runner_up=None, runner_up_confidence=None, floor=0.0, evidence=(),
        article_version="", reason="nobody asks for help here",
    )  # fmt: skip
    content = why(silent, about=case())
    assert content.startswith("**no article**, because: nobody asks for help here\n-# Decided ")
    assert f"with knowledge `{tiny().base.hash[:8]}`" in content
    assert len(content.splitlines()) == 2


def test_an_article_that_changed_since_says_so() -> None:
    assert "which has changed since" not in why()
    assert "of the article, which has changed since" in why(told(article_version="0" * 32))
    # Another article changed: this one did not.
    assert "which has changed since" not in why(told(knowledge_hash="0" * 32))


def test_an_article_that_is_gone_since_is_named_without_its_owner() -> None:
    content = why(told(article_id="gone-since"))
    assert content.startswith("**gone-since**")
    assert "Answers for it" not in content


def test_without_a_judgement_there_is_no_record() -> None:
    assert "So far here" not in why()
