"""Labelled posts: how they are read, and how what was found in them is scored."""

import pytest

from bot.authoring.entity_scores import EntityScore, entity_scores
from bot.authoring.judged import Judged
from bot.authoring.labelled import LabelledPost, read_labelled
from bot.extraction import read
from bot.lines import BadLine
from bot.posts import MaskedText
from bot.replay import Played
from bot.triage.decision import Decision
from bot.triage.plans import Action
from tests.tiny_knowledge import tiny

TEXT = 'Glow: {"error": {"code": 503, "message": "upstream is dim"}} with glow/lamp-1 and gen-1700000000-FAKE'


def read_by_heron(text: str, **entities: object) -> Judged:
    base = tiny().base
    report = read(MaskedText(""), MaskedText(text), base.community.vocabulary(), base.catalogue)
    decision = Decision(actions=(Action.SILENT,), reason="by hand", report=report)
    return Judged(
        post=LabelledPost.model_validate({"id": 1, "label": "other", "text": text, **entities}),
        played=Played(decision=decision, state="open", message=None, cards=()),
    )


def test_what_was_marked_and_found_is_a_hit() -> None:
    marked = {
        "status_codes": [503],
        "model_ids": ["GLOW/lamp-1"],
        "providers": ["glow"],
        "generation_ids": ["gen-1700000000-FAKE"],
        "error_messages": ["upstream is dim"],
    }
    scores = entity_scores([read_by_heron(TEXT, entities=marked)])
    assert scores == {kind: EntityScore(hits=1) for kind in marked}


def test_what_was_not_marked_is_invented_and_what_was_not_found_is_missed() -> None:
    scores = entity_scores([read_by_heron(TEXT, entities={"status_codes": [429, 500], "model_ids": ["glow/lamp-1"]})])
    assert scores["status_codes"] == EntityScore(hits=0, invented=1, missed=2)
    assert scores["providers"] == EntityScore(hits=0, invented=1, missed=0)
    assert (scores["status_codes"].precision, scores["status_codes"].recall, scores["status_codes"].f1) == (0, 0, 0)
    assert scores["model_ids"].f1 == 1.0


def test_what_the_readers_could_not_agree_on_counts_for_neither_side() -> None:
    scores = entity_scores([read_by_heron(TEXT, entities_unsure={"status_codes": [503]})])
    assert scores["status_codes"] == EntityScore()


@pytest.mark.parametrize(
    ("marked", "hits"),
    [
        ('Upstream is "dim".', 1),
        ("the lamp says upstream is dim", 1),  # the one stands inside the other
        ("upstream is dimm", 1),
        ("something else went wrong", 0),
    ],
)
def test_a_message_is_the_same_when_it_says_the_same(marked: str, hits: int) -> None:
    assert entity_scores([read_by_heron(TEXT, entities={"error_messages": [marked]})])["error_messages"].hits == hits


def test_one_find_serves_one_wish() -> None:
    scores = entity_scores([read_by_heron("glow/lamp-1", entities={"model_ids": ["glow/lamp-1", "Glow/Lamp-1"]})])
    assert scores["model_ids"] == EntityScore(hits=1, missed=1)


def test_a_post_about_which_nothing_was_read_misses_everything() -> None:
    one = Judged(
        post=LabelledPost.model_validate({"id": 1, "label": "other", "entities": {"status_codes": [503]}}),
        played=Played(
            decision=Decision(actions=(Action.SILENT,), reason="muted"), state="open", message=None, cards=()
        ),
    )
    assert entity_scores([one])["status_codes"] == EntityScore(missed=1)


def test_labels_are_articles_or_silence() -> None:
    text = '\n{"id": 1, "label": "a"}\n\n{"id": 2, "label": "other", "also": ["a", "not-support"]}\n'
    first, second = read_labelled(text, "x.jsonl", ["a"])
    assert (first.accepts_silence, second.accepts_silence) == (False, True)


def test_the_line_that_is_named_counts_empty_ones() -> None:
    with pytest.raises(BadLine, match=r"^x\.jsonl:3: label: `b` is no article"):
        read_labelled('{"id": 1, "label": "a"}\n\n{"id": 2, "label": "b"}', "x.jsonl", ["a"])
    with pytest.raises(BadLine, match=r"^x\.jsonl:2: also: `c` is no article"):
        read_labelled('\n{"id": 1, "label": "a", "also": ["c"]}', "x.jsonl", ["a"])


def test_problems_are_those_that_an_article_is_for() -> None:
    post = LabelledPost.model_validate({"id": 1, "label": "a", "labels_all": ["a", "other"]})
    assert post.problems == {"a"}
