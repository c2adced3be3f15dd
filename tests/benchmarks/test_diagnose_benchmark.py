"""The arithmetic of the benchmark and how it reads examples; the figures themselves are no matter for a test."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.diagnose import posts, run, spread


def test_examples_become_posts_with_ids_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    rows = [{"lang": "en", "title": "Help", "text": "it fails", "also": []}, {"lang": "en", "text": "no title"}]
    (tmp_path / "examples" / "key-invalid.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert posts(tmp_path) == [
        {"id": "key-invalid-1", "title": "Help", "text": "it fails"},
        {"id": "key-invalid-2", "title": "", "text": "no title"},
    ]


def test_a_hundred_times_are_summed_up_by_median_tail_and_worst() -> None:
    assert spread(range(1, 101)) == {"median": 50.5, "p95": 96, "max": 100}
    assert spread([7]) == {"median": 7, "p95": 7, "max": 7}


def test_no_time_at_all_is_no_figure() -> None:
    with pytest.raises(SystemExit, match="nothing to measure"):
        spread([])


def test_a_command_that_fails_stops_the_benchmark_with_its_own_words() -> None:
    with pytest.raises(SystemExit, match="no such article"):
        run([sys.executable, "-c", "raise SystemExit('no such article')"])
