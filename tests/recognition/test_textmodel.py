"""The text model: it learns from few examples, knows what it does not know, and survives being kept on disk."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.expertise import KEPT_MODELS, expertise, text_model
from bot.recognition.diagnosis import OUT_OF_SCOPE
from bot.recognition.features import plain
from bot.recognition.fitting import LabelledText, fit_text_model, leaning
from bot.recognition.sparse import SparseMatrix
from bot.recognition.textmodel import TextModel
from bot.shipped import shipped_folder
from tests.shipped_knowledge import Ready
from tests.tiny_knowledge import tiny

SUBJECTS = {
    "oil": ["the oil is empty", "no more oil in my lamp", "where do I buy oil", "my oil ran out", "oil is gone again"],
    "wick": [
        "the wick burns badly",
        "my wick is too short",
        "how do I cut the wick",
        "wick broke",
        "a new wick please",
    ],
    OUT_OF_SCOPE: [
        "look at my shelf",
        "who comes on Sunday",
        "nice weather today",
        "I made a song",
        "good morning all",
    ],
}
LITERALS = ("oil", "wick")


def examples() -> list[LabelledText]:
    return [
        LabelledText(text=text, label=label, marks=frozenset(), also=frozenset())
        for label, texts in SUBJECTS.items()
        for text in texts
    ]


@pytest.fixture(scope="module")
def model() -> TextModel:
    return fit_text_model(examples(), LITERALS)


@pytest.mark.parametrize(("text", "label"), [("is there oil left", "oil"), ("cutting a wick, how", "wick")])
def test_words_that_were_never_seen_in_this_order_are_recognised(model: TextModel, text: str, label: str) -> None:
    reading = model.read(text, frozenset())
    assert max(reading.labels, key=lambda name: reading.labels[name]) == label


def test_shares_are_probabilities_over_every_label(model: TextModel) -> None:
    reading = model.read("the oil, perhaps the wick", frozenset())
    assert reading.labels.keys() == {"oil", "wick"}
    assert sum(reading.labels.values()) == pytest.approx(1)
    assert 0 <= reading.out_of_scope <= 1


def test_talk_is_further_out_of_scope_than_a_problem(model: TextModel) -> None:
    talk = model.read("good morning, nice shelf", frozenset()).out_of_scope
    assert talk > model.read("my oil is empty", frozenset()).out_of_scope


def test_confidence_comes_from_examples_that_were_left_out() -> None:
    """Labels given by chance teach nothing, so the model must not come out sure of them, though it can recite them."""
    rng = np.random.default_rng(7)
    words = [f"word{number}" for number in range(200)]
    shuffled = [
        LabelledText(text=" ".join(rng.choice(words, 8)), label=("oil", "wick")[number % 2], marks=frozenset())
        for number in range(60)
    ]
    talk = [LabelledText(text=text, label=OUT_OF_SCOPE, marks=frozenset()) for text in SUBJECTS[OUT_OF_SCOPE]]
    model = fit_text_model([*shuffled, *talk], LITERALS)
    unseen = [model.read(" ".join(rng.choice(words, 8)), frozenset()) for _ in range(40)]
    assert np.mean([max(reading.labels.values()) for reading in unseen]) < 0.8


def test_clear_labels_make_it_surer_than_labels_by_chance(model: TextModel) -> None:
    assert max(model.read("my oil is empty", frozenset()).labels.values()) > 0.6


def test_a_literal_in_the_post_speaks_for_its_article() -> None:
    taught = [replace(e, marks=frozenset({e.label}) & set(LITERALS)) for e in examples()]
    model = fit_text_model(taught, LITERALS)
    without = model.read("it says something", frozenset())
    with_literal = model.read("it says something", frozenset({"oil"}))
    assert with_literal.labels["oil"] > without.labels["oil"]


def test_an_article_that_is_right_as_well_is_pushed_away_less_than_one_that_is_wrong() -> None:
    twins = [
        LabelledText(text=f"{word} {number}", label=label, marks=frozenset())
        for label, word in (("wick", "burns"), ("glass", "breaks"))
        for number in range(6)
    ]
    both = [
        LabelledText(text=f"smells of oil {number}", label="oil", marks=frozenset(), also=frozenset({"wick"}))
        for number in range(6)
    ]
    talk = [e for e in examples() if e.label == OUT_OF_SCOPE]
    labels = fit_text_model([*twins, *both, *talk], ("oil", "wick", "glass")).read("smells of oil", frozenset()).labels
    assert labels["oil"] > labels["wick"] > labels["glass"]


def test_learning_twice_gives_the_same(model: TextModel) -> None:
    again = fit_text_model(examples(), LITERALS)
    assert np.array_equal(again.weights, model.weights)
    assert again.scope_offset == model.scope_offset


def test_a_model_reads_the_same_after_it_was_kept(model: TextModel, tmp_path: Path) -> None:
    model.save(tmp_path / "folder" / "model.npz")
    kept = TextModel.load(tmp_path / "folder" / "model.npz")
    assert kept.names == model.names
    for text in ("my oil is empty", "", "你好", "\ud800", "x" * 5000):
        assert kept.read(text, frozenset({"oil"})) == model.read(text, frozenset({"oil"}))


def test_nothing_is_left_beside_the_file(model: TextModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


@pytest.mark.parametrize("damage", [b"", b"no zip at all", b"PK\x03\x04" + bytes(200)])
def test_a_damaged_file_is_learnt_anew(tmp_path: Path, damage: bytes) -> None:
    base = tiny().base
    learnt = text_model(base, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    again = text_model(base, tmp_path)
    assert np.array_equal(again.weights, learnt.weights)
    assert TextModel.load(kept).names == learnt.names


def test_a_file_that_was_cut_short_is_learnt_anew(tmp_path: Path) -> None:
    base = tiny().base
    learnt = text_model(base, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-500])
    assert np.array_equal(text_model(base, tmp_path).weights, learnt.weights)


def test_a_model_of_another_knowledge_base_is_not_used(tmp_path: Path) -> None:
    text_model(tiny().base, tmp_path)
    text_model(replace(tiny().base, hash="f" * 32), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_only_the_newest_models_are_kept(tmp_path: Path) -> None:
    base = tiny().base
    for number in range(KEPT_MODELS + 2):
        text_model(replace(base, hash=f"{number}" * 32), tmp_path)
    assert len(list(tmp_path.iterdir())) == KEPT_MODELS


def test_a_folder_that_cannot_be_written_costs_only_the_time(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("no folder")
    assert text_model(tiny().base, in_the_way / "cache").names == text_model(tiny().base, None).names


def test_no_label_of_the_shipped_examples_is_unknown_to_the_model(ours: Ready) -> None:
    labels = {example.label for example in ours.base.examples} - {OUT_OF_SCOPE}
    reading = ours.knowledge.classifier._model.read("help", frozenset())
    assert labels <= reading.labels.keys()


def test_another_process_learns_for_one_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> TextModel:
        raise AssertionError("learnt in this process")

    monkeypatch.setattr("bot.expertise.learn", refuse)
    knowledge, _ = expertise(shipped_folder("templates"), tmp_path, learns_apart=True)
    assert len(list(tmp_path.glob("text-model-*.npz"))) == 1
    assert knowledge.base.articles


def test_a_line_that_is_only_an_address_says_nothing() -> None:
    assert plain("no oil\nhttps://example.com/a\n  http://example.com/b \nagain") == "no oil again"


def test_an_address_within_a_sentence_is_a_word_of_it() -> None:
    assert plain("see https://example.com/a for the oil") == "see url for the oil"


def test_a_word_that_only_one_post_has_leans_nowhere_for_that_post() -> None:
    """Two of three columns stand in one row each; the third stands in both rows that want nothing."""
    rows, columns = np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2])
    matrix = SparseMatrix.of(rows, columns, np.ones(4, dtype=np.float32), height=3, width=3)
    by_column, by_row = leaning(matrix, np.array([False, True, True]))
    assert by_column[0] < by_column[1] < by_column[2]
    assert by_row[0] < by_row[2]
    np.testing.assert_allclose(by_row[1] - by_row[2], np.log(4 / 6))  # the balance alone: its own word was not counted
